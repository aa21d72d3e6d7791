#!/usr/bin/env node
/** `npx pulumi-ceph-openstack doctor`: the command line of the package. */
import { doctor } from "./providers/doctor/command.js";
import { isFit, tableOf } from "./providers/doctor/finding.js";

const USAGE = `Usage: pulumi-ceph-openstack doctor [--stack NAME] [--cwd DIR] [--json]

Runs the program of a Pulumi project as \`pulumi preview\` does, looks at every host, cluster and artifact that it
names, and writes nothing. Exit code 0: nothing stands in the way of an \`up\`; 1: something does; 2: the program
could not be run.
`;

const FLAGS = ["--stack", "--cwd"] as const;

/** @throws Error for what is no option */
const parse = (words: readonly string[]) => {
  const options: { stack?: string; cwd?: string; json?: boolean } = {};
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const flag = FLAGS.find((one) => one === word);
    if (word === "--json") options.json = true;
    else if (flag !== undefined && left[0] !== undefined)
      options[flag === "--stack" ? "stack" : "cwd"] = left.shift() ?? "";
    else throw new Error(`${word} is no option of doctor, or its value is missing\n\n${USAGE}`);
  }
  return options;
};

const visit = async (words: readonly string[]): Promise<number> => {
  const { json = false, ...where } = parse(words);
  const { findings, failed } = await doctor(where);
  process.stdout.write(json ? `${JSON.stringify(findings, undefined, 2)}\n` : `${tableOf(findings)}\n`);
  if (!isFit(findings)) return 1;
  if (failed !== undefined) throw new Error(failed);
  return 0;
};

const main = async ([command, ...words]: readonly string[]): Promise<number> => {
  if (command === "doctor") return visit(words);
  if (command !== undefined && command !== "help" && command !== "--help")
    throw new Error(`${command} is no command\n\n${USAGE}`);
  process.stdout.write(USAGE);
  return command === undefined ? 2 : 0;
};

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
