/** What keywords of ssh_config are set to: what everybody has, and what is read in surprising ways. */
import fc from "fast-check";

export const of = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

export const words = (one: fc.Arbitrary<string>, most: number, between = " "): fc.Arbitrary<string> =>
  fc.array(one, { minLength: 1, maxLength: most }).map((all) => all.join(between));

export const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T> =>
  fc.oneof({ weight: weight * 20, arbitrary: usual }, { weight: 1, arbitrary: rare });

const TOKENS = of("%h", "%n", "%r", "%p", "%d", "%u", "%i", "%k", "%C", "%L", "%l", "%%", "${WORD}");

const BAD_TOKENS = of("%z", "%", "${NONE}", "${WORD", "%H", "${TOKEN}", "${EMPTY}", "$WORD", "%j", "%T");

const piece = often(fc.oneof(of("k", "1", "-", "_", "x.y"), TOKENS), BAD_TOKENS, 30);

const path = fc
  .tuple(of("~/", "@D@/", "/k/", "~root/", "%d/", ""), fc.array(piece, { minLength: 1, maxLength: 4 }))
  .map(([folder, pieces]) => folder + pieces.join(""));

const odd = of("~nobody-is-so/x", "~", "none", "NONE", "~/", '"a b"', "a\\ b", "'q'", '""');

const jump = fc
  .tuple(of("", "", "bob@", "ssh://", "ssh://al@"), of("a", "b", "j1", "j2", "j.example", "10.0.0.7"))
  .chain(([before, host]) => of("", ":2222", ":22").map((port) => before + host + port));

const jumps = often(
  words(jump, 3, ","),
  of(
    "none",
    "NONE",
    "[fd00::1]:23",
    "%h",
    "j%n",
    "a b",
    ",",
    "a,",
    "j1:0",
    "j1:99999",
    "@j1",
    "a@b@j1",
    "j1#2",
    "$x",
    "-x",
  ),
  5,
);

const commands = fc.oneof(
  words(fc.oneof(TOKENS, of("-W", "'%h:%p'", '"%r"', "x#y", "[%h]:%p")), 4).map((args) => `false ${args}`),
  of("none", "None", "false # x", "false %z", 'false "%h', "false ${WORD}", '"false" %h', "'none'"),
);

const KEY_NAMES = [
  ...["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"],
  ...["ssh-ed25519-cert-v01@openssh.com", "sk-ssh-ed25519@openssh.com"],
];

/** Names that only some versions know are not among them: they are passed over here, and a version without them refuses the file. */
const names = (...known: readonly string[]): fc.Arbitrary<string> =>
  words(often(of(...known), of("*", "ssh-*", "*sha2*", "")), 3, ",");

const algorithms = (...known: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(of("", "", "+", "-", "^"), names(...known)).map(([sign, list]) => sign + list);

/** What `+`, `-` and `^` change is ssh2's list here, not OpenSSH's. */
const ownList = names;

const YES_NO = often(of("yes", "no", "true", "false", "YES", "No"), of("maybe", "1", '""'), 8);

const time = often(
  of("5", "0", "90", "1m30", "2m", "1h", "7s", "none", "1M"),
  of("soon", "-1", "1x", "1.5", "99999999999"),
  6,
);

/** Words of each keyword. */
export const VALUES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  HostName: often(
    of(
      "db1.example",
      "DB1.Example",
      "10.0.0.7",
      "127.1",
      "0x7f.1",
      "FD00::0001",
      "%h.example",
      "%h",
      "%%h",
      "b",
      "A",
      "'b'",
    ),
    of("%n", "%p", "a%", "fe80::1%lo", "${WORD}", '""', "b c", "1.2.3.4.5", "010.1", "::ffff:1.2.3.4"),
  ),
  User: often(
    of("bob", "Al", "root", '"x y"', "a@b", "d\\dom"),
    of("%u", "${WORD}", "%r", '""', "x y", "-x"),
    8,
  ),
  Port: often(
    of("22", "2222", "1", "65535", "022"),
    of("0", "70000", "ssh", "none", "+22", "22x", "2 2", '"22"', "-1"),
    6,
  ),
  ProxyJump: jumps,
  ProxyCommand: commands,
  IdentityFile: often(path, odd, 6),
  IdentitiesOnly: YES_NO,
  UserKnownHostsFile: words(often(path, odd, 8), 3),
  GlobalKnownHostsFile: words(often(of("/g/1", "~/g", "~//g", "@D@/g", "/g/%h", "/${WORD}"), odd, 8), 2),
  HostKeyAlgorithms: algorithms(...KEY_NAMES),
  KexAlgorithms: ownList("curve25519-sha256", "ecdh-sha2-nistp256", "diffie-hellman-group14-sha1"),
  Ciphers: ownList("aes128-ctr", "aes256-gcm@openssh.com", "aes128-cbc"),
  MACs: ownList("hmac-sha2-256", "hmac-sha1", "umac-64@openssh.com"),
  HostKeyAlias: often(
    of("nick", "Nick", "a", "db1.example", "[a]:5", '"x#y"'),
    of("%h", '""', "a b", "${WORD}"),
  ),
  StrictHostKeyChecking: often(
    of("yes", "no", "off", "ask", "accept-new", "true", "False", "YES"),
    of("maybe"),
    12,
  ),
  CanonicalizeHostname: often(of("no", "false"), of("yes", "always", "none"), 2),
  AddressFamily: often(of("any", "inet", "inet6", "INET"), of("ipx")),
  BindAddress: of("127.0.0.1", "::1"),
  ConnectTimeout: time,
  ServerAliveInterval: time,
  ServerAliveCountMax: often(of("3", "0", "10"), of("-1", "x", "5000", "3s")),
  HashKnownHosts: YES_NO,
  RequiredRSASize: often(of("1024", "2048", "4096"), of("x", "-5", "2k")),
  KnownHostsCommand: of("/bin/false %H", "none", "NONE", "/bin/false '%h' \"%t\"", "false"),
  IdentityAgent: often(
    of(
      "none",
      "NONE",
      "SSH_AUTH_SOCK",
      "$WORD",
      "~/agent",
      "${WORD}",
      "/a/%u",
      "%d/x",
      "~root/x",
      "$NOT_SET",
    ),
    of("$", "$WORD/x", "${NAMED}", "${NONE}", "%z", "~nobody-is-so/x", "~", "a b", '""'),
    3,
  ),
  LogLevel: of("DEBUG", "quiet"),
  SendEnv: words(of("LANG", "LC_*", "-X"), 2),
  ForwardAgent: of("yes", "no", "maybe"),
  Compression: YES_NO,
  IgnoreUnknown: often(of("Frob*", "Nothing", "frobnicate,Other"), of('""', "a b")),
  CheckHostIP: of("no", "yes"),
  PreferredAuthentications: of("publickey", "password", "gssapi-with-mic,publickey"),
};

/** Those that are set more often: what everybody has in their files. */
export const USUAL = [
  "HostName",
  "User",
  "Port",
  "ProxyJump",
  "ProxyCommand",
  "IdentityFile",
  "UserKnownHostsFile",
  "HostKeyAlias",
];
