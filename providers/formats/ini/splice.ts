/** Changing lines without touching the bytes of the others. */
import type { Dialect } from "./grammar.js";
import { eolNear, type Line } from "./lines.js";

/**
 * Puts lines behind line `index` (-1: in front of all). Behind a last line that lacks its end, that line is closed; the
 * new last line lacks it in its place in oslo.config's dialect, and has one in Ceph's, which refuses such a file.
 */
export function insertAfter(
  dialect: Dialect,
  lines: readonly Line[],
  place: { readonly index: number; readonly added: readonly Line[] },
): Line[] {
  const { index, added } = place;
  const above = lines.slice(0, index + 1);
  const below = lines.slice(index + 1);
  const last = above.at(-1);
  const open = last?.eol === "";
  if (last?.eol === "") above[index] = { text: last.text, eol: eolNear(lines, index) };
  return [
    ...above,
    ...ended(
      added,
      { keepOpen: below.length === 0, open: open && dialect === "oslo" },
      eolNear(lines, index),
    ),
    ...below,
  ];
}

/** Gives every line its end; the last may lack it only at the end of the file. */
function ended(added: readonly Line[], end: { keepOpen: boolean; open: boolean }, eol: string): Line[] {
  return added.map((line, at) => {
    const isLast = at === added.length - 1;
    if (isLast && end.keepOpen && (end.open || line.eol === "")) return { text: line.text, eol: "" };
    return line.eol === "" ? { text: line.text, eol } : line;
  });
}

/** Removes lines `first` to `last`. In oslo.config's dialect a missing final newline stays missing. */
export function removeLines(
  dialect: Dialect,
  lines: readonly Line[],
  range: { first: number; last: number },
): Line[] {
  const above = lines.slice(0, range.first);
  const below = lines.slice(range.last + 1);
  const before = above.at(-1);
  const open = dialect === "oslo" && below.length === 0 && lines[range.last]?.eol === "";
  if (open && before !== undefined && before.text !== "")
    above[above.length - 1] = { text: before.text, eol: "" };
  return [...above, ...below];
}

/** Puts lines in the place of lines `first` to `last`. */
export function replaceLines(
  lines: readonly Line[],
  range: { readonly first: number; readonly last: number },
  added: readonly Line[],
): Line[] {
  const below = lines.slice(range.last + 1);
  const eol = eolNear(lines, range.last);
  return [
    ...lines.slice(0, range.first),
    ...ended(added, { keepOpen: below.length === 0, open: false }, eol),
    ...below,
  ];
}
