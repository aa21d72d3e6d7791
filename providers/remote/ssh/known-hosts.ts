import { createHash, createHmac, randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../failure.js";
import { matchesList } from "../patterns.js";
import { choose, keyTypeOf, spokenByDefault } from "./algorithms.js";
import type { HostKeyRules } from "./way.js";

/** One line of a known_hosts file. @see https://man.openbsd.org/sshd#SSH_KNOWN_HOSTS_FILE_FORMAT */
interface KnownKey {
  readonly marker?: "revoked" | "cert-authority" | undefined;
  readonly hosts: string;
  readonly type: string;
  readonly blob: Buffer;
  /** File and line, for people. */
  readonly where: string;
}

const LINE = /^(?:@(\S+)\s+)?(\S+)\s+([a-z][\w@.-]*)\s+([A-Za-z0-9+/]+=*)(?:\s|$)/;

const markerOf = (text: string | undefined): KnownKey["marker"] =>
  text === "revoked" || text === "cert-authority" ? text : undefined;

/** The keys of a file; lines that are no key (comments, RSA1, unknown markers) are passed over, as OpenSSH does. */
export const parseKnownHosts = (text: string, file: string): readonly KnownKey[] =>
  text.split(/\r?\n/).flatMap((line, index): KnownKey[] => {
    const [, marker, hosts, type, base64] = LINE.exec(line.trim()) ?? [];
    if (hosts === undefined || type === undefined || base64 === undefined || hosts.startsWith("#")) return [];
    if (marker !== undefined && markerOf(marker) === undefined) return [];
    return [
      {
        marker: markerOf(marker),
        hosts,
        type,
        blob: Buffer.from(base64, "base64"),
        where: `${file} line ${index + 1}`,
      },
    ];
  });

const hashOf = (salt: Buffer, name: string): Buffer => createHmac("sha1", salt).update(name).digest();

const isFor = (hosts: string, name: string): boolean => {
  if (!hosts.startsWith("|1|")) return matchesList(name, hosts.toLowerCase().split(","));
  const [, , salt, hash] = hosts.split("|");
  return (
    salt !== undefined &&
    hash !== undefined &&
    hashOf(Buffer.from(salt, "base64"), name).toString("base64") === hash
  );
};

interface ParsedFile {
  readonly stamp: string;
  readonly keys: readonly KnownKey[];
}

const files = new Map<string, ParsedFile>();
const NO_KEYS: readonly KnownKey[] = [];

/** Keys of a file, parsed anew only when the file has changed: a run asks once or twice for each of its hosts. */
const readKeys = (file: string): readonly KnownKey[] => {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    const known = files.get(file);
    if (known?.stamp === stamp) return known.keys;
    const keys = parseKnownHosts(readFileSync(file, "utf8"), file);
    files.set(file, { stamp, keys });
    return keys;
  } catch {
    return NO_KEYS;
  }
};

/** What is known of a host. */
export interface KnownHost {
  readonly keys: readonly KnownKey[];
  /** Keys for the name without the port: they count where they fit, and say nothing where they do not. */
  readonly withoutPort: readonly KnownKey[];
}

const searchName = ({ name, port }: HostKeyRules): string =>
  (port === 22 ? name : `[${name}]:${port}`).toLowerCase();

interface Found {
  readonly from: readonly (readonly KnownKey[])[];
  readonly known: KnownHost;
}

/** The last answer for a host, good as long as the files are the same: each hashed line costs a hash. */
const found = new WeakMap<HostKeyRules, Found>();

const search = (rules: HostKeyRules, all: readonly KnownKey[]): KnownHost => ({
  keys: all.filter(({ hosts }) => isFor(hosts, searchName(rules))),
  withoutPort: rules.port === 22 ? [] : all.filter(({ hosts }) => isFor(hosts, rules.name.toLowerCase())),
});

/** Looks a host up in the lines given, or in all known_hosts files. */
export const lookUp = (rules: HostKeyRules): KnownHost => {
  const last = found.get(rules);
  if (rules.lines !== undefined) {
    const known = last?.known ?? search(rules, parseKnownHosts(rules.lines, "ceph-openstack:knownHosts"));
    found.set(rules, { from: [], known });
    return known;
  }
  const from = [...rules.userFiles, ...rules.globalFiles].map(readKeys);
  if (last !== undefined && from.every((keys, index) => keys === last.from[index])) return last.known;
  const known = search(rules, from.flat());
  found.set(rules, { from, known });
  return known;
};

const plain = (keys: readonly KnownKey[]): readonly KnownKey[] =>
  keys.filter(({ marker }) => marker === undefined);

/** Signature algorithms to offer: those whose keys are known first, so that a server with several keys shows one that can be compared. */
export const hostKeyAlgorithms = (
  { keys, withoutPort }: KnownHost,
  wished: readonly string[] | undefined,
): readonly string[] => {
  const names = choose("hostKey", wished ?? spokenByDefault("hostKey"));
  const types = new Set(plain([...keys, ...withoutPort]).map(({ type }) => type));
  const known = names.filter((name) => types.has(keyTypeOf(name)));
  // A user's own order is left alone, as OpenSSH does.
  return wished === undefined ? [...known, ...names.filter((name) => !known.includes(name))] : names;
};

/** `SHA256:…`, as ssh and ssh-keygen -l print it. */
export const fingerprint = (blob: Buffer): string =>
  `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;

const typeOf = (blob: Buffer): string =>
  blob.length < 4 ? "?" : blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");

/** Bits of an RSA key: type, exponent, modulus, each with its length before it. */
const rsaBits = (blob: Buffer): number => {
  const exponent = 4 + blob.readUInt32BE(0);
  const modulus = exponent + 4 + blob.readUInt32BE(exponent);
  return (blob.readUInt32BE(modulus) - (blob[modulus + 4] === 0 ? 1 : 0)) * 8;
};

const scanHint = ({ name, port }: HostKeyRules): string =>
  `ssh-keyscan ${port === 22 ? "" : `-p ${port} `}${name} | ssh-keygen -lf -`;

/** The key that a host has shown. */
interface Shown {
  readonly host: string;
  readonly rules: HostKeyRules;
  readonly blob: Buffer;
}

const unknownKey = ({ host, rules, blob }: Shown, others: readonly KnownKey[]): Failure => {
  const authority = others.find(({ marker }) => marker === "cert-authority");
  const otherTypes = [...new Set(plain(others).map(({ type, where }) => `${type} in ${where}`))].join(", ");
  const shown = `its ${typeOf(blob)} key has the fingerprint ${fingerprint(blob)}`;
  if (authority !== undefined && otherTypes === "") {
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
    what: `the host key of ${searchName(rules)} is not known; ${shown}${otherTypes === "" ? "" : ` (keys of other types are known: ${otherTypes})`}`,
    cure:
      "Compare that with the machine's own (`ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on its console), then add it: log in once with ssh, or\n" +
      `  put the line of \`ssh-keyscan\` into known_hosts or ceph-openstack:knownHosts. What the network shows: ${scanHint(rules)}`,
  });
};

const changedKey = ({ host, rules, blob }: Shown, known: KnownKey): Failure =>
  new Failure({
    code: "host-key",
    host,
    what:
      `the host key of ${searchName(rules)} has changed: ${typeOf(blob)} ${fingerprint(blob)} is shown, ` +
      `${known.type} ${fingerprint(known.blob)} is known (${known.where})`,
    cure:
      "Somebody may be in between. Compare with `ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on the machine's console; where the machine was\n" +
      `  really set up anew, take the old key out with \`ssh-keygen -R '${searchName(rules)}'\` and add the new one.`,
  });

const revokedKey = ({ host, rules, blob }: Shown, known: KnownKey): Failure =>
  new Failure({
    code: "host-key",
    host,
    what: `the host key that ${searchName(rules)} shows, ${fingerprint(blob)}, is revoked (${known.where})`,
    cure: "Do not connect: whoever holds a revoked key is not that machine. Give the machine a new host key.",
  });

const weakKey = ({ host, rules }: Shown, bits: number): Failure =>
  new Failure({
    code: "host-key",
    host,
    what: `the RSA host key has ${bits} bits, and RequiredRSASize asks for ${rules.minimumRsaBits}`,
    cure: "Give the machine a longer host key, or one of type ed25519.",
  });

/** Adds an accepted key to the first of the user's files; where that cannot be written, it is accepted for this run only. */
const remember = (rules: HostKeyRules, blob: Buffer): void => {
  const [file] = rules.userFiles;
  if (file === undefined || rules.lines !== undefined) return;
  const salt = randomBytes(20);
  const name = searchName(rules);
  const hosts = rules.hashNew
    ? `|1|${salt.toString("base64")}|${hashOf(salt, name).toString("base64")}`
    : name;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, `${hosts} ${typeOf(blob)} ${blob.toString("base64")}\n`, { mode: 0o600 });
  } catch {
    // As OpenSSH: it says so and goes on.
  }
};

/** Compares the key that a host shows with what is known. Undefined: it may be trusted. */
export const verifyHostKey = (host: string, rules: HostKeyRules, blob: Buffer): Failure | undefined => {
  const shown = { host, rules, blob };
  const { keys, withoutPort } = lookUp(rules);
  const everything = [...keys, ...withoutPort];
  const revoked = everything.find((key) => key.marker === "revoked" && key.blob.equals(blob));
  if (revoked !== undefined) return revokedKey(shown, revoked);
  if (typeOf(blob) === "ssh-rsa" && rsaBits(blob) < rules.minimumRsaBits)
    return weakKey(shown, rsaBits(blob));
  if (plain(everything).some((key) => key.blob.equals(blob)) || rules.checking === "no") return undefined;
  const sameType = plain(keys).find(({ type }) => type === typeOf(blob));
  if (sameType !== undefined) return changedKey(shown, sameType);
  if (rules.checking === "accept-new" && plain(keys).length === 0) {
    remember(rules, blob);
    return undefined;
  }
  return unknownKey(shown, everything);
};
