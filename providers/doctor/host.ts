/** What a host is, and whether the places and users are there that a resource needs. Reads only. */
import { programFailed } from "../clients/program-failed.js";
import type { Reach } from "../kernel/contract.js";
import type { Program, RunResult } from "../remote/machine.js";

/** Prints `key<tab>value` lines; nothing for what is not there. */
const FACTS: Program = {
  name: "doctor-host",
  text: `
say() { [ -z "$2" ] || printf '%s\\t%s\\n' "$1" "$2"; }
say os "$(. /etc/os-release 2>/dev/null && printf %s "$PRETTY_NAME")"
say ceph "$({ rbd --version || ceph --version; } 2>/dev/null | sed -n 's/^ceph version \\([0-9.]*\\).*/\\1/p')"
say python-rbd "$(python3 -c 'import rbd; print("yes")' 2>/dev/null)"
say libvirt "$(virsh --version 2>/dev/null)"
[ -z "$SUDO_USER" ] || say sudo "$(sudo -n -l -U "$SUDO_USER" 2>/dev/null | tr '\\n\\t' '  ')"
for module in /usr/lib/*/qemu/block-rbd.so /usr/lib/qemu/block-rbd.so /usr/lib64/qemu-kvm/block-rbd.so; do
  [ ! -e "$module" ] || say qemu-rbd yes
done
for place in /etc /var/lib /run; do
  say "free $place" "$(df -Pk "$place" 2>/dev/null | sed -n '2s/^[^ ]*  *[0-9]*  *[0-9]*  *\\([0-9]*\\).*/\\1/p')"
done`,
};

/** \`$1\` a path, \`$2\` a user, \`$3\` a group, each may be empty: prints the words of what is there. */
const PLACE: Program = {
  name: "doctor-place",
  text: `
[ -z "$1" ] || { [ -e "$1" ] || [ -L "$1" ]; } && echo path
[ -z "$1" ] || [ ! -d "\${1%/*}/" ] || echo directory
[ -z "$2" ] || ! getent passwd "$2" >/dev/null || echo owner
[ -z "$3" ] || ! getent group "$3" >/dev/null || echo group
exit 0`,
};

const LEAST_FREE_KB = 10 * 1024;

/** What was read of a host, by key. */
export type Facts = ReadonlyMap<string, string>;

const output = ({ stdout }: RunResult): string => Buffer.from(stdout).toString("utf8");

const must = (host: string, { name }: Program, result: RunResult): string => {
  if (result.code === 0) return output(result);
  throw programFailed({ host, command: name, cures: [] }, result);
};

const factsOn = async (reach: Reach, host: string): Promise<Facts> => {
  const text = must(host, FACTS, await reach.machine(host).run({ program: FACTS }));
  return new Map(
    text.split("\n").map((line) => {
      const [key = "", value = ""] = line.split("\t");
      return [key, value];
    }),
  );
};

const HOSTS = Symbol("doctor hosts");

/** The facts of a host, read once in a run. */
export const hostFacts = (reach: Reach, host: string): Promise<Facts> => {
  const known = reach.shared(HOSTS, () => new Map<string, Promise<Facts>>());
  const facts = known.get(host) ?? factsOn(reach, host);
  known.set(host, facts);
  return facts;
};

const size = (kb: number): string =>
  kb < 1024 * 1024 ? `${Math.round(kb / 1024)} MB` : `${Math.round(kb / 1024 / 1024)} GB`;

/** The host in one line. */
export const hostLine = (facts: Facts): string => {
  const words = [
    facts.get("os") ?? "an unknown system",
    facts.has("ceph") ? `Ceph's client ${facts.get("ceph") ?? ""}` : "no Ceph client (ceph-common)",
    ...(facts.has("python-rbd") ? ["python3-rbd"] : []),
    ...(facts.has("libvirt") ? [`libvirt ${facts.get("libvirt") ?? ""}`] : []),
    ...(facts.has("qemu-rbd") ? ["QEMU reads RBD"] : []),
    ...(facts.has("free /etc") ? [`${size(Number(facts.get("free /etc")))} free in /etc`] : []),
  ];
  return `reached as the superuser; ${words.join(", ")}`;
};

/** Directories with next to no room. */
export const fullPlaces = (facts: Facts): string[] =>
  ["/etc", "/var/lib", "/run"].filter((place) => {
    const free = facts.get(`free ${place}`);
    return free !== undefined && Number(free) < LEAST_FREE_KB;
  });

/** What a resource needs of its host. */
export interface Place {
  readonly host: string;
  readonly path?: string;
  readonly owner?: string;
  readonly group?: string;
}

/** Which of them are there: `path` itself, the `directory` above it, `owner`, `group`. A number needs no user of the host. */
export const lookAtPlace = async (
  reach: Reach,
  { host, path = "", owner = "", group = "" }: Place,
): Promise<ReadonlySet<string>> => {
  const named = (who: string) => (/^\d*$/.test(who) ? "" : who);
  const request = { program: PLACE, args: [path, named(owner), named(group)] };
  const there = must(host, PLACE, await reach.machine(host).run(request)).split("\n");
  return new Set([
    ...there,
    ...(named(owner) === "" ? ["owner"] : []),
    ...(named(group) === "" ? ["group"] : []),
  ]);
};
