/**
 * What is so on the hosts and in the cluster, seen by hand (ssh, ceph, virsh, and a parser of a few lines) and by nothing of this package: thing
 * by thing, property by property.
 */
import { createHash } from "node:crypto";
import { on, type HostName } from "./hosts";

/** Properties of one thing, as text. */
export type Facts = ReadonlyMap<string, string>;
/** Things by what and where they are: `pool/7`, `entity/client.x`, `file/vol1:/p`, `ini/vol1:/p#section`, `dir/vol1:/p`, `secret/cmp1/UUID`. */
export type World = ReadonlyMap<string, Facts>;

/** Files that are looked at option by option. */
const INI = [
  "/etc/ceph/ceph.conf",
  "/etc/cinder/cinder.conf",
  "/etc/glance/glance-api.conf",
  "/etc/nova/nova.conf",
];

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
for root in ["/etc"] + glob.glob("/run/truth*") + glob.glob("/run/ceph") + glob.glob("/srv/*") + glob.glob("/var/log/qemu"):
    for at, dirs, files in os.walk(root):
        if at == "/etc/libvirt/secrets": continue
        look(at)
        for name in files:
            if os.path.exists(os.path.join(at, name)): look(os.path.join(at, name))
secrets = []
if os.path.exists("/usr/bin/virsh") and os.path.exists("/etc/nova/nova.conf"):
    for line in subprocess.run(["virsh", "-q", "secret-list"], capture_output=True, text=True, check=True).stdout.splitlines():
        if not line.strip(): continue
        uuid, kind, usage = line.split(None, 2)
        value = subprocess.run(["virsh", "-q", "secret-get-value", uuid], capture_output=True).stdout.strip()
        secrets.append({"uuid": uuid, "usage": usage.strip(), "value": hashlib.sha256(value).hexdigest()})
print(json.dumps({"paths": out, "secrets": secrets}))`;

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
}

const sha = (text: string): string => createHash("sha256").update(text).digest("hex");

type Thing = [string, Facts];

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
  const { paths, secrets } = JSON.parse(await on(host, "/usr/bin/python3 -", LOOK)) as HostLook;
  return [
    ...paths.flatMap((path) => pathThings(host, path)),
    ...secrets.map(({ uuid, usage, value }): Thing => [
      `secret/${host}/${uuid}`,
      new Map(Object.entries({ usage, value })),
    ]),
  ];
};

interface PoolLook {
  readonly pool_id: number;
  readonly pool_name: string;
  readonly size: number;
  readonly min_size: number;
  readonly pg_num_target: number;
  readonly pg_autoscale_mode: string;
  readonly crush_rule: number;
  readonly quota_max_bytes: number;
  readonly quota_max_objects: number;
  readonly flags_names: string;
  readonly application_metadata: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, string | number>>;
}

const poolThing = (pool: PoolLook): Thing => {
  const facts = {
    name: pool.pool_name,
    size: pool.size,
    minSize: pool.min_size,
    pgNum: pool.pg_num_target,
    pgAutoscaleMode: pool.pg_autoscale_mode,
    crushRule: pool.crush_rule,
    "quota.maxBytes": pool.quota_max_bytes,
    "quota.maxObjects": pool.quota_max_objects,
    application: Object.keys(pool.application_metadata).sort().join(" "),
  };
  const flags = pool.flags_names.split(",").map((flag): [string, string] => [`flag ${flag}`, "set"]);
  const options = Object.entries(pool.options).map(([key, value]): [string, string] => [
    `option ${key}`,
    String(value),
  ]);
  const named = Object.entries(facts).map(([key, value]): [string, string] => [key, String(value)]);
  return [`pool/${pool.pool_id}`, new Map([...named, ...flags, ...options])];
};

interface EntityLook {
  readonly entity: string;
  readonly key: string;
  readonly caps: Readonly<Record<string, string>>;
}

const entityThing = ({ entity, key, caps }: EntityLook): Thing => {
  const clauses = Object.entries(caps).flatMap(([service, text]) =>
    text.split(",").map((clause): [string, string] => [`caps.${service}["${clause.trim()}"]`, "granted"]),
  );
  return [`entity/${entity}`, new Map([...clauses, ["key", sha(key)]])];
};

const clusterThings = async (): Promise<Thing[]> => {
  const text = await on("mon1", "ceph osd pool ls detail -f json; echo; ceph auth ls -f json 2>/dev/null");
  const [pools = "[]", entities = "{}"] = text.split("\n").filter((line) => line !== "");
  return [
    ...(JSON.parse(pools) as PoolLook[]).map(poolThing),
    ...(JSON.parse(entities) as { auth_dump: EntityLook[] }).auth_dump.map(entityThing),
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
