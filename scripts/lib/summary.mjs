import { stripVTControlCharacters } from "node:util";
import { duration } from "./progress.mjs";

/** @typedef {import("./checks.mjs").Result} Result */

/** Lines of one failure: a step is all that its tool found, a test is one of many. */
const LINES = { step: 80, tests: 25 };

function indented(text, most) {
  const lines = stripVTControlCharacters(text).split("\n");
  const shown = lines.slice(0, most);
  if (lines.length > shown.length) shown.push(`… ${lines.length - shown.length} more lines`);
  return shown.map((line) => `    ${line}`).join("\n");
}

function outcome({ kind, passed, failed, skipped }) {
  if (kind === "step") return failed > 0 ? "FAILED" : "passed";
  const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  return counts.join(", ");
}

function row(result) {
  const { failed, passed, unsteady = [] } = result;
  const mark = failed > 0 ? "✗" : unsteady.length > 0 ? "~" : passed > 0 ? "✓" : "-";
  const notes = [...(result.note ? [result.note] : []), ...(unsteady.length > 0 ? ["not all at once"] : [])];
  const note = notes.map((text) => `  ${text}`).join("");
  return `  ${mark} ${result.name.padEnd(14)} ${outcome(result).padEnd(32)} ${duration(result.seconds).padStart(12)}${note}`.trimEnd();
}

const sum = (results, field) => results.reduce((total, result) => total + result[field], 0);

/**
 * What a person reads at the end. Its last line is `N passed, N failed`: tests, and each step as one.
 * @param {Result[]} results
 * @param {{ seconds: number, hints?: string[] }} more
 * @returns {string} whole lines
 */
export function summary(results, { seconds, hints = [] }) {
  const shown = (field, mark, more) =>
    results.flatMap(({ kind, [field]: all = [] }) =>
      all.map(({ title, said }) => `${mark} ${title}${more}\n${indented(said, LINES[kind])}\n`),
    );
  const parts = [
    ...shown("unsteady", "~", "\n  failed at first; its file passed when it was run once more"),
    ...shown("failures", "✗", ""),
    ...results.map(row),
    `  in ${duration(seconds)}`,
    ...(ranNothing(results) ? ["  no test ran: that is a failure"] : []),
    ...hints.map((hint) => `  ${hint}`),
    `${sum(results, "passed")} passed, ${sum(results, "failed")} failed`,
  ];
  return `\n${parts.join("\n")}\n`;
}

function ranNothing(results) {
  const tests = results.filter(({ kind }) => kind === "tests");
  return sum(tests, "passed") + sum(tests, "failed") === 0;
}

/** @param {Result[]} results @returns {0 | 1} 1 when anything failed or no test ran */
export function exitCode(results) {
  return sum(results, "failed") > 0 || ranNothing(results) ? 1 : 0;
}
