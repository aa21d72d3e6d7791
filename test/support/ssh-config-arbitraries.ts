/** Random ssh_config files, awkward on purpose: what they say, where they say it, and how it is spelt. */
import fc from "fast-check";
import { of, often, USUAL, VALUES, words } from "./ssh-config-values";

/** A host, and files below a home directory; `@D@` stands for that directory. `config` is the one that `-F` names. */
export interface ConfigCase {
  readonly host: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Environment of both readers; `HOME` is the directory of the case. */
export const ENVIRONMENT = {
  ...{ SHELL: "/bin/sh", WORD: "word", EMPTY: "", TOKEN: "%h", DOTS: "x.conf" },
  ...{ NAMED: "$WORD", SSH_AUTH_SOCK: "/s/agent" },
};

const HOSTS = ["a", "b", "A", "c.example", "Db1.Example", "10.0.0.7", "127.1", "fd00::1", "j1", "j2"];

const PATTERNS = [
  ...HOSTS,
  ...[
    "*",
    "?",
    "*.example",
    "*.EXAMPLE",
    "!a",
    "!b",
    "!*.example",
    "10.0.0.*",
    "[ab]",
    "*a*",
    "a,b",
    "j?",
    "!",
  ],
];

interface Said {
  readonly keyword: string;
  readonly value: string;
}

const setting: fc.Arbitrary<Said> = often(
  fc
    .oneof({ weight: 3, arbitrary: of(...USUAL) }, { weight: 2, arbitrary: of(...Object.keys(VALUES)) })
    .chain((keyword) => (VALUES[keyword] ?? of("x")).map((value) => ({ keyword, value }))),
  fc.constantFrom(
    { keyword: "Frobnicate", value: "7" },
    { keyword: "Port", value: "" },
    { keyword: "User", value: '"x' },
    { keyword: "Host", value: "" },
    { keyword: "IdentityFile", value: "'" },
  ),
  60,
);

const list = words(often(of(...PATTERNS), of("", '"a"', "a b"), 25), 3, ",");

const criterion = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(of("host", "originalhost", "Host", "!host", "!originalhost"), list) },
  {
    weight: 3,
    arbitrary: fc.tuple(
      of("user", "!user", "localuser", "!LocalUser"),
      of("root", "bob", "*", "Al", "!root,*", "nobody"),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(
      of("exec", "!exec"),
      of(
        "true",
        "false",
        '"test %n = a"',
        '"test %h = b"',
        '"exit 1"',
        '"test ${WORD} = word"',
        '"test %r = bob"',
        '"test %p = 22"',
        "'true'",
        '"%z"',
      ),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(of("final", "canonical", "!final", "!canonical", "all", "Final"), of("")),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      of("tagged", "localnetwork", "version", "command", "nonsense", "!all", "#", "exec", "host"),
      of("x", "10.0.0.0/8", ""),
    ),
  },
);

const match = fc
  .array(fc.tuple(criterion, of(" ", " ", " ", " ", "=", "  ", " = ", "\t")), { minLength: 1, maxLength: 3 })
  .map((all) =>
    all.map(([[name, argument], between]) => (argument === "" ? name : name + between + argument)).join(" "),
  );

const INCLUDED = [
  "inc/1.conf",
  "inc/2.conf",
  "inc/x.conf",
  "inc/.hid.conf",
  ".ssh/rel.conf",
  ".ssh/d/9.conf",
];

const include = words(
  often(
    of(
      "~/inc/1.conf",
      "@D@/inc/2.conf",
      "rel.conf",
      "d/*.conf",
      "~/inc/[0-9]*.conf",
      "@D@/inc/*",
      "@D@/inc/[!1].conf",
      "~/inc/?.conf",
    ),
    of(
      ...[
        "@D@/inc/[[:digit:]].conf",
        "@D@/inc/\\1.conf",
        '"@D@/inc/1.conf"',
        "@D@/inc/%h.conf",
        "@D@/inc/${DOTS}",
        "~root/none.conf",
      ],
      ...[
        "@D@/none",
        "~",
        "@D@/inc/.*",
        "@D@/*/1.conf",
        "@D@/inc",
        "@D@/inc/[",
        "@D@/inc/{1,2}.conf",
        "@D@/inc/[2-1].conf",
        "@D@/inc/x*x.conf",
      ],
    ),
    2,
  ),
  2,
);

const blockOf = (depth: number): fc.Arbitrary<readonly Said[]> => {
  const heads = fc.oneof(
    { weight: 4, arbitrary: words(of(...PATTERNS), 3).map((value) => ({ keyword: "Host", value })) },
    { weight: 3, arbitrary: match.map((value) => ({ keyword: "Match", value })) },
  );
  const includes = include.map((value): Said => ({ keyword: "Include", value }));
  const body = fc.array(fc.oneof({ weight: 7, arbitrary: setting }, { weight: depth, arbitrary: includes }), {
    maxLength: 4,
  });
  return fc.tuple(heads, body).map(([head, lines]) => [head, ...lines]);
};

const INDENT = of("", "", "  ", "\t", " \t ");
const BETWEEN = often(of(" ", " ", "=", " = ", "\t", "  "), of("==", " =", "= =", "\f"), 30);
const TRAIL = often(of("", "", "", "", " ", "\t"), of(" # c", " #", " # 'c", "\r", " \f", "#"), 8);
const CASE = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text,
  (text) => text,
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase(),
);

const line = (said: Said): fc.Arbitrary<string> =>
  fc
    .tuple(INDENT, CASE, BETWEEN, TRAIL, often(fc.constant(false), fc.constant(true), 40))
    .map(([indent, spell, between, trail, isQuoted]) => {
      const keyword = isQuoted ? `"${spell(said.keyword)}"` : spell(said.keyword);
      return `${indent}${keyword}${between}${said.value}${trail}`;
    });

const NOTHING = of("", "# a comment", "   ", "\t# Host a", "#Port 7");

const spelt = (all: readonly Said[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.tuple(...all.map((one) => line(one))),
      fc.array(NOTHING, { maxLength: 1 }),
      often(of("\n"), of("\r\n"), 6),
      often(of("end"), of("open"), 6),
    )
    .map(([lines, nothing, end, last]) => [...nothing, ...lines].join(end) + (last === "end" ? end : ""));

const fileOf = (depth: number, blocks: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(setting, { maxLength: 2 }), fc.array(blockOf(depth), { maxLength: blocks }))
    .chain(([first, more]) => spelt([...first, ...more.flat()]));

/** Any case that a file could be. */
export const anyConfig: fc.Arbitrary<ConfigCase> = fc
  .record({
    host: of(...HOSTS),
    config: fileOf(2, 5),
    included: fc.array(fc.tuple(of(...INCLUDED), fileOf(1, 2)), { maxLength: 4 }),
  })
  .map(({ host, config, included }) => ({ host, files: { ...Object.fromEntries(included), config } }));
