/**
 * What is so on the hosts and in the cluster, seen by hand (ssh, ceph, virsh, and a parser of a few lines) and by nothing of this package: thing
 * by thing, property by property.
 */
import { on, type HostName } from "./hosts";
import { clusterThings } from "./world-cluster";
import { sha, type Thing, type World } from "./world-things";

export type { World } from "./world-things";

/** Files that are looked at option by option. */
const INI = [
  "/etc/ceph/ceph.conf",
  "/etc/cinder/cinder.conf",
  "/etc/glance/glance-api.conf",
  "/etc/nova/nova.conf",
  "/etc/truth.conf",
];

/** Where units that tests make write down each start and each reload of theirs. */
export const COUNTS = "/var/lib/truth";

/** Units that logins and timers start, and what the machine does by itself. */
const LIVING =
  /^(?:user@|user-runtime-dir@|session|ssh@|systemd-|polkit|dbus|apt-|dpkg-|logrotate|man-db|fstrim|e2scrub|motd|modprobe@)/;

// libvirt's own store is looked at by virsh; /run has too much life of its own, and only what tests make there is looked at.
const LOOK = `
import glob, grp, hashlib, json, os, pwd, stat, subprocess, sys
INI = ${JSON.stringify(INI)}
out = []
def user(n):
    try: return pwd.getpwuid(n).pw_name
    except KeyError: return str(n)
def group(n):
    try: return grp.getgrgid(n).gr_name
    except KeyError: return str(n)
def look(path):
    s = os.lstat(path)
    one = {"path": path, "owner": user(s.st_uid), "group": group(s.st_gid), "mode": "%04o" % stat.S_IMODE(s.st_mode)}
    if stat.S_ISDIR(s.st_mode): one["kind"] = "dir"
    elif stat.S_ISREG(s.st_mode):
        data = open(path, "rb").read()
        one["kind"] = "file"
        one["content"] = hashlib.sha256(data).hexdigest()
        if path in INI: one["text"] = data.decode()
    else: one["kind"] = "other"
    out.append(one)
# Before the units: a libvirtd that nobody has asked for a while begins by that.
secrets = []
if os.path.exists("/usr/bin/virsh") and os.path.exists("/etc/nova/nova.conf"):
    for line in subprocess.run(["virsh", "-q", "secret-list"], capture_output=True, text=True, check=True).stdout.splitlines():
        if not line.strip(): continue
        uuid, kind, usage = line.split(None, 2)
        value = subprocess.run(["virsh", "-q", "secret-get-value", uuid], capture_output=True).stdout.strip()
        secrets.append({"uuid": uuid, "usage": usage.strip(), "value": hashlib.sha256(value).hexdigest()})
units = {}
# One that is written down by name is looked at although systemd has forgotten it.
counted = sorted({name.split(".")[0] for name in os.listdir("${COUNTS}")}) if os.path.exists("${COUNTS}") else []
ask = ["systemctl", "show", "*.service", *[name + ".service" for name in counted], "-p", "Id,ActiveState,ActiveEnterTimestampMonotonic,InvocationID,UnitFileState"]
for part in subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split("\\n\\n"):
    said = dict(line.split("=", 1) for line in part.splitlines() if "=" in line)
    name = said["Id"][:-8]
    # One that has never begun comes and goes as systemd looks at it.
    if said.get("ActiveEnterTimestampMonotonic", "0") == "0" and name not in counted: continue
    one = {"began": said["ActiveEnterTimestampMonotonic"] + " " + said["InvocationID"], "active": said["ActiveState"], "enabled": said["UnitFileState"]}
    for what in ["starts", "reloads"]:
        path = "${COUNTS}/" + name + "." + what
        if os.path.exists(path): one[what] = str(len(open(path).readlines()))
    units[name] = one
packages = subprocess.run(["dpkg-query", "-W", "-f", "\${db:Status-Abbrev}\${Package} \${Version}\\n"], capture_output=True, text=True, check=True).stdout
for root in ["/etc"] + glob.glob("/run/truth*") + glob.glob("/run/ceph") + glob.glob("/srv/*") + glob.glob("/var/log/qemu"):
    for at, dirs, files in os.walk(root):
        if at == "/etc/libvirt/secrets": continue
        look(at)
        for name in files:
            if os.path.exists(os.path.join(at, name)): look(os.path.join(at, name))
installed = [line[3:].split() for line in packages.splitlines() if line.startswith("ii ")]
print(json.dumps({"paths": out, "secrets": secrets, "units": units, "packages": installed}))`;

interface PathLook {
  readonly kind: "file" | "dir" | "other";
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
  readonly content?: string;
  readonly text?: string;
}

interface HostLook {
  readonly paths: readonly PathLook[];
  readonly secrets: readonly { readonly uuid: string; readonly usage: string; readonly value: string }[];
  readonly units: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names and versions of what is installed. */
  readonly packages: readonly (readonly [string, string])[];
}

/** Options by section, each with all its lines; and every line that is neither an option, a header nor blank. */
const optionsIn = (text: string): { sections: Map<string, Map<string, string>>; rest: string } => {
  const sections = new Map<string, Map<string, string>>();
  const rest: string[] = [];
  let options = new Map<string, string>();
  for (const line of text.split("\n")) {
    const header = /^\[(.+)\]\s*$/.exec(line)?.[1];
    const [, key, value] = /^([A-Za-z_][\w ]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (header !== undefined)
      sections.set(header, (options = sections.get(header) ?? new Map<string, string>()));
    else if (key !== undefined && value !== undefined) {
      const before = options.get(key);
      options.set(key, before === undefined ? value : `${before}\n${value}`);
    } else if (line.trim() !== "") rest.push(line);
  }
  return { sections, rest: rest.join("\n") };
};

const pathThings = (host: HostName, { kind, path, text, content = "", ...holder }: PathLook): Thing[] => {
  const { owner, group, mode } = holder;
  const facts = { owner, group, mode };
  if (text === undefined)
    return [[`${kind}/${host}:${path}`, new Map(Object.entries({ ...facts, content }))]];
  const { sections, rest } = optionsIn(text);
  return [
    [`file/${host}:${path}`, new Map(Object.entries({ ...facts, content: sha(rest) }))],
    ...[...sections]
      .filter(([, options]) => options.size > 0)
      .map(([section, options]): Thing => [`ini/${host}:${path}#${section}`, options]),
  ];
};

const hostThings = async (host: HostName): Promise<Thing[]> => {
  const { paths, secrets, units, packages } = JSON.parse(
    await on(host, "/usr/bin/python3 -", LOOK),
  ) as HostLook;
  return [
    ...paths.flatMap((path) => pathThings(host, path)),
    ...secrets.map(({ uuid, usage, value }): Thing => [
      `secret/${host}/${uuid}`,
      new Map(Object.entries({ usage, value })),
    ]),
    ...Object.entries(units)
      .filter(([name]) => !LIVING.test(name))
      .map(([name, facts]): Thing => [`unit/${host}:${name}`, new Map(Object.entries(facts))]),
    ...packages.map(([name, version]): Thing => [`package/${host}:${name}`, new Map([["version", version]])]),
  ];
};

/** Everything that is so, by hand. */
export const worldOf = async (hosts: readonly HostName[]): Promise<World> =>
  new Map((await Promise.all([clusterThings(), ...hosts.map(hostThings)])).flat());

/** One property of one thing that is not as it was. */
export interface WorldChange {
  readonly thing: string;
  readonly property: string;
}

/** What differs between two looks. */
export const changesOf = (before: World, after: World): WorldChange[] =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((thing) => {
    const [old, now] = [before.get(thing), after.get(thing)];
    const properties = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
    return properties
      .filter((property) => old?.get(property) !== now?.get(property))
      .map((property) => ({ thing, property }));
  });
