/** A parsed INI file: which lines are which option, and what the real parser would read there. */
import { ceph, cephKey } from "./ceph.js";
import type { Dialect, EntryText, Logical } from "./grammar.js";
import { sha256 } from "../digest.js";
import { isUtf8, joinLines, splitLines, type Line } from "./lines.js";
import { oslo } from "./oslo.js";

/** The dialect that a path has unless one is given: a file named after Ceph is Ceph's, wherever it lies. */
export function dialectOf(path: string): Dialect {
  return /^\/etc\/ceph\/[^/]+\.conf$|ceph[^/]*\.conf$/i.test(path) ? "ceph" : "oslo";
}

/** Why path and section do not tell the dialect, or undefined: read as the other one, a neighbour's line may be taken for a part of ours. */
export function dialectDoubt(path: string, section: string): string | undefined {
  const isService = /\/(?:cinder|glance|nova|manila|gnocchi|ironic|neutron|keystone)/i.test(path);
  if (dialectOf(path) === "ceph")
    return isService && !path.startsWith("/etc/ceph/")
      ? "a file of an OpenStack service that is named after Ceph may be of either"
      : undefined;
  return /^(?:client|mon|osd|mds|mgr)(?:\.|$)/.test(section)
    ? `[${section}] is a section of Ceph's, and the file is not named after it`
    : undefined;
}

/** A logical line in its place. */
export type Element = Logical & { readonly first: number };

/** One occurrence of an option. */
export interface Entry extends EntryText {
  readonly first: number;
  readonly last: number;
}

/** A header with what stands below it; the lines before the first header are a block whose header is -1. */
export interface Block {
  readonly section: string;
  /** The line of the header. */
  readonly header: number;
  /** The line behind its last one. */
  readonly end: number;
  readonly entries: readonly Entry[];
}

/** Why the real parser refuses the file, without any text of it (it may be a secret). */
export interface Problem {
  /** Counted from 1. */
  readonly line: number;
  readonly reason: string;
  /** Whether it hides where a section begins, so that no edit is safe. */
  readonly ambiguous: boolean;
}

export interface IniDocument {
  readonly dialect: Dialect;
  readonly bom: string;
  readonly lines: readonly Line[];
  readonly elements: readonly Element[];
  readonly blocks: readonly Block[];
}

const BOM = "\xef\xbb\xbf";

/** Parses the bytes of a file (a latin1 string). Never fails; see `problems`. */
export function parseIni(bytes: string, dialect: Dialect): IniDocument {
  const bom = bytes.startsWith(BOM) ? BOM : "";
  return parseLines(splitLines(bytes.slice(bom.length)), dialect, bom);
}

/** Parses lines. */
export function parseLines(lines: readonly Line[], dialect: Dialect, bom: string): IniDocument {
  const grammar = dialect === "ceph" ? ceph : oslo;
  const elements: Element[] = [];
  for (let first = 0; first < lines.length;) {
    const logical = grammar(lines, first);
    elements.push(Object.assign(logical, { first }));
    first = logical.last + 1;
  }
  return { dialect, bom, lines, elements, blocks: blocksOf(elements, lines.length) };
}

interface OpenBlock {
  section: string;
  header: number;
  end: number;
  entries: Entry[];
}

function blocksOf(elements: readonly Element[], end: number): Block[] {
  let current: OpenBlock = { section: "", header: -1, end, entries: [] };
  const blocks = [current];
  for (const element of elements) {
    if (element.kind === "entry") current.entries.push(element);
    if (element.kind !== "header") continue;
    current.end = element.first;
    current = { section: element.name, header: element.first, end, entries: [] };
    blocks.push(current);
  }
  return blocks;
}

/** The bytes of a document. */
export function bytesOf(doc: IniDocument): string {
  return doc.bom + joinLines(doc.lines);
}

/** A key as the dialect compares it: Ceph takes blanks for `_` ("rbd cache" is `rbd_cache`); dashes are dashes in both. */
export function canonicalKey(dialect: Dialect, key: string): string {
  return dialect === "ceph" ? cephKey(key) : key;
}

/** A section as the dialect compares it: oslo.config ignores case, but for `DEFAULT`. */
export function canonicalSection(dialect: Dialect, section: string): string {
  return dialect === "ceph" || section === "DEFAULT" ? section : section.toLowerCase();
}

/** All blocks of a section, in file order. */
export function blocksNamed(doc: IniDocument, section: string): Block[] {
  const wanted = canonicalSection(doc.dialect, section);
  return doc.blocks.filter(
    (block) => block.header >= 0 && canonicalSection(doc.dialect, block.section) === wanted,
  );
}

/** All occurrences of an option, in file order. */
export function entriesOf(doc: IniDocument, section: string, name: string): Entry[] {
  const key = canonicalKey(doc.dialect, name);
  return blocksNamed(doc, section).flatMap((block) => block.entries.filter((entry) => entry.key === key));
}

/** The values of options as the real parser reads them, every occurrence in order; options that are not there are left out. */
export function readOptions(
  doc: IniDocument,
  section: string,
  names: readonly string[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    const values = entriesOf(doc, section, name).map((entry) => entry.value);
    if (values.length > 0) found.set(name, values);
  }
  return found;
}

/** The raw lines (bytes, without line ends) that an option has now. */
export function currentLines(doc: IniDocument, section: string, name: string): string[] {
  return entriesOf(doc, section, name).flatMap((entry) =>
    doc.lines.slice(entry.first, entry.last + 1).map((line) => line.text),
  );
}

/** SHA-256 of an option's raw lines; tells whether they are still what we wrote. */
export function hashOf(lines: readonly string[]): string {
  return sha256(lines.map((line) => `${line}\n`).join(""));
}

/** Why the real parser refuses the file as it is. */
export function problems(doc: IniDocument): Problem[] {
  const at = (line: number, reason: string, ambiguous = false): Problem => ({
    line: line + 1,
    reason,
    ambiguous,
  });
  const found = [
    ...(doc.bom === "" ? [] : [at(0, "the file starts with a byte order mark")]),
    ...doc.lines.flatMap((line, index) => (isUtf8(line.text) ? [] : [at(index, "not UTF-8")])),
    ...doc.elements.flatMap((element) =>
      element.kind === "junk" ? [at(element.first, element.reason, element.ambiguous)] : [],
    ),
    ...(doc.blocks[0]?.entries ?? []).map((entry) => at(entry.first, "an option before the first section")),
    ...leadingBlanks(doc).map((line) => at(line, "blanks before the first section")),
    ...(isUnclosed(doc) ? [at(doc.lines.length - 1, "the last line lacks its line end")] : []),
  ];
  return found.sort((a, b) => a.line - b.line);
}

/** Lines of nothing but blanks before the first section, which Ceph does not skip. */
function leadingBlanks(doc: IniDocument): number[] {
  const end = doc.dialect === "ceph" ? (doc.blocks[0]?.end ?? 0) : 0;
  const isBlank = ({ kind, first }: Element): boolean => kind === "blank" && doc.lines[first]?.text !== "";
  return doc.elements
    .filter((element) => element.first < end && isBlank(element))
    .map((element) => element.first);
}

/** Whether Ceph refuses the file for its missing final newline (a comment may lack it). */
export function isUnclosed(doc: IniDocument): boolean {
  return doc.dialect === "ceph" && doc.lines.at(-1)?.eol === "" && doc.elements.at(-1)?.kind !== "comment";
}

/** @throws Error that names the line when the file hides where a section begins, so that no edit is safe. */
export function refuseAmbiguous(doc: IniDocument): void {
  const found = doc.elements.find((element) => element.kind === "junk" && element.ambiguous);
  if (found?.kind !== "junk") return;
  throw new Error(`line ${String(found.first + 1)}: ${found.reason}: repair it first`);
}
