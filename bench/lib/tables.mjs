// What a person reads: rows of cells, as aligned text and as Markdown.
import { TITLES } from "./options.mjs";

const PLACES = { straight: "no added latency", relayed: "20 ms each way" };
const VERB_ROWS = [
  ["first", "first `up`"],
  ["again", "`up`, nothing to change"],
  ["preview", "`preview`"],
  ["refresh", "`up --refresh`, nothing to change"],
];

const number = (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

function timeCell({ figure, across }, { way, column, verb }) {
  const value = figure(way, column)(verb);
  if (value === undefined) return "-";
  if (column === "ours") return `${number(value)} s`;
  const ratio = across(way, ["ours", column], (ours, other) => other[verb].seconds / ours[verb].seconds);
  return ratio === undefined
    ? `${number(value)} s`
    : `${number(value)} s, ${ratio.toFixed(ratio < 10 ? 1 : 0)}×`;
}

const traceCell = ({ figure }, { way, column, verb }) => {
  const counts = ["logins", "programs", "sudo"].map((what) => figure(way, column)(verb, what));
  return counts[0] === undefined ? "-" : counts.join(", ");
};

/** @returns {string[][]} the head, then the rows */
export function rowsOf(figures, columns) {
  const row = (label, cell) => [label, ...columns.map(cell)];
  const times = figures.ways.flatMap((way) =>
    VERB_ROWS.map(([verb, title]) =>
      row(`${title}, ${PLACES[way]}`, (column) => timeCell(figures, { way, column, verb })),
    ),
  );
  const way = figures.ways[0];
  const traces = VERB_ROWS.filter(([verb]) => verb !== "preview").map(([verb, title]) =>
    row(`connections, remote programs, sudo starts: ${title}`, (column) =>
      traceCell(figures, { way, column, verb }),
    ),
  );
  const state = row("bytes of state per resource", (column) => String(figures.stateBytes(column) ?? "-"));
  return [["", ...columns.map((column) => TITLES[column])], ...times, ...traces, state];
}

export function asText(rows) {
  const plain = rows.map((row) => row.map((cell) => cell.replaceAll("`", "")));
  const widths = plain[0].map((_, i) => Math.max(...plain.map((row) => row[i].length)));
  return plain
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
    )
    .join("\n");
}

/** As prettier writes it. */
export function asMarkdown(rows) {
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

export function targetsText(targets) {
  const lines = targets.map(({ way, text, value, limit, outcome }) => {
    const found = value === undefined ? "" : `: ${value.toFixed(2)}`;
    return `  ${outcome.padEnd(12)} ${PLACES[way]}: ${text.replaceAll("`", "")}${found} (${limit})`;
  });
  return `Targets\n${lines.join("\n")}`;
}
