/** Random INI files and edits, awkward on purpose: every shape that the two grammars read differently. */
import fc from "fast-check";

import type { Change, Dialect } from "../../providers/formats/ini/index.js";

/** The names that files and edits share. */
export interface Names {
  readonly sections: readonly string[];
  readonly keys: readonly string[];
}

export const NAMES: Names = {
  sections: ["DEFAULT", "libvirt", "LibVirt", "default", "client.cinder", "new"],
  keys: ["rbd_pool", "rbd_user", "a", "__proto__", "rbd cache"],
};

const OSLO_VALUES = [
  ...["", "x", "a b", ' "q" ', '"', "'s'", "v ; c", "v # c", "k=v:w", "\\", "é", "$a $$ %s", "  ", "a\tb"],
  ...["\u00a0", "[x]", "#c", "à", "\u2028", "a,b", "x\u0301", "🐘"],
];
const CEPH_VALUES = [
  ...["", "x", "a b", '"q"', '"', "'s'", "v ; c", "a#b", "k=v", "\\", "a\\\\", "é", "%s", "a\tb", 'é";#\\'],
  ...["[x]", "#c", ";", "à", "a,b", "'", "a\\", "🐘 🐘", "[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0]"],
];

/** Values that can be written, awkward ones among them. */
function value(dialect: Dialect): fc.Arbitrary<string> {
  const chosen = fc.constantFrom(...(dialect === "oslo" ? OSLO_VALUES : CEPH_VALUES));
  const letters = fc.constantFrom(..."ab \"'#;=:\\[],é\u00a0%".split(""));
  const random = fc.string({ unit: letters, maxLength: 8 });
  const fit = dialect === "oslo" ? random : random.map((text) => text.replace(/^ +| +$/g, ""));
  return fc.oneof(chosen, fit);
}

/** Changes of some options of one section. */
export function changesOf(dialect: Dialect, names = NAMES): fc.Arbitrary<Change[]> {
  const most = dialect === "oslo" ? 3 : 1;
  const values = fc.oneof(fc.constant(null), fc.array(value(dialect), { minLength: 1, maxLength: most }));
  return fc.uniqueArray(fc.record({ name: fc.constantFrom(...names.keys), values }), {
    selector: (change) => change.name,
    minLength: 1,
    maxLength: 4,
  });
}

const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
const joined = (parts: readonly string[]): string => parts.join("");

function osloLine({ keys }: Names): fc.Arbitrary<string> {
  const key = fc.constantFrom(...keys, "other", "k-d");
  const text = fc.constantFrom(
    "",
    "1",
    '"q"',
    "'",
    '"a" "b"',
    "v ; c",
    "\\",
    "é\u00a0",
    "x  ",
    "\t",
    "a=b",
    "à",
  );
  const entry = fc.tuple(key, fc.constantFrom("=", " = ", ": ", "  =  ", " ="), text).map(joined);
  const comment = fc.constantFrom("# prose", "#", ";x = 1", "# rbd_pool = 1", "# é");
  const commented = key.map((name) => `#${name} = <default>`);
  const more = fc.constantFrom("  more", "\t# c", " [x]", "  k = v");
  const continued = fc.tuple(entry, more).map((two) => two.join("\n"));
  const blank = fc.constantFrom("", "  ", "\t");
  return fc.oneof({ weight: 5, arbitrary: entry }, comment, commented, continued, blank);
}

function cephLine({ keys }: Names): fc.Arbitrary<string> {
  const key = fc.constantFrom(...keys, ...keys.map((name) => name.replace(/[_ ]/g, " \t ")), "other", "k-d");
  const plain = fc.constantFrom(
    "",
    "1",
    "v ; c",
    "a\\#b",
    "\\\\",
    "x  ",
    "a=b",
    "a \\\n  b",
    "\\\n v",
    "a\\\n\\\nb",
  );
  const quoted = fc.constantFrom('"q"', "'é'", '"a\\"b" # c', '""', "' a '", '"a\\#b" ', "a'b");
  const indent = fc.constantFrom("", "", "\t", "  ");
  const entry = fc
    .tuple(indent, key, fc.constantFrom("=", " = ", "  =  ", " =", "= "), fc.oneof(plain, quoted))
    .map(joined);
  const comment = fc.constantFrom("# prose", "#", "; x \\", "# rbd_pool = 1", "  # é");
  const commented = key.map((name) => `;${name} = default`);
  return fc.oneof({ weight: 5, arbitrary: entry }, comment, commented, fc.constant(""));
}

/** Lines that the real parser may refuse. */
const ODD: Record<Dialect, readonly string[]> = {
  oslo: [
    "novalue",
    "= x",
    "  astray",
    "[a",
    "[a] # c",
    "[]",
    "[ a ]",
    "[a]b]",
    "\ufeffx = 1",
    "\u00a0",
    "k\u00a0= v",
  ],
  ceph: [
    "novalue",
    "= x",
    "  [a]",
    "[a",
    "[a] # c",
    "[]",
    'k = "a # b"',
    'k = "a',
    "k: v",
    "k = 'a' b",
    "\\",
    "  ",
    "a\\=b = c",
  ],
};

/**
 * Bytes of a file (latin1) that mostly parses; line ends of all kinds, also mixed, and often no final one.
 * @param odd whether lines that the real parser may refuse are among them
 */
export function anyFile(dialect: Dialect, names = NAMES, odd = false): fc.Arbitrary<string> {
  const header = fc.constantFrom(...names.sections, "elsewhere").map((name) => `[${name}]`);
  const usual = dialect === "oslo" ? osloLine(names) : cephLine(names);
  const line = odd ? fc.oneof({ weight: 9, arbitrary: usual }, fc.constantFrom(...ODD[dialect])) : usual;
  const block = fc.tuple(header, fc.array(line, { maxLength: 7 })).map(([head, lines]) => [head, ...lines]);
  const lead = fc.array(fc.constantFrom("# first", ""), { maxLength: 2 });
  const style = fc.constantFrom(["\n"], ["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]);
  return fc
    .tuple(lead, fc.array(block, { maxLength: 4 }), style, fc.boolean(), fc.nat())
    .map(([first, blocks, ends, closed, seed]) => {
      const lines = [...first, ...blocks.flat()].flatMap((text) => text.split("\n"));
      const end = (at: number): string =>
        at < lines.length - 1 || closed ? (ends[(at * 31 + seed) % ends.length] ?? "") : "";
      return utf8(lines.map((text, at) => text + end(at)).join(""));
    });
}
