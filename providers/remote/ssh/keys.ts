import { createPrivateKey } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { IdentitySources } from "./way.js";

/** A private key, by its text. */
export interface KeyIdentity {
  readonly kind: "key";
  readonly label: string;
  readonly text: string;
  readonly passphrase?: string | undefined;
}

/** Keys of an agent. */
export interface AgentIdentity {
  readonly kind: "agent";
  readonly label: string;
  readonly socket: string;
  /** Which of its keys are tried, by public key. */
  readonly counts: (blob: Buffer) => boolean;
}

/** One thing to log in with. */
export type Identity = KeyIdentity | AgentIdentity;

export interface Identities {
  /** In the order in which they are tried. */
  readonly identities: readonly Identity[];
  /** Sentences about what cannot be used, for the message of a refused login. */
  readonly unusable: readonly string[];
}

const PRIVATE = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----([^-]*)-----END/;
const MAGIC = "openssh-key-v1\0";

/** A length-prefixed string of ssh's wire format, and the offset after it. */
export const wireString = (data: Buffer, at: number): [Buffer, number] => {
  const end = at + 4 + data.readUInt32BE(at);
  return [data.subarray(at + 4, end), end];
};

/** The readable head of OpenSSH's own format: cipher and public key stand outside the encryption. */
export const openSshHead = (text: string): { cipher: string; blob: Buffer } | undefined => {
  const data = Buffer.from(PRIVATE.exec(text)?.[1] ?? "", "base64");
  if (data.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) return undefined;
  const [cipher, afterCipher] = wireString(data, MAGIC.length);
  const [, afterKdf] = wireString(data, afterCipher);
  const [, afterOptions] = wireString(data, afterKdf);
  return { cipher: cipher.toString("latin1"), blob: wireString(data, afterOptions + 4)[0] };
};

/** True where a private key needs a passphrase. */
export const isEncrypted = (text: string): boolean => {
  const head = openSshHead(text);
  if (head !== undefined) return head.cipher !== "none";
  return /Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED PRIVATE KEY|^Encryption: (?!none)/m.test(text);
};

const publicBlob = (text: string): Buffer | undefined => {
  const base64 = /^\s*(?:ssh-|ecdsa-|sk-)\S+\s+(\S+)/.exec(text)?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
};

const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
};

/** PKCS#8, as `openssl genpkey` writes it, in a form that ssh2 reads; everything else as it is. */
const readable = (text: string, passphrase: string | undefined): string => {
  if (!/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text)) return text;
  try {
    const key = createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
    if (key.asymmetricKeyType === "rsa") return key.export({ format: "pem", type: "pkcs1" }).toString();
    if (key.asymmetricKeyType === "ec") return key.export({ format: "pem", type: "sec1" }).toString();
  } catch {
    // Whoever parses the text says what is wrong with it.
  }
  return text;
};

interface KeyFile {
  readonly blob?: Buffer | undefined;
  readonly identity?: KeyIdentity | undefined;
  readonly unusable?: string | undefined;
}

const fromText = (label: string, text: string, passphrase: string | undefined): KeyFile => {
  const blob = openSshHead(text)?.blob ?? publicBlob(text);
  if (!PRIVATE.test(text) && !text.startsWith("PuTTY-User-Key-File")) {
    return { blob, unusable: blob === undefined ? `${label} is not a private key` : undefined };
  }
  if (isEncrypted(text) && passphrase === undefined) {
    const unusable = `${label} needs a passphrase that nobody gave (load it into the agent, or set ceph-openstack:sshPassphrase)`;
    return { blob, unusable };
  }
  return { blob, identity: { kind: "key", label, text: readable(text, passphrase), passphrase } };
};

const fromFile = async (path: string, sources: IdentitySources): Promise<KeyFile> => {
  const [text, beside] = await Promise.all([readText(path), readText(`${path}.pub`)]);
  const blobBeside = beside === undefined ? undefined : publicBlob(beside);
  if (text === undefined)
    return { blob: blobBeside, unusable: sources.explicit ? `${path} cannot be read` : undefined };
  const file = fromText(path, text, sources.passphrase);
  return { ...file, blob: file.blob ?? blobBeside };
};

const present = <T>(item: T | undefined): item is T => item !== undefined;

const agentIdentities = async (
  sources: IdentitySources,
  named: readonly Buffer[],
): Promise<readonly AgentIdentity[]> => {
  const socket = sources.agent;
  if (socket === undefined) return [];
  if (!(await stat(socket).catch(() => undefined))?.isSocket()) return [];
  const isNamed = (blob: Buffer): boolean => named.some((one) => one.equals(blob));
  const label = `the agent at ${socket}`;
  // As OpenSSH: keys of the agent that were named come first, since a server allows few attempts (MaxAuthTries).
  const first =
    named.length === 0
      ? []
      : [{ kind: "agent" as const, label: `${label} (keys named)`, socket, counts: isNamed }];
  const others = sources.only
    ? []
    : [{ kind: "agent" as const, label, socket, counts: (blob: Buffer) => !isNamed(blob) }];
  return [...first, ...others];
};

/** Everything to log in with, in order: the key of the settings, the agent's keys, key files. */
export const loadIdentities = async (sources: IdentitySources): Promise<Identities> => {
  const given =
    sources.text === undefined
      ? undefined
      : fromText("ceph-openstack:sshPrivateKey", sources.text, sources.passphrase);
  const files = await Promise.all(sources.files.map((path) => fromFile(path, sources)));
  const agent = await agentIdentities(sources, files.map(({ blob }) => blob).filter(present));
  return {
    identities: [given?.identity, ...agent, ...files.map(({ identity }) => identity)].filter(present),
    unusable: [given, ...files].map((file) => file?.unusable).filter(present),
  };
};
