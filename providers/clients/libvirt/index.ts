/**
 * libvirt secrets of one host, by virsh.
 * @see https://libvirt.org/manpages/virsh.html#secret-commands
 */
import {
  parseSecretXml,
  secretXml,
  type FoundSecret,
  type SecretDefinition,
} from "../../formats/libvirt-secret.js";
import type { Failure } from "../../remote/failure.js";
import type { Machine, Program, RunResult } from "../../remote/machine.js";
import { rememberSecret } from "../../remote/redact.js";
import { programFailed, type Cures } from "../program-failed.js";

/** Where libvirt is on a host, and how virsh is started there. */
export interface VirshWay {
  /** Connection, e.g. `qemu:///system`. */
  readonly uri: string;
  /** The command and what stands before it: `["docker", "exec", "-i", "nova_libvirt", "virsh"]`. */
  readonly virsh: readonly string[];
}

/** What is there under a UUID and beside it. */
export interface SecretLook {
  readonly secret?: FoundSecret;
  /** Its value, base64 as libvirt prints it; undefined when it was never set or is private. */
  readonly value?: string;
  /** Every secret of the host: `usage` with its type before it, as virsh lists it ("ceph client.cinder secret"). */
  readonly all: readonly { readonly uuid: string; readonly usage: string }[];
}

/** What domains and storage pools call a secret by. */
interface SecretNames {
  readonly uuid: string;
  readonly usage: string;
}

export interface Virsh {
  look(uuid: string): Promise<SecretLook>;
  /** Defines the secret where `define` is given, and sets its value; never undefines. Yields the look after that. */
  put(uuid: string, value: string, define?: SecretDefinition): Promise<SecretLook>;
  /** Who refers to it: names of domains (running or only defined) and storage pools. */
  users(secret: SecretNames): Promise<readonly string[]>;
  /** Undefines it unless somebody refers to it: their names. Success where it is not there. */
  undefine(secret: SecretNames): Promise<readonly string[]>;
}

// The value goes through variables, pipes and builtins of the shell alone: never an argument, never a file.
const LOOK = `
set -u
uri=$1 uuid=$2 usage=$3
shift 3
look() {
  xml= value=
  list=$("$@" -q -c "$uri" secret-list </dev/null) || exit
  case $list in *"$uuid"*)
    xml=$("$@" -q -c "$uri" secret-dumpxml "$uuid" </dev/null) || exit
    value=$("$@" -q -c "$uri" secret-get-value "$uuid" </dev/null 2>/dev/null) || {
      value= reason=$("$@" -q -c "$uri" secret-get-value "$uuid" 2>&1 >/dev/null </dev/null) || :
      case $reason in
        *"does not have a value"* | *"is private"*) ;;
        *) printf '%s\\n' "$reason" >&2; exit 1 ;;
      esac
    } ;;
  esac
  printf '%s\\0' "$list" "$xml" "$value"
}
`;

const LOOK_PROGRAM: Program = { name: "virsh-look", text: `${LOOK}look "$@"\n` };

const PUT_PROGRAM: Program = {
  name: "virsh-put",
  text: `${LOOK}
IFS= read -r size
xml=$(head -c "$size")
IFS= read -r value
IFS= read -r end || :
[ "$end" = end ] || { echo "the input did not arrive whole" >&2; exit 78; }
[ -z "$xml" ] || printf '%s\\n' "$xml" | "$@" -q -c "$uri" secret-define /dev/stdin >/dev/null || exit
printf '%s\\n' "$value" | "$@" -q -c "$uri" secret-set-value "$uuid" --file /dev/stdin >/dev/null || exit
look "$@"
`,
};

// A domain that is gone by the time it is looked at refers to nothing; any other failure means that nobody knows.
const USERS = `${LOOK}
users=
refers() {
  case $1 in *"uuid='$uuid'"* | *"uuid=\\"$uuid\\""* | *"usage='$usage'"* | *"usage=\\"$usage\\""*) return 0 ;; esac
  return 1
}
list=$("$@" -q -c "$uri" secret-list </dev/null) || exit
case $list in *"$uuid"*) ;; *) exit 0 ;; esac
domains=$("$@" -q -c "$uri" list --all --uuid </dev/null) || exit
for one in $domains; do
  live=$("$@" -q -c "$uri" dumpxml "$one" </dev/null) || {
    ! "$@" -q -c "$uri" domname "$one" </dev/null >/dev/null 2>&1 || exit 1
    continue
  }
  defined=$("$@" -q -c "$uri" dumpxml --inactive "$one" </dev/null 2>/dev/null) || defined=
  ! refers "$live$defined" || users="$users domain $("$@" -q -c "$uri" domname "$one" </dev/null)
"
done
pools=$("$@" -q -c "$uri" pool-list --all --uuid </dev/null) || exit
for one in $pools; do
  defined=$("$@" -q -c "$uri" pool-dumpxml "$one" </dev/null) || {
    ! "$@" -q -c "$uri" pool-name "$one" </dev/null >/dev/null 2>&1 || exit 1
    continue
  }
  ! refers "$defined" || users="$users storage pool $("$@" -q -c "$uri" pool-name "$one" </dev/null)
"
done
printf %s "$users"
`;

const USERS_PROGRAM: Program = { name: "virsh-users", text: USERS };

const UNDEFINE_PROGRAM: Program = {
  name: "virsh-undefine",
  text: `${USERS}[ -n "$users" ] || "$@" -q -c "$uri" secret-undefine "$uuid" </dev/null >/dev/null
`,
};

const listOf = (text: string): SecretLook["all"] =>
  text.split("\n").flatMap((line) => {
    const found = /^\s*([0-9a-f-]{36})\s+(.*?)\s*$/i.exec(line);
    return found === null ? [] : [{ uuid: (found[1] ?? "").toLowerCase(), usage: found[2] ?? "" }];
  });

const linesOf = (stdout: Uint8Array): string[] =>
  Buffer.from(stdout)
    .toString("utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const parse = (stdout: Uint8Array): SecretLook => {
  const [list = "", xml = "", value = ""] = Buffer.from(stdout).toString("utf8").split("\0");
  const secret = parseSecretXml(xml);
  const trimmed = value.trim();
  rememberSecret(trimmed);
  return {
    all: listOf(list),
    ...(secret === undefined ? {} : { secret }),
    ...(trimmed === "" ? {} : { value: trimmed }),
  };
};

const CURES: Cures = [
  [
    /support option --file/,
    "This virsh is too old to take a value otherwise than on its command line, where all users see it.",
  ],
  [
    /[Ff]ailed to connect|authentication unavailable/,
    "Is libvirtd running there, and is the login its administrator?",
  ],
  [
    /not found|No such (?:file|container)/,
    "Is virsh there? In a container, name the way into it by `virsh`.",
  ],
];

const failed = (host: string, command: string, result: RunResult): Failure =>
  programFailed({ host, command, cures: CURES }, result);

/** The secrets of a host. */
export const virshOn = (machine: Machine, { uri, virsh }: VirshWay): Virsh => {
  const run = async (program: Program, words: readonly string[], stdin = ""): Promise<Uint8Array> => {
    const result = await machine.run({ program, args: [uri, ...words, ...virsh], stdin });
    if (result.code !== 0) throw failed(machine.name, program.name, result);
    return result.stdout;
  };
  return {
    look: async (uuid) => parse(await run(LOOK_PROGRAM, [uuid, ""])),
    put: async (uuid, value, define) => {
      const xml = define === undefined ? "" : secretXml(define);
      const stdin = `${Buffer.byteLength(xml)}\n${xml}${value}\nend\n`;
      return parse(await run(PUT_PROGRAM, [uuid, define?.usage ?? ""], stdin));
    },
    users: async ({ uuid, usage }) => linesOf(await run(USERS_PROGRAM, [uuid, usage])),
    undefine: async ({ uuid, usage }) => linesOf(await run(UNDEFINE_PROGRAM, [uuid, usage])),
  };
};
