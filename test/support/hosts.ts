/** The sandbox's hosts as a person sees them: by the real ssh, with the sandbox's own configuration. */
import { execFile } from "node:child_process";
import { site } from "./engine.js";

export const HOSTS = ["mon1", "ctl1", "vol1", "cmp1", "cmp2"] as const;
export type HostName = (typeof HOSTS)[number];

/** Runs a shell text as root on a host; the text's standard output. @throws Error with standard error when it exits non-zero. */
export const on = (host: HostName, text: string, input = ""): Promise<string> =>
  new Promise((resolve, reject) => {
    const quoted = `'${text.replaceAll("'", "'\\''")}'`;
    const child = execFile(
      "ssh",
      ["-F", site().sshConfig, "-o", "BatchMode=yes", host, `sudo -n /bin/bash -c ${quoted}`],
      { maxBuffer: 64 * 1024 * 1024, timeout: 120_000 },
      (error, stdout, stderr) =>
        error === null
          ? resolve(stdout)
          : reject(
              new Error(`${host}: ${text}\n${stderr}\n${error.message} (${error.signal ?? error.code})`),
            ),
    );
    child.stdin?.end(input);
  });

/** Runs a command line of the `ceph` tools on the admin node. */
export const ceph = (text: string): Promise<string> => on("mon1", text);

/**
 * What changes on a host by itself, named: everything else is compared. Journals and logs of the machine's own services, their pid files and
 * sockets, the sudo time stamps and logins that our own looks leave.
 */
const LIVING = [
  "/var/log/journal",
  "/var/log/wtmp",
  "/var/log/lastlog",
  "/var/log/btmp",
  "/var/log/libvirt",
  "/var/log/ceph",
  "/var/lib/systemd",
  "/var/lib/sudo",
  "/var/lib/private",
  "/var/lib/libvirt/dnsmasq",
  "/run/motd.dynamic",
  "/run/systemd",
  "/run/user",
  "/run/sudo",
  "/run/log",
  "/run/utmp",
  "/run/libvirt",
  "/run/libvirtd.pid",
  "/run/dbus",
  "/run/udev",
  "/tmp/systemd-private-*",
  "/etc/.updated",
];

/** Where records lie. Each create writes a token of its own into them, another in every run. */
const LEDGER = "/var/lib/pulumi-ceph-openstack";

/**
 * Type, owner, mode, extended attributes and content hash of every path that we might touch, one line each. Times and inodes only with
 * `exact`, for "nothing moved". Times of directories count there too.
 */
export const snapshot = async (host: HostName, { exact = false } = {}): Promise<string[]> => {
  const prune = LIVING.map((path) => `-path '${path}'`).join(" -o ");
  const roots = "/etc /var/lib /var/log /run /tmp /root /home";
  const format = exact ? "%y %u:%g %#m %i %T@ %p %l" : "%y %u:%g %#m %p %l";
  const text = `
    find ${roots} -xdev \\( ${prune} \\) -prune -o -printf '${format}\\n' | sort
    find ${roots} -xdev \\( ${prune} -o -path ${LEDGER} \\) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum --
    for record in ${LEDGER}/*; do
      [ ! -f "$record" ] || printf '%s  %s\\n' "$(sed 's/"token":"[0-9a-f]*"//g' "$record" | sha256sum)" "$record"
    done
    getfattr -R -P -h -d -m - --absolute-names /etc /var/lib 2>/dev/null || true`;
  // Every login renews /run/motd.dynamic, and so the time of its directory.
  return (await on(host, text)).split("\n").filter((line) => !/^d .* \/run $/.test(line));
};

/** Lines that are in one of two snapshots only, marked. */
export const difference = (before: readonly string[], after: readonly string[]): string[] => {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
};

/** Snapshots of all hosts, by host. */
export const snapshots = async (options: { exact?: boolean } = {}): Promise<Record<HostName, string[]>> => {
  const all = await Promise.all(
    HOSTS.map(async (host): Promise<[HostName, string[]]> => [host, await snapshot(host, options)]),
  );
  return Object.fromEntries(all) as Record<HostName, string[]>;
};

/** Differences of all hosts, as `host: line`. */
export const differences = (
  before: Readonly<Record<HostName, readonly string[]>>,
  after: Readonly<Record<HostName, readonly string[]>>,
): string[] =>
  HOSTS.flatMap((host) => difference(before[host], after[host]).map((line) => `${host}: ${line}`));

/** The cluster's pools, entities and records as text; volatile numbers left out. */
export const clusterDump = async (): Promise<{ pools: string; entities: string; records: string }> => {
  const text = `
    ceph osd pool ls detail -f json | python3 -c '
import json, sys
drop = {"last_change", "last_force_op_resend", "last_force_op_resend_prenautilus", "last_force_op_resend_preluminous", "pg_num_target", "pg_placement_num_target", "pg_num_pending", "last_pg_merge_meta", "snap_epoch", "create_time", "pool_id", "pool", "read_balance"}
for p in sorted(json.load(sys.stdin), key=lambda p: p["pool_name"]):
    print(json.dumps({k: v for k, v in p.items() if k not in drop}, sort_keys=True))'
    echo ===; ceph auth ls 2>/dev/null
    echo ===; ceph config-key ls | grep pulumi || true`;
  const [pools = "", entities = "", records = ""] = (await ceph(text)).split("===\n");
  return { pools, entities, records };
};
