/**
 * The program on the client host. It uses the bindings that the services themselves use (Glance, Cinder and Nova import `rbd`), so that it takes
 * the way they take: the same search for the keyring, the same options of ceph.conf.
 * @see https://docs.ceph.com/en/latest/rbd/api/librbdpy/
 */
import type { Reach } from "../kernel/contract.js";
import { isMap } from "../kernel/json.js";
import type { Program, RunResult } from "../remote/machine.js";
import { OTHERS } from "./python-others.js";
import { OWN } from "./python-own.js";
import { WAY } from "./python-way.js";

/** No python3 with the modules `rados` and `rbd` was found. */
export const NO_RBD = 97;

const CODE = `code=$(cat <<'PYTHON'
${WAY}
${OWN}
${OTHERS}
PYTHON
)
`;

/** It takes its scratch images away also when nobody hears of it any more. A machine may have a python3 before the distribution's. */
const CHECK: Program = {
  name: "client-check",
  outlives: true,
  text: `set -u
plan=$1 pythons=\${2:-/usr/bin/python3 python3}
shift 2
${CODE}for python in $pythons; do
  "$@" "$python" -I -c "$code" "$plan" </dev/null && exit 0
  status=$?
  case $status in ${NO_RBD} | 126 | 127) ;; *) exit "$status" ;; esac
done
exit ${NO_RBD}
`,
};

/** libvirt could not be asked for the value of the secret. */
export const NO_VALUE = 96;

/** The value goes from virsh to the program by a variable of the shell and a pipe alone. The first words are virsh, the others the way in. */
const SECRET: Program = {
  name: "client-check-secret",
  text: `set -u
plan=$1 pythons=\${2:-/usr/bin/python3 python3} uri=$3 uuid=$4 words=$5
shift 5
value=$(
  seen=0 all=$#
  while [ "$seen" -lt "$all" ]; do
    [ "$seen" -ge "$words" ] || set -- "$@" "$1"
    shift
    seen=$((seen + 1))
  done
  exec "$@" -q -c "$uri" secret-get-value "$uuid" </dev/null
) || exit ${NO_VALUE}
shift "$words"
${CODE}for python in $pythons; do
  printf '%s\\n' "$value" | "$@" "$python" -I -c "$code" "$plan" && exit 0
  status=$?
  case $status in ${NO_RBD} | 126 | 127) ;; *) exit "$status" ;; esac
done
exit ${NO_RBD}
`,
};

/** What the program is told; none of it is secret. */
export interface Plan {
  /** `secret`: as `look`, with the key on standard input and no keyring. */
  readonly mode: "look" | "write" | "secret";
  readonly entity: string;
  readonly cluster: string;
  readonly fsid: string;
  readonly conf: string;
  readonly keyring?: string;
  readonly user?: string;
  /** By a way into where the service runs, whose processes say as whom. */
  readonly inside: boolean;
  /** Addresses, for a host of guests that has no such configuration file. */
  readonly monitors?: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly clone: readonly string[];
  readonly cannotRead: readonly string[];
  readonly cannotWrite: readonly string[];
  readonly manager: boolean;
  /** Time of one step, and of all. */
  readonly stepSeconds: number;
  readonly seconds: number;
  readonly token: string;
}

/** One broken link of the chain, as the program names it. */
export interface Problem {
  readonly link: string;
  readonly op: string;
  readonly pool: string;
  readonly said: string;
  readonly errno?: number;
  /** Profile and pool of the clause that the caps lack. */
  readonly need?: readonly string[];
  /** Entities that a keyring holds. */
  readonly names?: readonly string[];
  /** Owner, group and mode of a file. */
  readonly holder?: string;
}

export interface Answer {
  readonly problems: readonly Problem[];
  /** What could not be proven, in sentences. */
  readonly notes: readonly string[];
  readonly facts: {
    /** Owner, group and mode of the configuration file. */
    readonly conf?: string;
    /** The file whose key Ceph takes, and what kind it is: `key` is the configuration file itself. */
    readonly keyring?: string;
    readonly kind?: "keyring" | "keyfile" | "key";
    /** Of the key in it. */
    readonly fingerprint?: string;
    /** As whom it ran. */
    readonly user?: string;
  };
}

const isAnswer = (value: unknown): value is Answer =>
  isMap(value) && Array.isArray(value["problems"]) && Array.isArray(value["notes"]) && isMap(value["facts"]);

const answerIn = ({ stdout }: RunResult): Answer | undefined => {
  const line = Buffer.from(stdout).toString("utf8").trimEnd().split("\n").at(-1) ?? "";
  try {
    const found: unknown = JSON.parse(line);
    return isAnswer(found) ? found : undefined;
  } catch {
    return undefined;
  }
};

export interface Way {
  readonly host: string;
  readonly prefix: readonly string[];
  readonly python: string | undefined;
}

/** How libvirt is asked for a secret. */
export interface SecretWay {
  readonly uuid: string;
  readonly uri: string;
  readonly virsh: readonly string[];
}

/** Opens the pools as guests do, with the value that libvirt has. */
export const runSecretCheck = async (
  reach: Pick<Reach, "machine">,
  { host, prefix, python, uuid, uri, virsh }: Way & SecretWay,
  plan: Plan,
): Promise<Answer | RunResult> => {
  const result = await reach.machine(host).run({
    program: SECRET,
    args: [JSON.stringify(plan), python ?? "", uri, uuid, String(virsh.length), ...virsh, ...prefix],
    timeoutSeconds: plan.seconds + GRACE_SECONDS,
  });
  return answerIn(result) ?? result;
};

/** Runs the program; what it said, or how it ended where it said nothing. */
export const runCheck = async (
  reach: Pick<Reach, "machine">,
  { host, prefix, python }: Way,
  plan: Plan,
): Promise<Answer | RunResult> => {
  const result = await reach.machine(host).run({
    program: CHECK,
    args: [JSON.stringify(plan), python ?? "", ...prefix],
    timeoutSeconds: plan.seconds + GRACE_SECONDS,
  });
  return answerIn(result) ?? result;
};

/** Beyond the program's own deadline: for its start. */
const GRACE_SECONDS = 30;
