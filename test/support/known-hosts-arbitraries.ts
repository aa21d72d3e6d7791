/** Random known_hosts files for one host: how it is named, which keys stand beside it, and what is broken. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import type { KeyPair } from "./ssh-keys";

/** Files below a folder, where `@D@` stands for that folder, and the host that `config` is asked for. */
export interface KnownCase {
  readonly host: string;
  readonly files: Readonly<Record<"config" | "k1" | "k2" | "g", string>>;
}

/** What a server shows, and keys that are somebody else's. */
export interface Keys {
  readonly shown: readonly KeyPair[];
  readonly others: readonly KeyPair[];
}

const HOSTS = ["db1.example", "DB1.Example", "10.0.0.7", "fd00::1", "fd00::0001"];

const of = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });

const NAMES = ["db1.example", "DB1.Example", "10.0.0.7", "fd00::1", "fd00::0001", "nick", "Nick", "[a]:5"];

const patternsOf = (name: string): readonly string[] => [
  ...[name, name, name, `x,${name},y`, `!${name},*`, `*,!${name}`, `!x,${name}`, `${name},`, `,${name}`],
  ...[
    `[${name}]:22`,
    `[${name}]:2222`,
    `[${name}]:2222`,
    `[${name}]:99`,
    `!${name},[${name}]:2222`,
    `${name}:2222`,
  ],
  ...[
    "*",
    "*.example",
    "*.EXAMPLE",
    "db?.example",
    "[*.example]:2222",
    "[*]:2222",
    "*:2222",
    "[*",
    "other",
    "!other",
    "!other,*",
  ],
];

const SALT = Buffer.alloc(20, 7);

const hashed = (name: string): string =>
  `|1|${SALT.toString("base64")}|${createHmac("sha1", SALT).update(name).digest("base64")}`;

const hashesOf = (name: string): readonly string[] => [
  ...[
    hashed(name),
    hashed(`[${name}]:2222`),
    hashed(`[${name}]:22`),
    hashed(name.toLowerCase()),
    `${hashed(name)}x`,
  ],
  ...[
    `${hashed("x")},${name}`,
    `${name},${hashed("x")}`,
    hashed(name).replace("|1|", "|2|"),
    "|1|abc",
    `|1|YQ==|${hashed(name).slice(-28)}`,
  ],
];

const hosts = of(...NAMES, ...NAMES.slice(0, 2)).chain((name) =>
  mostly(of(...patternsOf(name)), of(...hashesOf(name)), 3),
);

const ODD_KEYS = (key: string): readonly string[] => {
  const [type = "", base64 = ""] = key.split(" ");
  return [
    ...[
      `${type} ${base64.slice(0, 20)}`,
      `${type} ${base64.slice(0, -1)}`,
      `${type} ${base64}A`,
      `${type} !!${base64}`,
      type,
      `${type} `,
    ],
    ...[
      `ssh-dss ${base64}`,
      `ecdsa-sha2-nistp384 ${base64}`,
      `nonsense ${base64}`,
      `ED25519 ${base64}`,
      `RSA ${base64}`,
      `ecdsa ${base64}`,
    ],
    ...[
      "2048 35 1234567",
      `1024 ${base64}`,
      `${type}\t${base64}`,
      `${type}  ${base64}`,
      `${type} ${base64},`,
      base64,
      `"${type}" ${base64}`,
    ],
  ];
};

const keyOf = ({ shown, others }: Keys): fc.Arbitrary<string> => {
  const known = [...shown, ...others].map((key) => key.public.split(" ").slice(0, 2).join(" "));
  return mostly(
    of(...known),
    of(...known).chain((key) => of(...ODD_KEYS(key))),
    7,
  );
};

const MARKS = mostly(
  of("", "", "", "", "", "", "@revoked ", "@cert-authority "),
  of("@nonsense ", "@Revoked ", "@revoked\t", "@revoked  ", "@ ", "@revoked"),
  20,
);

const TAIL = mostly(of("", "", "", " me@here", " two words"), of(" ", "\t", "\r", " #x", "  \t x", " é"), 5);

const lineOf = (keys: Keys): fc.Arbitrary<string> =>
  mostly(
    fc
      .tuple(
        mostly(of(""), of(" ", "\t", "  ", "#"), 12),
        MARKS,
        hosts,
        mostly(of(" "), of("\t", "  ", " \t"), 10),
        keyOf(keys),
        TAIL,
      )
      .map((parts) => parts.join("")),
    of("", "# comment", "   ", "nonsense", "@revoked", "@cert-authority *"),
    8,
  );

/** A key that the server shows, and that nobody may trust. */
const revocation = ({ shown }: Keys): fc.Arbitrary<string> =>
  fc
    .tuple(of("*", "*", "db*,10.*,fd*", "nick", "[*]:2222"), of(...shown.map((key) => key.public)))
    .map(([pattern, key]) => `@revoked ${pattern} ${key}`);

const fileOf = (keys: Keys, most: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(mostly(lineOf(keys), revocation(keys), 8), { maxLength: most }),
      mostly(of("\n"), of("\r\n"), 10),
      mostly(of("\n"), of(""), 4),
    )
    .map(([lines, end, last]) => (lines.length === 0 ? "" : lines.join(end) + last));

const SETTINGS = [
  of("", "", "Port 2222"),
  of(
    "",
    "",
    "",
    "",
    "HostKeyAlias nick",
    "HostKeyAlias Nick",
    "HostKeyAlias db1.example",
    "HostKeyAlias [a]:5",
  ),
  of("", "", "", "StrictHostKeyChecking yes", "StrictHostKeyChecking accept-new", "StrictHostKeyChecking no"),
  of(
    ...[
      "",
      "",
      "",
      "HostKeyAlgorithms +ssh-rsa",
      "HostKeyAlgorithms -ssh-ed25519",
      "HostKeyAlgorithms ^rsa-sha2-256",
    ],
    ...[
      "HostKeyAlgorithms rsa-sha2-512,ssh-ed25519",
      "HostKeyAlgorithms ecdsa-sha2-*",
      "HostKeyAlgorithms ssh-rsa",
    ],
  ),
  of("", "", "", "", "", "RequiredRSASize 4096"),
  of(
    "UserKnownHostsFile @D@/k1 @D@/k2",
    "UserKnownHostsFile @D@/k1 @D@/k2",
    "UserKnownHostsFile @D@/none @D@/k2",
  ),
  of("GlobalKnownHostsFile /dev/null", "GlobalKnownHostsFile @D@/g"),
];

/** Any case of a host whose server shows these keys. */
export const anyKnown = (keys: Keys): fc.Arbitrary<KnownCase> =>
  fc.record({
    host: of(...HOSTS),
    files: fc.record({
      config: fc.tuple(...SETTINGS).map((lines) => lines.filter((line) => line !== "").join("\n") + "\n"),
      k1: fileOf(keys, 5),
      k2: fileOf(keys, 2),
      g: fileOf(keys, 2),
    }),
  });
