import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { say, withProgress } from "./progress.mjs";
import { ending, lastLines, run } from "./run.mjs";
import { secondTrials } from "./second-trial.mjs";

/** @typedef {import("./checks.mjs").Result} Result */

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The files of a project of jest.config.js: its tests lie in the folder of its name. */
export const testFiles = (root, project) =>
  filesBelow(join(root, "test", project)).filter((file) => file.endsWith(".test.ts"));

const empty = (name) => ({ name, kind: "tests", passed: 0, failed: 0, skipped: 0, seconds: 0, failures: [] });

function addFailure(result, title, said) {
  result.failed += 1;
  result.failures.push({ title, said });
}

/** One file of Jest's report. A file that does not even load has no tests in it and fails as one. */
function fileResult(root, project, { name, startTime, endTime, status, message, assertionResults }) {
  const file = relative(root, name);
  const result = { ...empty(project), seconds: Math.max(0, (endTime - startTime) / 1000) };
  for (const test of assertionResults) {
    if (test.status === "passed") result.passed += 1;
    else if (test.status === "failed")
      addFailure(result, `${file}: ${test.fullName}`, test.failureMessages.join("\n"));
    else result.skipped += 1;
  }
  const explained = assertionResults.some((test) => test.status === "failed");
  if (status === "failed" && !explained) addFailure(result, file, message);
  return result;
}

/**
 * The files of Jest's report, project by project.
 * @param {string} root the checkout
 * @param {string[]} projects
 * @param {{ testResults: object[] }} report what `jest --json` wrote
 * @returns {{ project: string, file: string, result: Result }[]}
 */
const filesOf = (root, projects, report) =>
  projects.flatMap((project) =>
    report.testResults
      .filter(({ name }) => name.startsWith(join(root, "test", project) + sep))
      .map((one) => ({ project, file: one.name, result: fileResult(root, project, one) })),
  );

const resultsOf = (files, project) =>
  files.filter((one) => one.project === project).map(({ result }) => result);

/** Results of files, added up to one of their project. */
function together(root, project, results) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  const all = (field) => results.flatMap((result) => result[field] ?? []);
  const counts = {
    passed: sum("passed"),
    failed: sum("failed"),
    skipped: sum("skipped"),
    seconds: sum("seconds"),
  };
  const result = { ...empty(project), ...counts, failures: all("failures"), unsteady: all("unsteady") };
  if (result.passed + result.failed > 0) return result;
  // A folder that holds anything means to test something.
  if (filesBelow(join(root, "test", project)).length > 0)
    addFailure(result, project, `test/${project} has files, and no test ran`);
  return { ...result, note: "no test ran" };
}

/** Tests that cannot run: each of their files is a failure, with the reason. @returns {Result} */
export function notRun(root, project, reason) {
  const result = { ...empty(project), note: reason };
  for (const file of testFiles(root, project)) addFailure(result, relative(root, file), `not run: ${reason}`);
  return result.failed > 0 ? result : { ...result, note: "no test there yet" };
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** What Jest's report does not hold: that it died, or failed although every test passed. @returns {Result[]} one where that is so */
function ofJestItself(project, files, { result, report }) {
  const known = files.some(({ result: { failed } }) => failed > 0);
  if (report !== undefined && (result.code === 0 || known)) return [];
  const own = empty(project);
  addFailure(own, "jest itself", `jest ${ending(result)}\n${lastLines(result, 30).join("\n")}`);
  return [own];
}

/** What is shown at once of a failure: the summary of all files may be an hour away. */
const LINES = 40;
const beginning = (text) => text.split("\n").slice(0, LINES).join("\n");

/** Runs Jest, shows each file as it is done, and gives how it ended. */
async function runShown(root, args, { who, projects, files, usually, env = process.env, deadlineSeconds }) {
  const jest = join(root, "node_modules", "jest", "bin", "jest.js");
  const total = files.length;
  let done = 0;
  let shown = LINES;
  const onLine = (line) => {
    const isFile = /^(PASS|FAIL) /.test(line);
    if (isFile) {
      done += 1;
      shown = line.startsWith("FAIL ") ? 0 : LINES;
    } else shown += 1;
    if (isFile || (shown <= LINES && line.trim() !== "")) say(who, `  ${line}`);
  };
  const status = () => `${done} of ${total} files done`;
  const options = { cwd: root, env: { ...env, FORCE_COLOR: "0" }, deadlineSeconds, onLine };
  const step = { who, doing: `running tests: ${projects.join(", ")}`, usually, status, everySeconds: 30 };
  return withProgress(step, () => run(process.execPath, [jest, ...args], options));
}

/** @param {(folder: string) => Promise<T>} work in a folder that is gone afterwards @returns {Promise<T>} @template T */
async function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "ceph-openstack-jest-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs projects of jest.config.js.
 * @param {string} root the checkout
 * @param {{ who: string, projects: string[], usually: string, args?: string[], env?: NodeJS.ProcessEnv, deadlineSeconds: number, triedAgain?: number }} options
 *   `triedAgain`: how many files may have a second trial
 * @returns {Promise<Result[]>} one for each project
 */
export async function runJest(root, options) {
  const { who, projects, args = [], env = process.env, deadlineSeconds, triedAgain = 0 } = options;
  const [files, own] = await withFolder(async (folder) => {
    const output = join(folder, "report.json");
    const flags = ["--ci", "--passWithNoTests", "--json", "--outputFile", output, ...args];
    const shown = { ...options, files: projects.flatMap((project) => testFiles(root, project)) };
    const result = await runShown(root, [...flags, "--selectProjects", ...projects], shown);
    const report = readReport(output);
    const found = filesOf(root, projects, report ?? { testResults: [] });
    return [found, ofJestItself(projects[0], found, { result, report })];
  });
  const again = (of) => runFile(root, of, { who, env, deadlineSeconds });
  if (own.length === 0) await secondTrials(files, triedAgain, again);
  return projects.map((project) =>
    together(root, project, [...resultsOf(files, project), ...own.filter(({ name }) => name === project)]),
  );
}

/**
 * One file by a Jest of its own. A file in which no test ran is a failure.
 * @param {string} root the checkout
 * @param {{ project: string, file: string }} of
 * @param {{ who: string, env: NodeJS.ProcessEnv, deadlineSeconds: number }} options
 * @returns {Promise<Result>}
 */
export async function runFile(root, { project, file }, { who, env, deadlineSeconds }) {
  return withFolder(async (folder) => {
    const output = join(folder, "report.json");
    const flags = ["--ci", "--json", "--outputFile", output, "--runInBand", "--runTestsByPath", file];
    const jest = join(root, "node_modules", "jest", "bin", "jest.js");
    const options = { cwd: root, env: { ...env, FORCE_COLOR: "0" }, deadlineSeconds };
    const result = await run(process.execPath, [jest, ...flags, "--selectProjects", project], options);
    const report = readReport(output);
    const found = filesOf(root, [project], report ?? { testResults: [] });
    const own = ofJestItself(project, found, { result, report });
    const counted = together(root, project, [...found.map((one) => one.result), ...own]);
    const mark = counted.failed > 0 ? "FAIL" : "PASS";
    say(who, `  ${mark} ${relative(root, file)} (${Math.round(result.seconds)} s)`);
    for (const { title, said } of counted.failures) say(who, `  failed: ${title}\n${beginning(said)}`);
    return counted;
  });
}

/**
 * Where tests of the real thing run, one file at a time.
 * @typedef {object} Lane
 * @property {NodeJS.ProcessEnv} env
 * @property {() => Promise<Result>} renew makes its hosts pristine
 */

/**
 * Runs the files of projects one by one, as many at a time as there are lanes: a lane that is done takes the next file.
 * @param {string} root the checkout
 * @param {string[]} projects
 * @param {{ who: string, usually: string, lanes: Lane[], first: string[], deadlineSeconds: number, triedAgain: number }} options
 *   `first`: ends of names of the files that take longest, so that no lane waits for them alone
 * @returns {Promise<Result[]>} one for each project
 */
export async function runInLanes(
  root,
  projects,
  { who, usually, lanes, first, deadlineSeconds, triedAgain },
) {
  const rank = ({ file }) => first.findIndex((end) => file.endsWith(end)) + 1 || first.length + 1;
  const all = projects.flatMap((project) => testFiles(root, project).map((file) => ({ project, file })));
  const queue = [...all].sort((a, b) => rank(a) - rank(b));
  const done = [];
  const runIn = async ({ env, renew }, of) => {
    const result = await runFile(root, of, { who, env, deadlineSeconds });
    // A file that failed may not have tidied up, and the next one shall find pristine hosts.
    if (result.failed > 0) await renew();
    return result;
  };
  const lane = async (where) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      done.push({ ...next, result: await runIn(where, next) });
  };
  const status = () => `${all.length - queue.length} of ${all.length} files begun`;
  const step = { who, doing: `running tests: ${projects.join(", ")}`, usually, status, everySeconds: 60 };
  await withProgress(step, () => Promise.all(lanes.map(lane)));
  await secondTrials(done, triedAgain, (of) => runIn(lanes[0], of));
  return projects.map((project) => together(root, project, resultsOf(done, project)));
}
