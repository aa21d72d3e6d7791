/**
 * Whether Ceph on a client host can read a key. Keys of Ceph 20 (aes256k) are longer, and what came before refuses the whole keyring, printing the
 * key as it does so.
 * @see https://docs.ceph.com/en/latest/rados/configuration/auth-config-ref/
 */
import { keyringText, keyType, newKey } from "../formats/keyring.js";
import type { Reach } from "../kernel/contract.js";
import { Failure } from "../remote/failure.js";
import type { Machine, Program } from "../remote/machine.js";

/** Where no key can be read there are no tools to tell. */
const CANNOT = 65;

/** Reads a keyring whose key opens nothing: it was made for this. ceph-authtool wants a file, and its output holds the key. */
const PROBE: Program = {
  name: "ceph-key-probe",
  text: `command -v ceph-authtool >/dev/null 2>&1 || exit 0
umask 077
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
cat >"$dir/keyring"
ceph-authtool -n client.probe -p "$dir/keyring" >/dev/null 2>&1 || exit ${CANNOT}
`,
};

const READERS = Symbol("hosts that read the keys of Ceph 20");

const reads = async (machine: Machine, like: string): Promise<boolean> => {
  const { code } = await machine.run({ program: PROBE, stdin: keyringText("client.probe", newKey(like)) });
  return code !== CANNOT;
};

/**
 * Asked only for a key that not every release reads, once for each host and run.
 * @throws Failure `refused` where the host's own Ceph cannot read it; nothing was written then
 */
export const refuseUnreadable = async (
  reach: Pick<Reach, "machine" | "shared">,
  { host, entity }: { readonly host: string; readonly entity: string },
  key: string,
): Promise<void> => {
  if (keyType(key) !== "aes256k") return;
  const known = reach.shared(READERS, () => new Map<string, boolean>());
  const answer = known.get(host) ?? (await reads(reach.machine(host), key));
  known.set(host, answer);
  if (answer) return;
  throw new Failure({
    code: "refused",
    host,
    what: `the key of ${entity} is of the type aes256k, which Ceph knows since 20, and Ceph there cannot read it; nothing was written`,
    cure: `Upgrade Ceph's packages there; or let the cluster allow "aes" beside it and give this entity such a key: \`ceph auth rotate ${entity} --key-type aes\`.`,
  });
};
