/** Certificates for tests, made when they run: each signs itself, so that it is its own authority. */
import { generateKeyPairSync, sign } from "node:crypto";

export interface Certificate {
  /** Both in PEM. */
  readonly cert: string;
  readonly key: string;
}

interface CertificateOptions {
  /** DNS names, or IPv4 addresses. */
  readonly names: readonly string[];
  /** Days from now. @default -1 */
  readonly from?: number;
  /** @default 1 */
  readonly until?: number;
}

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const ECDSA_SHA256 = sequence(oid("2a8648ce3d040302"));
const COMMON_NAME = "550403";
const ALTERNATIVE_NAMES = "551d11";
const BASIC_CONSTRAINTS = "551d13";

/** UTCTime: YYMMDDHHMMSSZ. */
const time = (days: number): Buffer => {
  const date = new Date(Date.now() + days * 86_400_000).toISOString();
  return der(0x17, Buffer.from(`${date.slice(2, 19).replace(/[-T:]/g, "")}Z`));
};

const alternative = (name: string): Buffer =>
  /^[\d.]+$/.test(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));

const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value));

const pem = (what: string, bytes: Buffer): string =>
  `-----BEGIN ${what}-----\n${bytes.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${what}-----\n`;

/** @see https://datatracker.ietf.org/doc/html/rfc5280#section-4.1 */
export const certificateFor = ({ names, from = -1, until = 1 }: CertificateOptions): Certificate => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from("test")))));
  const isAuthority = sequence(der(0x01, Buffer.from([0xff])));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ECDSA_SHA256,
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        extension(ALTERNATIVE_NAMES, sequence(...names.map(alternative))),
        extension(BASIC_CONSTRAINTS, isAuthority),
      ),
    ),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  return {
    cert: pem("CERTIFICATE", sequence(body, ECDSA_SHA256, signature)),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
};
