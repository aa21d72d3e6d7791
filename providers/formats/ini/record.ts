/** What the record on the host keeps of a file: what stood there before the first write. */
import { contextOf, type Context } from "./context.js";
import { entriesOf, type IniDocument } from "./document.js";
import type { Dialect } from "./grammar.js";
import { sha256 } from "../digest.js";
import type { Line } from "./lines.js";

/** Which section of which kind of file. */
export interface Target {
  readonly dialect: Dialect;
  readonly section: string;
}

/** One occurrence of an option as it stood before the first write; JSON, for the host's record. */
export interface Piece {
  /** Its physical lines: bytes (latin1), with their line ends. */
  readonly lines: readonly Line[];
  /** The line end of the line above. */
  readonly eolAbove: string;
  readonly context: Context;
}

/** What stood there for one option before the first write; JSON, for the host's record. */
export interface Original {
  readonly name: string;
  /** Every occurrence in order; null when the option was not set. */
  readonly lines: readonly Piece[] | null;
  /** How many of them have been in place ever since, with another value. */
  readonly kept: number;
  /** Hash of the last line of a ceph.conf that lacked its final newline before that write. */
  readonly unclosed?: string;
}

/** A section that an edit made; JSON, for the host's record. */
export interface MadeSection {
  /** Whether a blank line was added above the header. */
  readonly blank: boolean;
  readonly unclosed?: string;
}

/** The occurrences of an option. */
export function piecesOf(doc: IniDocument, section: string, name: string): Piece[] {
  return entriesOf(doc, section, name).map((entry) => ({
    lines: doc.lines.slice(entry.first, entry.last + 1),
    eolAbove: doc.lines[entry.first - 1]?.eol ?? "",
    context: contextOf(doc, section, entry.first),
  }));
}

/** The last line of a ceph.conf without a final newline: Ceph wants one below anything else, and `restore` takes it away. */
export function unclosedMark(doc: IniDocument): { unclosed?: string } {
  const last = doc.dialect === "ceph" ? doc.lines.at(-1) : undefined;
  return last?.eol === "" ? { unclosed: sha256(last.text) } : {};
}
