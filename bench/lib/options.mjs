// What can be asked for on the command line, and the names of what is compared. Imports no package.
import { parseArgs } from "node:util";

export const COLUMNS = /** @type {const} */ (["ours", "nothing", "shell", "command", "ansible"]);
export const WAYS = /** @type {const} */ (["straight", "relayed"]);

export const TITLES = {
  ours: "this library",
  nothing: "resources that do nothing",
  shell: "ssh and a shell script",
  command: "@pulumi/command",
  ansible: "Ansible",
};

export const usage = `usage: npm run bench -- [OPTION…]
  --rounds N        medians of N rounds (3)
  --only WAY        straight or relayed (both)
  --columns A,B     of ${COLUMNS.join(", ")} (all)
  --parallel N      things that Pulumi does at a time, in each of its columns (its default: four for each core)
  --write           put the table into README.md; needs all of them`;

const OPTIONS = /** @type {const} */ ({
  rounds: { type: "string", default: "3" },
  only: { type: "string" },
  columns: { type: "string" },
  parallel: { type: "string" },
  write: { type: "boolean", default: false },
});

/** @returns {string[]} in the order of `known` @throws RangeError naming what is not known */
function chosen(option, text, known) {
  if (text === undefined) return [...known];
  const strange = text.split(",").filter((one) => !known.includes(one));
  if (strange.length > 0) throw new RangeError(`--${option} ${strange.join(",")}: of ${known.join(", ")}`);
  return known.filter((one) => text.split(",").includes(one));
}

/** @returns {number} a whole number from 1 @throws RangeError */
function counted(option, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new RangeError(`--${option} ${text}: a number from 1`);
}

/** @throws Error of parseArgs, RangeError */
export function optionsOf(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const all = [values.only, values.columns, values.parallel].every((value) => value === undefined);
  if (values.write && !all)
    throw new RangeError("--write: a table in the README has all columns and ways, and Pulumi's defaults");
  return {
    rounds: counted("rounds", values.rounds),
    parallel: values.parallel === undefined ? undefined : counted("parallel", values.parallel),
    ways: chosen("only", values.only, WAYS),
    columns: chosen("columns", values.columns, COLUMNS),
    write: values.write,
  };
}
