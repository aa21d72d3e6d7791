/** Random INI files and edits, awkward on purpose: every shape that the two grammars read differently. */
import fc from "fast-check";

import type { Change, Dialect } from "../../providers/formats/ini.js";

export const SECTIONS = ["DEFAULT", "libvirt", "LibVirt", "default", "client.cinder", " a ", "new"].filter(
  (name) => name.trim() === name,
);
export const KEYS = ["rbd_pool", "rbd_user", "a", "__proto__", "rbd cache", "é_key"].filter(
  (key) => key !== "é_key",
);

const OSLO_VALUES = [
  "",
  "x",
  "a b",
  ' "q" ',
  '"',
  "'s'",
  "v ; c",
  "v # c",
  "k=v:w",
  "\\",
  "é",
  "$a $$ %s",
  "  ",
  "a\tb",
  "\u00a0",
];
const CEPH_VALUES = [
  "",
  "x",
  "a b",
  '"q"',
  '"',
  "'s'",
  "v ; c",
  "a#b",
  "k=v",
  "\\",
  "a\\\\",
  "é",
  "$host %s",
  "a\tb",
  'é";#\\',
];

export function valuesOf(dialect: Dialect): readonly string[] {
  return dialect === "oslo" ? OSLO_VALUES : CEPH_VALUES;
}

/** Changes of some options of one section. */
export function changesOf(dialect: Dialect): fc.Arbitrary<Change[]> {
  const most = dialect === "oslo" ? 3 : 1;
  const values = fc.oneof(
    fc.constant(null),
    fc.array(fc.constantFrom(...valuesOf(dialect)), { minLength: 1, maxLength: most }),
  );
  return fc.uniqueArray(fc.record({ name: fc.constantFrom(...KEYS), values }), {
    selector: (change) => change.name,
    minLength: 1,
    maxLength: 4,
  });
}

const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

function osloLine(): fc.Arbitrary<string> {
  const key = fc.constantFrom(...KEYS, "other", "k-d");
  const value = fc.constantFrom(
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
  const entry = fc
    .tuple(key, fc.constantFrom("=", " = ", ": ", "  =  ", " ="), value)
    .map((parts) => parts.join(""));
  const comment = fc.constantFrom("# prose", "#", ";x = 1", "# rbd_pool = 1", "# é");
  const commented = key.map((name) => `#${name} = <default>`);
  const continued = fc
    .tuple(entry, fc.constantFrom("  more", "\t# c", " [x]", "  k = v"))
    .map((two) => two.join("\n"));
  return fc.oneof(
    { weight: 5, arbitrary: entry },
    comment,
    commented,
    continued,
    fc.constantFrom("", "  ", "\t"),
  );
}

function cephLine(): fc.Arbitrary<string> {
  const key = fc.constantFrom(...KEYS, "rbd_cache", "rbd \t cache", "other", "k-d");
  const value = fc.constantFrom(
    "",
    "1",
    '"q"',
    "'é # '".replace(" #", ""),
    "v ; c",
    "a\\#b",
    "\\\\",
    "x  ",
    "a=b",
    '"a\\"b" # c',
    "a \\\n  b",
    "\\\n v",
  );
  const entry = fc
    .tuple(fc.constantFrom("", "", "\t", "  "), key, fc.constantFrom("=", " = ", "  =  ", " =", "= "), value)
    .map((parts) => parts.join(""));
  const comment = fc.constantFrom("# prose", "#", "; x \\", "# rbd_pool = 1", "  # é");
  const commented = key.map((name) => `;${name} = default`);
  return fc.oneof({ weight: 5, arbitrary: entry }, comment, commented, fc.constant(""));
}

/** Bytes of a file (latin1) that mostly parses; line ends of all kinds, also mixed, and often no final one. */
export function anyFile(dialect: Dialect): fc.Arbitrary<string> {
  const header = fc.constantFrom(...SECTIONS, "other").map((name) => `[${name}]`);
  const body = fc.array(dialect === "oslo" ? osloLine() : cephLine(), { maxLength: 7 });
  const block = fc.tuple(header, body).map(([head, lines]) => [head, ...lines]);
  const lead = fc.array(fc.constantFrom("# first", ""), { maxLength: 2 });
  const blocks = fc.array(block, { maxLength: 4 });
  const style = fc.constantFrom(["\n"], ["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]);
  return fc.tuple(lead, blocks, style, fc.boolean(), fc.nat()).map(([first, rest, ends, closed, seed]) => {
    const lines = [...first, ...rest.flat()].flatMap((line) => line.split("\n"));
    return utf8(
      lines
        .map((line, at) => {
          const end = ends[(at * 31 + seed) % ends.length] ?? "\n";
          return line + (at < lines.length - 1 || closed ? end : "");
        })
        .join(""),
    );
  });
}
