/** Setting options: only the lines that must change do, and what stood there is remembered. */
import {
  blocksNamed,
  bytesOf,
  canonicalKey,
  currentLines,
  entriesOf,
  hashOf,
  isUnclosed,
  parseIni,
  parseLines,
  refuseAmbiguous,
  type Entry,
  type IniDocument,
} from "./document.js";
import { checkKey, checkSection, valueText } from "./check.js";
import type { Dialect } from "./grammar.js";
import { encode, eolNear, type Line } from "./lines.js";
import { placeFor } from "./place.js";
import { piecesOf, unclosedMark, type MadeSection, type Original, type Target } from "./record.js";
import { restore } from "./restore.js";
import { insertAfter, removeLines, replaceLines } from "./splice.js";

/** Where to edit, and what is known of earlier edits there. */
export interface EditTarget extends Target {
  /** Everything that the record holds of this section: the originals that earlier edits gave. */
  readonly recorded?: readonly Original[];
}

export interface Change {
  readonly name: string;
  /** The wanted values, one line each; null or none: the option must not be set. */
  readonly values: readonly string[] | null;
}

export interface Edited {
  /** The new bytes: the same string when nothing had to change. */
  readonly bytes: string;
  /** For the record: per change, what stood there before the first write. */
  readonly original: Original[];
  /** For the record: per change, the hash of the lines that it has now (`hashOf`). */
  readonly written: { readonly name: string; readonly hash: string }[];
  /** Set when this edit made the section. */
  readonly madeSection: MadeSection | false;
}

/**
 * Gives options of one section the wanted values, and changes no other byte.
 * @throws Error that names the rule, never a value, when a name or value cannot be written, or when the file is broken
 *   in a way that hides where a section begins.
 */
export function edit(bytes: string, target: EditTarget, changes: readonly Change[]): Edited {
  const { dialect, section } = target;
  const before = parseIni(bytes, dialect);
  refuse(before, section, changes);
  let doc = before;
  for (const change of changes) doc = applied(doc, section, change);
  doc = closed(before, doc);
  return {
    bytes: bytesOf(doc),
    original: originals(before, target, changes),
    written: changes.map(({ name }) => ({ name, hash: hashOf(currentLines(doc, section, name)) })),
    madeSection: madeSection(before, doc, section),
  };
}

function refuse(doc: IniDocument, section: string, changes: readonly Change[]): void {
  refuseAmbiguous(doc);
  const reason = checkSection(doc.dialect, section);
  if (reason !== undefined) throw new Error(reason);
  for (const { name, values } of changes) {
    const unfit = checkKey(doc.dialect, name);
    if (unfit !== undefined) throw new Error(unfit);
    if (doc.dialect === "ceph" && (values?.length ?? 0) > 1) {
      throw new Error(`${name}: ceph.conf knows no lists: the last line of an option wins`);
    }
  }
}

/**
 * What stood there before the first write. The places of all options are those of one file, the one from before the
 * first write of any, or removed lines that stood side by side could come back in another order.
 */
function originals(doc: IniDocument, target: EditTarget, changes: readonly Change[]): Original[] {
  const { dialect, section, recorded = [] } = target;
  const known = new Map(recorded.map((entry) => [canonicalKey(dialect, entry.name), entry]));
  const isNew = changes.some(({ name }) => !known.has(canonicalKey(dialect, name)));
  const first =
    isNew && recorded.length > 0 ? parseIni(restore(bytesOf(doc), target, recorded), dialect) : doc;
  return changes.map(({ name, values }) => {
    const kept = Math.min(entriesOf(doc, section, name).length, values?.length ?? 0);
    const prior = known.get(canonicalKey(dialect, name));
    if (prior !== undefined) return { ...prior, kept: Math.min(prior.kept, kept) };
    const pieces = piecesOf(first, section, name);
    return { name, lines: pieces.length === 0 ? null : pieces, kept, ...unclosedMark(first) };
  });
}

interface Wanted {
  readonly name: string;
  readonly values: readonly string[];
}

function applied(doc: IniDocument, section: string, change: Change): IniDocument {
  const values = change.values ?? [];
  const entries = entriesOf(doc, section, change.name);
  const same = entries.length === values.length && entries.every((entry, at) => entry.value === values[at]);
  if (same) return doc;
  entries.forEach((entry) => refuseSwallowed(doc, entry));
  const lines =
    entries.length > 0 ? reuse(doc, entries, values) : add(doc, section, { name: change.name, values });
  return parseLines(lines, doc.dialect, doc.bom);
}

/** Gives occurrences the values in order, from the last to the first so that the places above stay valid. */
function reuse(doc: IniDocument, entries: readonly Entry[], values: readonly string[]): Line[] {
  let lines = [...doc.lines];
  const last = entries.at(-1);
  if (last !== undefined && values.length > entries.length) {
    const added = values.slice(entries.length).map((value) => line(doc.dialect, bare(last), value));
    lines = insertAfter(doc.dialect, lines, {
      index: last.last,
      added: withEol(added, eolNear(lines, last.last)),
    });
  }
  for (const [at, entry] of [...entries.entries()].reverse()) {
    const value = values[at];
    if (value === undefined) {
      lines = removeLines(doc.dialect, lines, entry);
    } else if (value !== entry.value) {
      const eol = lines[entry.last]?.eol ?? "";
      lines = replaceLines(lines, entry, [{ ...line(doc.dialect, entry, value), eol }]);
    }
  }
  return lines;
}

function bare(entry: Entry): { prefix: string; suffix: string; value: string } {
  return { prefix: entry.prefix, suffix: "", value: entry.value };
}

function line(
  dialect: Dialect,
  like: { prefix: string; suffix: string; value: string },
  value: string,
): Line {
  const blank = like.value === "" && /[ \t][=:]$/.test(like.prefix) ? " " : "";
  const text = encode(valueText(dialect, value));
  const prefix = text === "" ? like.prefix : like.prefix + blank;
  const glued = text !== "" && /^[#;]/.test(like.suffix);
  return { text: prefix + text + (glued ? " " : "") + like.suffix, eol: "" };
}

function withEol(lines: readonly Line[], eol: string): Line[] {
  return lines.map(({ text }) => ({ text, eol }));
}

function add(doc: IniDocument, section: string, { name, values }: Wanted): Line[] {
  const place = placeFor(doc, section, name);
  const index = place?.index ?? doc.lines.length - 1;
  const like = { prefix: place?.prefix ?? `${encode(name)} = `, suffix: "", value: "x" };
  const options = values.map((value) => line(doc.dialect, like, value));
  refuseAstray(doc, index + 1);
  const added = place === undefined ? [...newHeader(doc, section), ...options] : options;
  return insertAfter(doc.dialect, doc.lines, { index, added: withEol(added, eolNear(doc.lines, index)) });
}

/** The header of a new section at the end of the file, below one blank line. */
function newHeader(doc: IniDocument, section: string): Line[] {
  const isBlank = doc.lines.length === 0 || doc.elements.at(-1)?.kind === "blank";
  return [...(isBlank ? [] : [{ text: "", eol: "" }]), { text: `[${encode(section)}]`, eol: "" }];
}

/** An indented line that continued nothing would continue what is put above it. */
function refuseAstray(doc: IniDocument, below: number): void {
  if (doc.dialect !== "oslo" || !/^[ \t]+[^ \t]/.test(doc.lines[below]?.text ?? "")) return;
  throw new Error(`line ${String(below + 1)}: an indented line that continues no value: repair it first`);
}

/**
 * In this dialect a line belongs to the value above, in the other it is an option or a comment of somebody else: whoever is right, it must not go
 * with that value.
 */
function refuseSwallowed(doc: IniDocument, { first, last }: Entry): void {
  const at = doc.lines
    .slice(first + 1, last + 1)
    .findIndex(({ text }) => /^[ \t]*(?:[#;]|[A-Za-z][\w .-]*=)/.test(text));
  if (at < 0) return;
  const [here, there] = doc.dialect === "oslo" ? ["oslo.config", "ceph"] : ["Ceph", "oslo"];
  throw new Error(
    `line ${first + at + 2}: ${here} reads it as part of the value above, and it looks like a line of its own: ` +
      `is the dialect "${there}"? Else put the value on one line first`,
  );
}

/** Ceph refuses a file without its final newline: it gets one with the first change. */
function closed(before: IniDocument, doc: IniDocument): IniDocument {
  const last = doc.lines.at(-1);
  if (doc === before || last === undefined || !isUnclosed(doc)) return doc;
  const eol = eolNear(doc.lines, doc.lines.length - 1);
  return parseLines([...doc.lines.slice(0, -1), { text: last.text, eol }], doc.dialect, doc.bom);
}

function madeSection(before: IniDocument, after: IniDocument, section: string): MadeSection | false {
  const made = blocksNamed(after, section)[0];
  if (made === undefined || blocksNamed(before, section).length > 0) return false;
  return { blank: made.header > before.lines.length, ...unclosedMark(before) };
}
