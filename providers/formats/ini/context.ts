/**
 * Where a removed line stood, so that it goes back there though the lines around it have other values or moved: the
 * neighbours by hash (they may be somebody else's secret), options by name only.
 */
import { blocksNamed, type Block, type IniDocument } from "./document.js";
import { sha256 } from "../digest.js";

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

/** The mark of the logical line at a position; the ends of the file have one too, and beyond them is none. */
function markOf(doc: IniDocument, position: number): string | undefined {
  if (position === -1) return "^";
  if (position === doc.elements.length) return "$";
  const element = doc.elements[position];
  if (element === undefined) return undefined;
  const { kind, first } = element;
  const section = doc.blocks.find((block) => block.header < first && first < block.end)?.section ?? "";
  const text = kind === "entry" ? `=${element.key}\n${section}` : `:${doc.lines[first]?.text ?? ""}`;
  return sha256(text).slice(0, 12);
}

/** Marks from a position on, upwards (-1) or downwards (1). */
function marksFrom(doc: IniDocument, position: number, way: { step: 1 | -1; count: number }): string[] {
  const marks: string[] = [];
  for (let at = position; marks.length < way.count; at += way.step) {
    const mark = markOf(doc, at);
    if (mark === undefined) break;
    marks.push(mark);
  }
  return marks;
}

/** The context of the logical line that begins at a physical one. */
export function contextOf(doc: IniDocument, section: string, first: number): Context {
  const blocks = blocksNamed(doc, section);
  const block = blocks.findIndex((candidate) => candidate.header < first && first < candidate.end);
  const position = doc.elements.findIndex((element) => element.first === first);
  const header = doc.elements.findIndex((element) => element.first === blocks[block]?.header);
  return {
    block,
    at: position - header,
    before: marksFrom(doc, position - 1, { step: -1, count: WEIGHTS.length }),
    after: marksFrom(doc, position + 1, { step: 1, count: WEIGHTS.length }),
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
  const header = doc.elements.findIndex((element) => element.first === block.header);
  const end = header + 1 + inBlock(doc, block);
  const low = Math.max(-1, header - WINDOW);
  const marks = marksFrom(doc, low, { step: 1, count: end + WINDOW - low });
  let best = { index: block.header, below: false, score: -1, off: Infinity };
  for (let position = header + 1; position <= end; position += 1) {
    const off = Math.abs(position - header - context.at);
    const fit = fitAt(marks, position - low, { context, off });
    if (fit.score < best.score || (fit.score === best.score && off >= best.off)) continue;
    best = { index: doc.elements[position - 1]?.last ?? block.header, ...fit, off };
  }
  return best;
}

/** How well a context fits between two marks. */
function fitAt(
  marks: readonly string[],
  place: number,
  { context, off }: { context: Context; off: number },
): { score: number; below: boolean } {
  const before = marks.slice(Math.max(0, place - WINDOW), place).reverse();
  const after = marks.slice(place, place + WINDOW);
  const below = before[0] === context.before[0];
  const isSame = off === 0 && (below || after[0] === context.after[0]);
  const score = likeness(before, context.before) + likeness(after, context.after);
  return { score: score + (isSame ? SAME_DISTANCE : 0), below };
}

function inBlock(doc: IniDocument, block: Block): number {
  return doc.elements.filter((element) => element.first > block.header && element.first < block.end).length;
}
