import { withProgress } from "./progress.mjs";
import { ending, lastLines, run } from "./run.mjs";

/**
 * What one step or one set of tests came to.
 * @typedef {object} Result
 * @property {string} name
 * @property {"step" | "tests"} kind a step counts as one
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} seconds
 * @property {{ title: string, said: string }[]} failures
 * @property {{ title: string, said: string }[]} [unsteady] what failed at first, and passed in a second trial
 * @property {string} [note] one sentence for the table
 */

/** A step that passed, or that failed with what it said. @returns {Result} */
export function stepResult(name, seconds, said) {
  const ok = said === undefined;
  const failures = ok ? [] : [{ title: name, said }];
  return { name, kind: "step", passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, seconds, failures };
}

/** The checks that need no test: each is the script of package.json by that name. */
const STATIC = [
  { name: "format", doing: "comparing the format of every file (npm run format)", usually: "5 s" },
  { name: "lint", doing: "linting (npm run lint)", usually: "20 to 40 s" },
  { name: "types", doing: "checking types, examples and tests too (npm run types)", usually: "10 s" },
  { name: "build", doing: "compiling the library (npm run build)", usually: "10 s" },
];

/** @returns {Promise<Result[]>} one for each; a failing one does not stop the others */
export async function runStaticChecks(root, who) {
  const results = [];
  for (const { name, doing, usually } of STATIC) {
    const result = await withProgress({ who, doing, usually }, () =>
      run("npm", ["run", "--silent", name], { cwd: root, deadlineSeconds: 600 }),
    );
    const said = `npm run ${name} ${ending(result)}\n${lastLines(result, 200).join("\n")}`;
    results.push(stepResult(name, result.seconds, result.code === 0 ? undefined : said));
  }
  return results;
}
