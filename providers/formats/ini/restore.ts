/** Putting back what stood in a file before our first write. */
import { findContext } from "./context.js";
import {
  blocksNamed,
  bytesOf,
  entriesOf,
  parseIni,
  parseLines,
  refuseAmbiguous,
  type IniDocument,
} from "./document.js";
import type { MadeSection, Original, Piece, Target } from "./record.js";
import { sha256 } from "../digest.js";
import type { Line } from "./lines.js";
import { insertAfter, removeLines, replaceLines } from "./splice.js";

export interface RestoreTarget extends Target {
  /** We made the section (what `edit` returned as `madeSection`), and no other owner is left in it: it goes, with the
   *  blank line that came with it, unless more than blanks is left in it. */
  readonly removeSection?: MadeSection | boolean;
}

/**
 * Puts back the lines that stood there for these options, and changes no other byte. Where nothing else has changed
 * since, the file is what it was, to the byte. The caller decides what may be put back: it compares `hashOf` of
 * `currentLines` with its record first. Absent options, sections and files are success.
 * @throws Error when the file is broken in a way that hides where a section begins
 */
export function restore(bytes: string, target: RestoreTarget, entries: readonly Original[]): string {
  const { dialect, section, removeSection = false } = target;
  let doc = parseIni(bytes, dialect);
  refuseAmbiguous(doc);
  const missing: Piece[] = [];
  for (const entry of entries) {
    const pieces = entry.lines ?? [];
    const kept = Math.min(entry.kept, pieces.length, entriesOf(doc, section, entry.name).length);
    doc = inPlace(doc, section, { name: entry.name, pieces: pieces.slice(0, kept) });
    missing.push(...pieces.slice(kept));
  }
  for (const piece of missing.sort(byPlace)) doc = inserted(doc, section, piece);
  if (removeSection !== false) doc = withoutSection(doc, section, removeSection);
  return bytesOf(reopened(doc, entries, removeSection));
}

function byPlace({ context: one }: Piece, { context: other }: Piece): number {
  return one.block - other.block || one.at - other.at;
}

/** Gives occurrences their old lines, and removes those that have none. */
function inPlace(
  doc: IniDocument,
  section: string,
  { name, pieces }: { name: string; pieces: readonly Piece[] },
): IniDocument {
  let lines: Line[] = [...doc.lines];
  for (const [at, entry] of [...entriesOf(doc, section, name).entries()].reverse()) {
    const piece = pieces[at];
    lines =
      piece === undefined ? removeLines(doc.dialect, lines, entry) : replaceLines(lines, entry, piece.lines);
  }
  return parseLines(lines, doc.dialect, doc.bom);
}

function inserted(doc: IniDocument, section: string, piece: Piece): IniDocument {
  const found = findContext(doc, section, piece.context);
  if (found === undefined) return doc;
  const lines = insertAfter(doc.dialect, doc.lines, { index: found.index, added: piece.lines });
  const above = doc.lines[found.index];
  // the removal took its line end away (last line of the file), or glued a lone CR to the LF of an empty line
  const glued = found.below && piece.eolAbove === "\r" && above?.eol === "\r\n";
  if (above !== undefined && piece.eolAbove !== "" && (above.eol === "" || glued)) {
    lines[found.index] = { text: above.text, eol: piece.eolAbove };
  }
  return parseLines(lines, doc.dialect, doc.bom);
}

function withoutSection(doc: IniDocument, section: string, made: MadeSection | true): IniDocument {
  const block = blocksNamed(doc, section).at(-1);
  if (block === undefined) return doc;
  const left = doc.elements.filter((element) => element.first > block.header && element.first < block.end);
  if (left.some((element) => element.kind !== "blank")) return doc;
  const above = doc.elements.find((element) => element.last === block.header - 1);
  const isOurs = made === true || made.blank;
  const first = isOurs && above?.kind === "blank" ? block.header - 1 : block.header;
  const lines = removeLines(doc.dialect, doc.lines, { first, last: block.header });
  return parseLines(lines, doc.dialect, doc.bom);
}

/** Takes the final newline away that a ceph.conf got from us, when the line that lacked it is the last again. */
function reopened(doc: IniDocument, entries: readonly Original[], made: MadeSection | boolean): IniDocument {
  const marks = [...entries, ...(typeof made === "boolean" ? [] : [made])].map((entry) => entry.unclosed);
  const last = doc.lines.at(-1);
  if (last === undefined || !marks.includes(sha256(last.text))) return doc;
  return parseLines([...doc.lines.slice(0, -1), { text: last.text, eol: "" }], doc.dialect, doc.bom);
}
