/**
 * Where a removed line stood, so that it goes back there though the lines around it have other values or moved: the
 * neighbours by hash (they may be somebody else's secret), options by name only.
 */
import { blocksNamed, type Block, type Element, type IniDocument } from "./ini-document.js";
import { sha256 } from "./ini-lines.js";

/** JSON, for the host's record. */
export interface Context {
  /** Which block of the section, counted from 0. */
  readonly block: number;
  /** How many logical lines below its header. */
  readonly at: number;
  /** Hashes of the logical lines above, the nearest first. */
  readonly before: readonly string[];
  /** Hashes of the logical lines below, the nearest first. */
  readonly after: readonly string[];
}

const WINDOW = 8;
/** What a neighbour found again is worth, by its distance; a line that came between costs one. */
const WEIGHTS = [12, 6, 3, 2];
/** What the old distance from the header is worth: it decides between repetitions of one option. */
const SAME_DISTANCE = 10;

/** Marks of the logical lines around, with the ends of the file as lines of their own; `shift` finds an element's. */
function marksOf(doc: IniDocument): { marks: string[]; shift: number } {
  let section = "";
  const mark = (element: Element): string => {
    if (element.kind === "header") section = element.name;
    const text = doc.lines[element.first]?.text ?? "";
    return sha256(element.kind === "entry" ? `=${element.key}\n${section}` : `:${text}`).slice(0, 12);
  };
  return { marks: ["^", ...doc.elements.map(mark), "$"], shift: 1 };
}

/** The context of the logical line that begins at a physical one. */
export function contextOf(doc: IniDocument, section: string, first: number): Context {
  const blocks = blocksNamed(doc, section);
  const block = blocks.findIndex((candidate) => candidate.header < first && first < candidate.end);
  const position = doc.elements.findIndex((element) => element.first === first);
  const header = doc.elements.findIndex((element) => element.first === blocks[block]?.header);
  const { marks, shift } = marksOf(doc);
  const place = position + shift;
  return {
    block,
    at: position - header,
    before: marks.slice(Math.max(0, place - WEIGHTS.length), place).reverse(),
    after: marks.slice(place + 1, place + 1 + WEIGHTS.length),
  };
}

/** A place found again. */
export interface Found {
  /** The line to insert behind. */
  readonly index: number;
  /** Whether the line above is the one that stood above. */
  readonly below: boolean;
}

/** How much of the wanted neighbours is there, in their order; both lists nearest first. */
function likeness(side: readonly string[], wanted: readonly string[]): number {
  let cursor = 0;
  let sum = 0;
  for (const [distance, want] of wanted.entries()) {
    const at = side.indexOf(want, cursor);
    if (at < 0) continue;
    sum += Math.max(0, (WEIGHTS[distance] ?? 0) - (at - cursor));
    cursor = at + 1;
  }
  return sum;
}

/** Where a line of that context belongs now; undefined when the section is gone. */
export function findContext(doc: IniDocument, section: string, context: Context): Found | undefined {
  const blocks = blocksNamed(doc, section);
  const block = blocks[context.block] ?? blocks.at(-1);
  if (block === undefined) return undefined;
  const { marks, shift } = marksOf(doc);
  const header = doc.elements.findIndex((element) => element.first === block.header);
  const end = header + 1 + inBlock(doc, block);
  let best = { index: block.header, below: false, score: -1, off: Infinity };
  for (let position = header + 1; position <= end; position += 1) {
    const place = position + shift;
    const before = marks.slice(Math.max(0, place - WINDOW), place).reverse();
    const off = Math.abs(position - header - context.at);
    const after = marks.slice(place, place + WINDOW);
    const isBeside = before[0] === context.before[0] || after[0] === context.after[0];
    const score =
      likeness(before, context.before) +
      likeness(after, context.after) +
      (off === 0 && isBeside ? SAME_DISTANCE : 0);
    if (score < best.score || (score === best.score && off >= best.off)) continue;
    const index = doc.elements[position - 1]?.last ?? block.header;
    best = { index, below: before[0] === context.before[0], score, off };
  }
  return best;
}

function inBlock(doc: IniDocument, block: Block): number {
  return doc.elements.filter((element) => element.first > block.header && element.first < block.end).length;
}
