/** Where a new option goes, and in which style it is written. */
import { blocksNamed, canonicalKey, type Block, type Entry, type IniDocument } from "./document.js";
import { decode, encode, type Line } from "./lines.js";

/** The line to put a new option behind, and the bytes before its value. */
export interface Place {
  readonly index: number;
  readonly prefix: string;
}

/** The place of a new option in a section that is there; undefined when the section is not. */
export function placeFor(doc: IniDocument, section: string, name: string): Place | undefined {
  const blocks = blocksNamed(doc, section);
  const last = blocks.at(-1);
  if (last === undefined) return undefined;
  const commented = commentedDefault(doc, blocks, name);
  if (commented !== undefined) return commented;
  const block = blocks.filter((candidate) => candidate.entries.length > 0).at(-1) ?? last;
  const entry = block.entries.at(-1);
  return { index: entry?.last ?? block.header, prefix: styled(doc, name, entry) };
}

/** `key = `, with the blanks around `=` and (in Ceph) the indentation of the option above. */
function styled(doc: IniDocument, name: string, like: Entry | undefined): string {
  const style = /^([ \t]*)[^=]*?([ \t]*)=([ \t]*)/.exec(like?.prefix ?? "");
  const indent = doc.dialect === "ceph" ? (style?.[1] ?? "") : "";
  return `${indent}${encode(name)}${equals(style?.[2] ?? " ", style?.[3] ?? " ", like)}`;
}

function equals(before: string, after: string, like: Entry | undefined): string {
  // an empty value says nothing about the blank that would stand before a value
  const right = after === "" && like?.value === "" && before !== "" ? " " : after;
  return `${before === "" ? "" : " "}=${right === "" ? "" : " "}`;
}

const COMMENTED = /^[#;]([ \t]?)([^=]*?)([ \t]*)=([ \t]*)/;

/** Behind the last commented default of that option, as the generators write them, never inside a comment block. */
function commentedDefault(doc: IniDocument, blocks: readonly Block[], name: string): Place | undefined {
  const key = canonicalKey(doc.dialect, name);
  const isDefault = (line: Line | undefined, blank: boolean): RegExpExecArray | undefined => {
    const match = COMMENTED.exec(line?.text ?? "");
    if (match === null || (match[1] !== "") !== blank) return undefined;
    return canonicalKey(doc.dialect, decode(match[2] ?? "")) === key ? match : undefined;
  };
  const last = (blank: boolean): Place | undefined => {
    for (const block of [...blocks].reverse()) {
      for (let index = block.end - 1; index > block.header; index -= 1) {
        const match = isDefault(doc.lines[index], blank);
        if (match === undefined || !isComment(doc, index)) continue;
        const end = belowComment(doc, index, block.end);
        if (blank && isComment(doc, end + 1)) continue;
        return { index: end, prefix: encode(name) + equals(match[3] ?? "", match[4] ?? "", undefined) };
      }
    }
    return undefined;
  };
  return last(false) ?? last(true);
}

/** The commented lines that continue a commented value stay above the new option. */
function belowComment(doc: IniDocument, index: number, end: number): number {
  let at = index;
  while (at + 1 < end && /^[#;](?: {2,}| *\t)[ \t]*\S/.test(doc.lines[at + 1]?.text ?? "")) at += 1;
  return at;
}

function isComment(doc: IniDocument, index: number): boolean {
  return doc.elements.some((element) => element.first === index && element.kind === "comment");
}
