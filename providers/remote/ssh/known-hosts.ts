import { createHmac, randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Failure } from "../failure.js";
import { matchesList } from "../patterns.js";
import { choose, keyTypeOf, plainTypeOf, spokenByDefault } from "./algorithms.js";
import { changedKey, revokedKey, unknownKey, weakKey } from "./host-key-trouble.js";
import { isWhole, rsaBits, typeOf } from "./key-blob.js";
import { searchName, type HostKeyRules } from "./way.js";

/** One line of a known_hosts file. @see https://man.openbsd.org/sshd#SSH_KNOWN_HOSTS_FILE_FORMAT */
export interface KnownKey {
  readonly marker?: "revoked" | "cert-authority" | undefined;
  readonly hosts: string;
  readonly type: string;
  readonly blob: Buffer;
  readonly file: string;
  readonly source: KnownSource;
  /** File and line, for people. */
  readonly where: string;
}

/** Where lines come from: how an old one is taken out depends on it. */
export type KnownSource = "file" | "settings" | "command";

/** What begins with `@` is a marker, one that there is not too, and no name of a host. */
const LINE =
  /^(?:@(\S+)[ \t]+)?([^ \t@][^ \t]*)[ \t]+([^ \t]+)[ \t]+((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)[\r\f\v]*(?:[ \t]|$)/;

const markerOf = (text: string | undefined): KnownKey["marker"] =>
  text === "revoked" || text === "cert-authority" ? text : undefined;

const NO_KEY = Buffer.alloc(0);

/**
 * A key under the name of another type is no key. It trusts nothing, yet the host counts as known by it: what OpenSSH makes of such a line
 * is not for a guess that would accept another key as new.
 */
const keyOf = (name: string, blob: Buffer): Pick<KnownKey, "type" | "blob"> => {
  const type = typeOf(blob);
  return keyTypeOf(name) === type ? { type, blob } : { type: name, blob: NO_KEY };
};

/** The keys of a file; lines that are no key (comments, RSA1, unknown markers) are passed over, as OpenSSH does. */
export const parseKnownHosts = (
  text: string,
  file: string,
  source: KnownSource = "file",
): readonly KnownKey[] =>
  text.split("\n").flatMap((line, index): KnownKey[] => {
    const [, marker, hosts, name, base64] = LINE.exec(line.replace(/^[ \t]+/, "")) ?? [];
    if (hosts === undefined || name === undefined || base64 === undefined || hosts.startsWith("#")) return [];
    if (marker !== undefined && markerOf(marker) === undefined) return [];
    const blob = Buffer.from(base64, "base64");
    if (/^\d+$/.test(name) || !isWhole(blob)) return [];
    const key = keyOf(name, blob);
    return [{ marker: markerOf(marker), hosts, ...key, file, source, where: `${file} line ${index + 1}` }];
  });

const hashOf = (salt: Buffer, name: string): Buffer => createHmac("sha1", salt).update(name).digest();

const isFor = (hosts: string, name: string): boolean => {
  if (!hosts.startsWith("|")) return matchesList(name.toLowerCase(), hosts.toLowerCase().split(","));
  const [, version, salt, hash] = hosts.split("|");
  return (
    version === "1" &&
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
  /** Keys for the name without the port: as with OpenSSH they count where no key is known for name and port. */
  readonly withoutPort: readonly KnownKey[];
}

export const NOTHING_KNOWN: KnownHost = { keys: NO_KEYS, withoutPort: NO_KEYS };

interface Found {
  readonly from: readonly (readonly KnownKey[])[];
  readonly known: KnownHost;
}

/** The last answer for a host, good as long as the files are the same: each hashed line costs a hash. */
const found = new WeakMap<HostKeyRules, Found>();

/** The lines that are for a host. */
export const pick = (rules: HostKeyRules, all: readonly KnownKey[]): KnownHost => ({
  keys: all.filter(({ hosts }) => isFor(hosts, searchName(rules))),
  withoutPort: rules.port === 22 ? NO_KEYS : all.filter(({ hosts }) => isFor(hosts, rules.name)),
});

/** Looks a host up in the lines given, or in all known_hosts files. */
export const lookUp = (rules: HostKeyRules): KnownHost => {
  const last = found.get(rules);
  if (rules.lines !== undefined) {
    const known =
      last?.known ?? pick(rules, parseKnownHosts(rules.lines, "ceph-openstack:knownHosts", "settings"));
    found.set(rules, { from: [], known });
    return known;
  }
  const from = [...rules.userFiles, ...rules.globalFiles].map(readKeys);
  if (last !== undefined && from.every((keys, index) => keys === last.from[index])) return last.known;
  const known = pick(rules, from.flat());
  found.set(rules, { from, known });
  return known;
};

export const together = (one: KnownHost, other: KnownHost): KnownHost => ({
  keys: [...one.keys, ...other.keys],
  withoutPort: [...one.withoutPort, ...other.withoutPort],
});

const plain = (keys: readonly KnownKey[]): readonly KnownKey[] =>
  keys.filter(({ marker }) => marker === undefined);

/** No key is known for name and port: those for the name alone count. */
export const isNew = ({ keys }: KnownHost): boolean => plain(keys).length === 0;

const isRevoked = (keys: readonly KnownKey[], blob: Buffer): boolean =>
  keys.some((key) => key.marker === "revoked" && key.blob.equals(blob));

/** Types of known keys. The first key of a type speaks for it, and a revoked one is not known. */
const knownTypes = (keys: readonly KnownKey[]): ReadonlySet<string> => {
  const whole = plain(keys).filter(({ blob }) => blob !== NO_KEY);
  const firsts = new Map([...whole].reverse().map((key) => [key.type, key.blob]));
  return new Set([...firsts].flatMap(([type, blob]) => (isRevoked(keys, blob) ? [] : [type])));
};

/**
 * Signature algorithms to offer: those whose keys are known first, so that a server with several keys shows one that can be compared. As with
 * OpenSSH the list stays as it is where the user has made it, or where a key of its first type is known.
 */
export const hostKeyAlgorithms = (
  { ownOrder }: HostKeyRules,
  { keys }: KnownHost,
  desired: readonly string[] = spokenByDefault("hostKey"),
): readonly string[] => {
  const names = choose("hostKey", desired);
  const types = knownTypes(keys);
  if (ownOrder || types.has(plainTypeOf(desired[0] ?? ""))) return names;
  const isKnown = (name: string): boolean => types.has(keyTypeOf(name));
  return [...names.filter(isKnown), ...names.filter((name) => !isKnown(name))];
};

const endsInLine = (file: number): boolean => {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || readSync(file, last, 0, 1, size - 1) === 0 || last.toString() === "\n";
};

/** A line of its own, even where somebody's editor has left the last one open. */
const append = (path: string, line: string): void => {
  const file = openSync(path, "a+", 0o600);
  try {
    writeSync(file, `${endsInLine(file) ? "" : "\n"}${line}\n`);
  } finally {
    closeSync(file);
  }
};

/** Adds an accepted key to the first of the user's files; where that cannot be written, it is accepted for this run only. */
const remember = (rules: HostKeyRules, blob: Buffer): void => {
  const [file] = rules.userFiles;
  if (file === undefined || rules.lines !== undefined) return;
  const salt = randomBytes(20);
  const name = searchName(rules).toLowerCase();
  const hosts = rules.hashNew
    ? `|1|${salt.toString("base64")}|${hashOf(salt, name).toString("base64")}`
    : name;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    append(file, `${hosts} ${typeOf(blob)} ${blob.toString("base64")}`);
  } catch {
    // As OpenSSH: it says so and goes on.
  }
};

/** Compares the key that a host shows with what is known. Undefined: it may be trusted. */
export const compareHostKey = (
  host: string,
  rules: HostKeyRules,
  { blob, known }: { readonly blob: Buffer; readonly known: KnownHost },
): Failure | undefined => {
  const shown = { host, rules, blob };
  if (typeOf(blob) === "ssh-rsa" && rsaBits(blob) < rules.minimumRsaBits) return weakKey(shown);
  const everything = [...known.keys, ...known.withoutPort];
  const revoked = everything.find((key) => key.marker === "revoked" && key.blob.equals(blob));
  if (revoked !== undefined) return revokedKey(shown, revoked);
  const counting = plain(isNew(known) ? known.withoutPort : known.keys);
  if (counting.some((key) => key.blob.equals(blob)) || rules.checking === "no") return undefined;
  if (rules.checking === "accept-new" && isNew(known)) {
    remember(rules, blob);
    return undefined;
  }
  const sameType = plain(known.keys).find(({ type }) => type === typeOf(blob));
  return sameType === undefined ? unknownKey(shown, everything) : changedKey(shown, sameType);
};
