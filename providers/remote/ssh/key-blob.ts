import { createHash } from "node:crypto";

/** Public keys in ssh's wire format. @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6 */

/** `SHA256:…`, as ssh and ssh-keygen -l print it. */
export const fingerprint = (blob: Buffer): string =>
  `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;

/** The type that a key calls itself. */
export const typeOf = (blob: Buffer): string =>
  blob.length < 4 ? "?" : blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");

/** Bits of an RSA key: type, exponent, modulus, each with its length before it. */
export const rsaBits = (blob: Buffer): number => {
  const exponent = 4 + blob.readUInt32BE(0);
  const modulus = exponent + 4 + blob.readUInt32BE(exponent);
  return (blob.readUInt32BE(modulus) - (blob[modulus + 4] === 0 ? 1 : 0)) * 8;
};

/** True where it holds whole fields and nothing else: the type, and at least one more. */
export const isWhole = (blob: Buffer): boolean => {
  let [at, fields] = [0, 0];
  while (at + 4 <= blob.length) {
    at += 4 + blob.readUInt32BE(at);
    fields += 1;
  }
  return at === blob.length && fields > 1;
};
