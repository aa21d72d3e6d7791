/** Tables of the pages in docs/, which scripts write between two markers. */

const cellsOf = (line) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The rows of a table, its head first, without the rule below that. @param {string} table @returns {string[][]} */
export const rowsOf = (table) =>
  table
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\| -+ \|/.test(line))
    .map(cellsOf);

/** The text of a table. @param {string[]} head @param {string[][]} rows */
export function tableOf(head, rows) {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => row[at].length)));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const padded = (row) => line(row.map((cell, at) => cell.padEnd(widths[at])));
  return [padded(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(padded)].join("\n");
}

/**
 * The page with the table between its markers made anew.
 * @param {string} page
 * @param {string} name of the markers
 * @param {(table: string) => string} anew
 */
export function pageWithTable(page, name, anew) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`no ${open} … ${close}`);
  return `${page.slice(0, start + open.length)}\n\n${anew(page.slice(start + open.length, end))}\n\n${page.slice(end)}`;
}
