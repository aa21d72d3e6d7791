import { Failure } from "../failure.js";
import type { KnownKey } from "./known-hosts.js";
import { fingerprint, rsaBits, typeOf } from "./key-blob.js";
import { searchName, type HostKeyRules } from "./way.js";

/** The key that a host has shown. */
export interface Shown {
  readonly host: string;
  readonly rules: HostKeyRules;
  readonly blob: Buffer;
}

const scanHint = ({ name, port }: HostKeyRules): string =>
  `ssh-keyscan ${port === 22 ? "" : `-p ${port} `}${name} | ssh-keygen -lf -`;

const plain = (keys: readonly KnownKey[]): readonly KnownKey[] =>
  keys.filter(({ marker }) => marker === undefined);

export const unknownKey = ({ host, rules, blob }: Shown, others: readonly KnownKey[]): Failure => {
  const authority = others.find(({ marker }) => marker === "cert-authority");
  const otherKeys = [...new Set(plain(others).map(({ type, where }) => `${type} in ${where}`))].join(", ");
  const shown = `its ${typeOf(blob)} key has the fingerprint ${fingerprint(blob)}`;
  if (authority !== undefined && otherKeys === "") {
    const what = `only a @cert-authority is known for ${searchName(rules)} (${authority.where}), and host certificates are not honoured; ${shown}`;
    return new Failure({
      code: "host-key",
      host,
      what,
      cure: "Add the host's own key to known_hosts once it is compared.",
    });
  }
  return new Failure({
    code: "host-key",
    host,
    what: `the host key of ${searchName(rules)} is not known; ${shown}${otherKeys === "" ? "" : ` (other keys are known: ${otherKeys})`}`,
    cure:
      "Compare that with the machine's own (`ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on its console), then add it: log in once with ssh, or\n" +
      `  put the line of \`ssh-keyscan\` into known_hosts or ceph-openstack:knownHosts. What the network shows: ${scanHint(rules)}`,
  });
};

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;

/** How an old key is taken out, by where it was found: `ssh-keygen -R` alone looks into one file. */
const takeOut = (rules: HostKeyRules, { file, where, source }: KnownKey): string => {
  if (source === "settings") return `take ${where} out`;
  if (source === "command")
    return "have the old key taken out where KnownHostsCommand reads it (in FreeIPA: the host's entry)";
  const from = file === rules.usualFile ? "" : ` -f ${quoted(file)}`;
  return `take the old key out with \`ssh-keygen -R '${searchName(rules)}'${from}\``;
};

export const changedKey = ({ host, rules, blob }: Shown, known: KnownKey): Failure =>
  new Failure({
    code: "host-key",
    host,
    what:
      `the host key of ${searchName(rules)} has changed: ${typeOf(blob)} ${fingerprint(blob)} is shown, ` +
      `${known.type} ${fingerprint(known.blob)} is known (${known.where})`,
    cure:
      "Somebody may be in between. Compare with `ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on the machine's console; where the machine was\n" +
      `  really set up anew, ${takeOut(rules, known)} and add the new one.`,
  });

export const revokedKey = ({ host, rules, blob }: Shown, known: KnownKey): Failure =>
  new Failure({
    code: "host-key",
    host,
    what: `the host key that ${searchName(rules)} shows, ${fingerprint(blob)}, is revoked (${known.where})`,
    cure: "Do not connect: whoever holds a revoked key is not that machine. Give the machine a new host key.",
  });

export const weakKey = ({ host, rules, blob }: Shown): Failure =>
  new Failure({
    code: "host-key",
    host,
    what: `the RSA host key has ${rsaBits(blob)} bits, and RequiredRSASize asks for ${rules.minimumRsaBits}`,
    cure: "Give the machine a longer host key, or one of type ed25519.",
  });
