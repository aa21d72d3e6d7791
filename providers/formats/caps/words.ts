/** Words of Ceph's caps syntax: quoted or not, glued by `=`, clauses parted by commas and semicolons. */

/** The daemon types that have caps. */
export type CapsType = "mon" | "osd" | "mgr" | "mds";

/** One word as written: a plain one, a quoted one, or `=`. */
export interface Word {
  readonly text: string;
  readonly kind: "plain" | "quoted" | "equals";
  /** A `*` directly behind a quoted word (a namespace prefix). */
  readonly star?: boolean;
}

/** A text cut into clauses of words, and why Ceph could not have meant it. */
export interface Cut {
  readonly clauses: readonly (readonly Word[])[];
  readonly problem?: string;
}

// a quoted word (its quote may be missing at the end), a separator, an equals sign, or a plain word
const WORD = /[ \t\n]+|"([^"]*)("?)(\*?)|'([^']*)('?)(\*?)|([,;])|(=)|([^ \t\n"',;=]+)/g;

/** Cuts a text into clauses. The commas of `gids=1,2` of an MDS part no clauses. */
export function cutCaps(type: CapsType, text: string): Cut {
  const joined = type === "mds" ? text.replace(GIDS, (gids) => gids.replace(/,/g, "\u0000")) : text;
  const matches = [...joined.matchAll(WORD)];
  let clause: Word[] = [];
  const clauses = [clause];
  for (const word of matches.map(wordOf)) {
    if (word === "separator") clauses.push((clause = []));
    else if (word !== undefined) clause.push(word);
  }
  if (matches.some(isOpen)) return { clauses, problem: "a quote is not closed" };
  const isGap = clauses.length > 1 && clauses.some((words) => words.length === 0);
  return isGap ? { clauses, problem: "a clause is empty" } : { clauses };
}

const GIDS = /\bgids\s*=\s*\d+(?:,\d+)*/g;

function wordOf(match: RegExpMatchArray): Word | "separator" | undefined {
  const [, double, , doubleStar, single, , singleStar, separator, equals, plain] = match;
  const quoted = double ?? single;
  if (quoted !== undefined) {
    const star = (doubleStar ?? singleStar) === "*";
    return { text: quoted, kind: "quoted", ...(star ? { star } : {}) };
  }
  if (separator !== undefined) return "separator";
  if (equals !== undefined) return { text: "=", kind: "equals" };
  return plain === undefined ? undefined : { text: plain.replace(/\u0000/g, ","), kind: "plain" };
}

function isOpen(match: RegExpMatchArray): boolean {
  const [, double, doubleEnd, , single, singleEnd] = match;
  return (double !== undefined && doubleEnd === "") || (single !== undefined && singleEnd === "");
}

/** A word in canonical quoting: bare where Ceph's grammar lets it be. */
export function written(word: Word): string {
  if (word.kind !== "quoted") return word.text;
  const star = word.star === true ? "*" : "";
  if (/^[a-zA-Z0-9_./-]+$/.test(word.text)) return word.text + star;
  const quote = word.text.includes('"') ? "'" : '"';
  return quote + word.text + quote + star;
}
