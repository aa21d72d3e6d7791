/**
 * Keyring files and cephx keys.
 * @see https://docs.ceph.com/en/latest/rados/operations/user-management/#keyring-management
 */
import { createHash, randomBytes } from "node:crypto";
import { parseIni, problems } from "./ini/index.js";

/** What a keyring holds of one entity; caps are the cluster's business, not a client's. */
export interface KeyringEntry {
  /** The key in base64. */
  readonly key?: string;
}

/** The text of the keyring file of one entity, as `ceph auth get-or-create` writes it, without caps. */
export function keyringText(entity: string, key: string): string {
  return `[${entity}]\n\tkey = ${key}\n`;
}

/** A keyring as Ceph reads it. */
export interface Keyring {
  /** The entities in order, as far as they can be told. */
  readonly entries: ReadonlyMap<string, KeyringEntry>;
  /** Why Ceph refuses the whole file, without any text of it; undefined when it takes it. */
  readonly problem?: string;
}

/** @see EntityName::from_str in https://github.com/ceph/ceph/blob/main/src/common/entity_name.cc */
const ENTITY = /^(?:auth|mon|osd|mds|mgr|client)\./;

/** A section that holds no entity, and that Ceph passes over. */
const NO_ENTITY = "global";

/**
 * Reads a keyring by Ceph's own grammar of configuration files and KeyRing's rules: one line that it does not know, or a last line without its
 * end, and it refuses the whole file.
 * @see https://github.com/ceph/ceph/blob/main/src/auth/KeyRing.cc
 */
export function readKeyring(bytes: string): Keyring {
  const doc = parseIni(bytes, "ceph");
  const sections = new Map<string, Map<string, string>>();
  for (const block of doc.blocks.filter(({ header }) => header >= 0)) {
    const options = sections.get(block.section) ?? new Map<string, string>();
    // As in any file of Ceph's the last line of an option wins, and sections of one name are one.
    for (const { key, value } of block.entries) options.set(key.replaceAll("_", " "), value);
    sections.set(block.section, options);
  }
  const entries = [...sections].map(([entity, options]): [string, KeyringEntry] => {
    const key = options.get("key");
    return [entity, key === undefined ? {} : { key }];
  });
  const [broken] = problems(doc);
  const problem =
    broken === undefined
      ? [...sections]
          .map(([entity, options]) => sectionProblem(entity, options))
          .find((one) => one !== undefined)
      : `line ${broken.line}: ${broken.reason}`;
  return { entries: new Map(entries), ...(problem === undefined ? {} : { problem }) };
}

/** Names of sections are shown, values never. */
function sectionProblem(entity: string, options: ReadonlyMap<string, string>): string | undefined {
  if (entity === NO_ENTITY) return undefined;
  if (!ENTITY.test(entity)) return "a section that is no entity";
  const key = options.get("key");
  if (key !== undefined && !isKey(key)) return `the key of ${entity} is no cephx key: ${KEY_FORM}`;
  const isKnown = (name: string): boolean => name === "key" || name === "auid" || /^caps ./.test(name);
  return [...options.keys()].every(isKnown) ? undefined : `an option of ${entity} that is no key and no caps`;
}

/** What a key looks like, for messages. */
export const KEY_FORM = "one word of 40 characters, or 60 for an aes256k key of Ceph 20, in base64";

/** A cephx key: a little-endian header and the secret itself (CryptoKey::encode in src/auth/Crypto.cc). */
interface Key {
  /** 1: AES-128; 2: AES-256, from Tentacle (20) on. */
  readonly type: number;
  readonly secret: Buffer;
}

const HEADER = 12;
const SECRET_BYTES: Record<number, number> = { 1: 16, 2: 32 };

function parseKey(text: string): Key | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < HEADER || bytes.toString("base64") !== text) return undefined;
  const key = { type: bytes.readUInt16LE(0), secret: bytes.subarray(HEADER) };
  return bytes.readUInt16LE(10) === key.secret.length && SECRET_BYTES[key.type] === key.secret.length
    ? key
    : undefined;
}

/** Whether a text is a cephx key in base64. */
export function isKey(text: string): boolean {
  return parseKey(text) !== undefined;
}

/** What kind of key a text is, as Ceph calls it; undefined for what is no cephx key. */
export function keyType(text: string): "aes" | "aes256k" | undefined {
  const key = parseKey(text);
  return key === undefined ? undefined : key.type === 2 ? "aes256k" : "aes";
}

/**
 * A name for a key that tells nothing of it: "sha256:" and 16 hex digits of the SHA-256 of the decoded key, which is
 * random and at least 128 bits long.
 */
export function fingerprint(key: string): string {
  const digest = createHash("sha256").update(Buffer.from(key.trim(), "base64")).digest("hex");
  return `sha256:${digest.slice(0, 16)}`;
}

/**
 * A fresh random key.
 * @param like a key whose type and length it has; without one it is of type 1 (AES-128), which every release takes
 * @throws Error when `like` is no cephx key
 */
export function newKey(like?: string): string {
  const model = like === undefined ? { type: 1 } : parseKey(like);
  if (model === undefined) throw new Error("the key to follow is no cephx key");
  const secret = randomBytes(SECRET_BYTES[model.type] ?? 16);
  const now = Date.now();
  const header = Buffer.alloc(HEADER);
  header.writeUInt16LE(model.type, 0);
  header.writeUInt32LE(Math.floor(now / 1000), 2);
  header.writeUInt32LE((now % 1000) * 1_000_000, 6);
  header.writeUInt16LE(secret.length, 10);
  return Buffer.concat([header, secret]).toString("base64");
}
