/**
 * Keyring files and cephx keys.
 * @see https://docs.ceph.com/en/latest/rados/operations/user-management/#keyring-management
 */
import { createHash, randomBytes } from "node:crypto";

/** What a keyring holds of one entity; caps are the cluster's business, not a client's. */
export interface KeyringEntry {
  /** The key in base64. */
  readonly key?: string;
}

/** The text of the keyring file of one entity, as `ceph auth get-or-create` writes it, without caps. */
export function keyringText(entity: string, key: string): string {
  return `[${entity}]\n\tkey = ${key}\n`;
}

/**
 * The entities of a keyring, in order. Not by the `ini` package: it splits a section name at its dots, so that
 * `[client.cinder]` and `[client.cinder.x]` become one nested object.
 */
export function parseKeyring(text: string): Map<string, KeyringEntry> {
  const found = new Map<string, KeyringEntry>();
  let entity: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header !== null) {
      entity = header[1] ?? "";
      found.set(entity, found.get(entity) ?? {});
    }
    const key = /^[ \t]*key[ \t]*=[ \t]*"?([^\s"#;]*)/.exec(line);
    if (key !== null && entity !== undefined) found.set(entity, { key: key[1] ?? "" });
  }
  return found;
}

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
