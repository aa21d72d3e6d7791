/** What ssh2 can speak, in its own order of preference. @see https://github.com/mscdex/ssh2 (README, `algorithms`) */
const SPOKEN = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group15-sha512",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group17-sha512",
    "diffie-hellman-group18-sha512",
  ],
  hostKey: [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "chacha20-poly1305@openssh.com",
  ],
  mac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha1-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
  ],
} as const;

/** Spoken too, but only where the user asks for it by name: weak, or for very old servers. */
const ON_REQUEST = {
  kex: ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
  hostKey: ["ssh-rsa"],
  cipher: ["aes256-cbc", "aes192-cbc", "aes128-cbc"],
  mac: ["hmac-sha1-96"],
} as const;

export type AlgorithmKind = keyof typeof SPOKEN;

type Spoken<K extends AlgorithmKind> = (typeof SPOKEN)[K][number] | (typeof ON_REQUEST)[K][number];

/** All names of a kind; those that need to be asked for come last. */
export const spoken = <K extends AlgorithmKind>(kind: K): readonly Spoken<K>[] => [
  ...SPOKEN[kind],
  ...ON_REQUEST[kind],
];

/** The names used where nothing is said. */
export const spokenByDefault = (kind: AlgorithmKind): readonly string[] => SPOKEN[kind];

/** Those of the desired names that can be spoken, in the desired order. */
export const choose = <K extends AlgorithmKind>(kind: K, desired: readonly string[]): Spoken<K>[] =>
  desired.flatMap((name) => spoken(kind).filter((known) => known === name));

/** Type of the key behind a signature algorithm: three names, one RSA key. */
export const keyTypeOf = (algorithm: string): string =>
  algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;

/** Type of the plain key behind an algorithm for certificates, too. */
export const plainTypeOf = (algorithm: string): string =>
  keyTypeOf(algorithm.replace(/-cert-v0[01]@openssh\.com$/, ""));

const CERTIFICATES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519",
  "sk-ecdsa-sha2-nistp256",
  "rsa-sha2-512",
  "rsa-sha2-256",
].map((name) => `${name}-cert-v01@openssh.com`);

const WITH_CARD = ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];

/**
 * Host key algorithms that OpenSSH offers by itself, spoken here or not: `+`, `-` and `^` change that list, and whose turn is first depends on
 * it. @see https://man.openbsd.org/ssh_config#HostKeyAlgorithms
 */
export const HOST_KEY_DEFAULTS: readonly string[] = [
  ...CERTIFICATES,
  ...SPOKEN.hostKey.filter((name) => !name.startsWith("rsa-")),
  ...WITH_CARD,
  ...SPOKEN.hostKey.filter((name) => name.startsWith("rsa-")),
];

const withCertificate = (name: string): string[] => [
  name,
  `${name.replace("@openssh.com", "")}-cert-v01@openssh.com`,
];

/** All that OpenSSH knows, as `ssh -Q HostKeyAlgorithms` prints them: a pattern in HostKeyAlgorithms stands for some of them, in this order. */
export const HOST_KEY_NAMES: readonly string[] = [
  ...["ssh-ed25519", "sk-ssh-ed25519@openssh.com"].flatMap(withCertificate),
  ...["256", "384", "521"].flatMap((bits) => withCertificate(`ecdsa-sha2-nistp${bits}`)),
  ...withCertificate("sk-ecdsa-sha2-nistp256@openssh.com"),
  "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
  ...["ssh-dss", "ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"].flatMap(withCertificate),
];
