/** A door by Ceph's own tools, one process an order, for admin hosts without python3-rados. Slower, and the same to its callers. */
import type { Machine, Program, RunResult } from "../../remote/machine.js";
import {
  EINVAL,
  ENOTEMPTY,
  ESTALE,
  ETIMEDOUT,
  spoken,
  unconnected,
  type Answer,
  type Door,
  type MonCommand,
  type Order,
  type Way,
} from "./door.js";
import { parseDetails } from "./pool-detail.js";

const RUN: Program = { name: "ceph", text: `exec "$@"` };
/** A deletion puts a setting of the monitors back, however its caller fares. */
const RUN_TO_THE_END: Program = { ...RUN, outlives: true };

/**
 * Deletes a pool, with pool deletion switched on in the monitors' memory and put back whatever happens. `$1` pool, `$2` "force" or "empty",
 * `$3` options of every tool. Runs inside the prefix, so that it lives where the tools live. Content is looked for first: any object but RBD's
 * own bookkeeping without keys; a list without its last line is no list.
 */
const DELETE = `pool=$1 force=$2 CEPH_ARGS=$3 switch=mon_allow_pool_delete
export CEPH_ARGS
trap '' HUP PIPE
tab=$(printf '\\t')
if [ "$force" != force ]; then
  list=$({ rados -p "$pool" ls --all && printf 'end\\t\\n'; } | head -n 400)
  ended= found=
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    space=\${line%%"$tab"*} rest=\${line#*"$tab"}
    object=\${rest%%"$tab"*}
    case $object in
      '') ended=yes; continue ;;
      rbd_info|rbd_directory|rbd_children|rbd_trash|rbd_namespace|rbd_group_directory)
        keys=$(rados -p "$pool" -N "$space" listomapkeys "$object") || exit 5
        [ -n "$keys" ] || continue ;;
    esac
    printf '%s\\n' "\${space:+$space/}$object"
    found=yes
  done <<LIST
$list
LIST
  [ -z "$found" ] || exit ${ENOTEMPTY}
  [ -n "$ended" ] || exit 5
fi
back=
set -f
restore() { [ -z "$back" ] || ceph $back >/dev/null 2>&1; back=; }
trap restore EXIT
trap 'exit 143' TERM INT
for try in 1 2 3 4 5; do
  case $(ceph tell 'mon.*' config get "$switch" 2>&1) in
    *'"false"'*)
      case $(ceph tell 'mon.*' config diff get "$switch" 2>/dev/null | sed -n "/$switch.: {/,/}/p") in
        *'"override": false'*) back="tell mon.* config set $switch false" ;;
        *) back="tell mon.* config unset $switch" ;;
      esac
      ceph tell 'mon.*' config set "$switch" true >/dev/null 2>&1 ;;
    *EINVAL*)
      # Ceph 14: what injectargs puts into a monitor's memory cannot be taken out, and hides the database from then on.
      was=$(ceph config dump 2>/dev/null | sed -n "s/^ *mon  *[a-z]*  *$switch  *\\([a-z]*\\).*/\\1/p")
      case $was in
        true) ;;
        '') back="config rm mon $switch" ;;
        *) back="config set mon $switch $was" ;;
      esac
      [ -z "$back" ] || ceph config set mon "$switch" true >/dev/null 2>&1 ;;
  esac
  said=$(ceph osd pool rm "$pool" "$pool" --yes-i-really-really-mean-it 2>&1)
  code=$?
  restore
  case $code:$said in 1:*"$switch"*) sleep 1 ;; *) break ;; esac
done
printf '%s\\n' "$said" >&2
exit "$code"`;

/** Arguments far behind in their signature. */
const NAMED = new Set(["rule", "size", "pool_type", "erasure_code_profile", "autoscale_mode"]);

/** Ceph's command line takes the arguments by position, in the order of the signature; flags with dashes. */
export const commandLine = ({ prefix, ...rest }: MonCommand): string[] => {
  const flags: string[] = [];
  const words = Object.entries(rest).flatMap(([key, value]): readonly string[] => {
    if (key === "format") flags.push("--format", String(value));
    else if (typeof value === "boolean") flags.push(...(value ? [`--${key.replaceAll("_", "-")}`] : []));
    else if (NAMED.has(key))
      flags.push(key === "autoscale_mode" ? "--autoscale-mode" : `--${key}`, String(value));
    else return typeof value === "object" ? value : [String(value)];
    return [];
  });
  return [...prefix.split(" "), ...words, ...flags];
};

const common = ({ name, entity, conf, keyring }: Way): string[] => [
  ...["--cluster", name, "-n", entity],
  ...(conf === "" ? [] : ["-c", conf]),
  ...(keyring === "" ? [] : ["-k", keyring]),
];

/** How each order is run: words after the prefix. */
const wordsOf = (order: Order, way: Way): string[] => {
  const wait = String(way.connectSeconds);
  const direct = ["--client_mount_timeout", wait, "--rados_osd_op_timeout", String(way.commandSeconds)];
  switch (order.do) {
    case "mon": {
      const input = order.input === undefined ? [] : ["-i", "-"];
      return ["ceph", ...common(way), "--connect-timeout", wait, ...commandLine(order.command), ...input];
    }
    case "stat":
      return ["rados", ...common(way), ...direct, "-p", order.pool, "stat", order.object];
    case "init":
      return ["rbd", ...common(way), ...direct, "pool", "init", order.pool];
    case "delete": {
      const force = order.force ? "force" : "empty";
      return [
        "/bin/sh",
        "-c",
        DELETE,
        "ceph-pool-delete",
        order.pool,
        force,
        [...common(way), ...direct].join(" "),
      ];
    }
  }
};

/** Success texts of `ceph` go to standard error; `Error ENOENT: …` before the others' is cut away. */
const said = (stderr: string): string => stderr.replace(/^Error E[A-Z]+: /gm, "").trim();

const listed = (out: string): string =>
  JSON.stringify(
    out
      .split("\n")
      .filter((line) => line !== "")
      .slice(0, 5),
  );

/**
 * Not every tool exits with the errno (16.2.15): `rados stat` with 1 and `error stat-ing p/o: (2) No such file or directory`, `ceph` that
 * reaches no monitor with 1 and `timed out`.
 */
const errnoOf = (order: Order, { code, stderr }: RunResult): number => {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  if (code !== 1) return code ?? EINTR;
  if (last === "timed out") return ETIMEDOUT;
  const told = order.do === "stat" ? /: \((\d+)\) /.exec(last)?.[1] : undefined;
  return told === undefined ? code : Number(told);
};

/** A tool that a signal ended. */
const EINTR = 4;

/** Arguments of `osd pool create` that Ceph 14 does not know by name; who makes a pool sets them afterwards where they are not as desired. */
const withoutNewArguments = ({ size: _size, autoscale_mode: _mode, ...command }: MonCommand): MonCommand =>
  command;

const isTooNew = (order: Order, { code, text }: Answer): boolean =>
  code === EINVAL &&
  spoken(order).startsWith("ceph osd pool create") &&
  text.includes("Unexpected argument '--");

/** A door by the tools. @throws Failure `command` where they do not work either */
export const openTools = async (machine: Machine, way: Way): Promise<Door> => {
  const run = async (order: Order): Promise<Answer> => {
    const result = await machine.run({
      program: order.do === "delete" ? RUN_TO_THE_END : RUN,
      args: [...way.prefix, ...wordsOf(order, way)],
      ...(order.do === "mon" && order.input !== undefined ? { stdin: order.input } : {}),
      timeoutSeconds: way.commandSeconds * (order.do === "delete" ? 5 : 1) + 10,
    });
    return {
      code: errnoOf(order, result),
      out: Buffer.from(result.stdout).toString("utf8"),
      text: said(result.stderr),
    };
  };
  const ask = async (order: Order): Promise<Answer> => {
    if (order.do === "mon") {
      const answer = await run(order);
      return isTooNew(order, answer)
        ? run({ ...order, command: withoutNewArguments(order.command) })
        : answer;
    }
    if (order.do !== "delete") return run(order);
    const pools = await run({
      do: "mon",
      command: { prefix: "osd pool ls", detail: "detail", format: "json" },
    });
    if (pools.code !== 0) return pools;
    const isIt = parseDetails(pools.out).some(({ id, name }) => id === order.poolId && name === order.pool);
    if (!isIt) return { code: ESTALE, out: "", text: `pool '${order.pool}' is not pool ${order.poolId}` };
    const answer = await run(order);
    return answer.code === ENOTEMPTY ? { ...answer, out: listed(answer.out) } : answer;
  };
  const fsid: Order = { do: "mon", command: { prefix: "fsid" } };
  const answer = await run(fsid);
  if (answer.code !== 0) throw unconnected(machine.name, way.entity, answer);
  return { host: machine.name, fsid: answer.out.trim(), isOpen: () => true, ask };
};
