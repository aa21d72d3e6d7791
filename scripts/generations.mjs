#!/usr/bin/env node
// The tests of test/generations on hosts and clusters of other releases: `npm run test:generations -- trixie bullseye/bookworm`, or all pairs;
// a file's name beside them (`tour`) runs it alone.
// Each pair is a sandbox of its own, taken away at its end. Writes what was run on what into docs/generations.md.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { stepResult } from "./lib/checks.mjs";
import { QUESTIONS, asked, pageWith, projectOf, rowOf, versionIn } from "./lib/generations.mjs";
import { runFile } from "./lib/jest.mjs";
import { say } from "./lib/progress.mjs";
import { lastLines, run } from "./lib/run.mjs";
import { exitCode, summary } from "./lib/summary.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const who = "generations";
const page = join(root, "docs", "generations.md");
const command = join(root, "sandbox", "sandbox");
const show = (line) => process.stderr.write(`  ${line}\n`);

const environmentOf = ({ hosts, cluster }) => ({
  ...process.env,
  SANDBOX_NAME: `tour-${hosts}-${cluster}`,
  SANDBOX_SUITE: hosts,
  SANDBOX_CEPH_SUITE: cluster,
});

const sandbox = (env, args, deadlineSeconds = 60) => run(command, args, { env, deadlineSeconds });

async function versionsOf(env) {
  const versions = {};
  for (const [what, [node, text]] of Object.entries(QUESTIONS))
    versions[what] = versionIn(what, (await sandbox(env, ["exec", node, "bash", "-c", text])).stdout);
  return versions;
}

/** The pair's files one after another: a file's dumps must not show what another one makes. */
async function runFiles(pair, env) {
  const results = {};
  for (const name of pair.files) {
    const project = projectOf(name);
    const of = { project, file: join(root, "test", project, `${name}.test.ts`) };
    // Trees that are wanted for the first time are built in it.
    results[name] = await runFile(root, of, { who, env, deadlineSeconds: 1800 });
  }
  return results;
}

/** One pair: its sandbox made, its files, its row, the sandbox taken away. */
async function runPair(pair) {
  const name = `${pair.hosts}/${pair.cluster}`;
  const env = environmentOf(pair);
  say(who, `hosts of ${pair.hosts}, a cluster of ${pair.cluster}`);
  try {
    const up = await run(command, ["up"], { env, deadlineSeconds: 1800, onLine: show });
    if (up.code !== 0) return [stepResult(name, up.seconds, lastLines(up, 3).join("\n"))];
    const versions = await versionsOf(env);
    const results = await runFiles(pair, env);
    writeFileSync(page, pageWith(readFileSync(page, "utf8"), [rowOf(pair, versions, results)]));
    const named = Object.entries(results).map(([file, result]) => ({ ...result, name: `${name} ${file}` }));
    return [stepResult(`${name} up`, up.seconds), ...named];
  } finally {
    const gone = await sandbox(env, ["destroy"], 300);
    if (gone.code !== 0)
      show(`sandbox ${env.SANDBOX_NAME} is still there:\n${lastLines(gone, 5).join("\n")}`);
  }
}

async function prepare() {
  const engine = [join(root, "scripts", "engine.mjs"), "ensure"];
  const built = await run("npm", ["run", "build"], { cwd: root, deadlineSeconds: 600 });
  if (built.code !== 0) return stepResult("build", built.seconds, lastLines(built, 15).join("\n"));
  const ready = await run(process.execPath, engine, { cwd: root, deadlineSeconds: 1800, onLine: show });
  return stepResult("engine", ready.seconds, ready.code === 0 ? undefined : lastLines(ready, 15).join("\n"));
}

const results = [await prepare()];
if (results[0].failed === 0)
  for (const pair of asked(process.argv.slice(2))) results.push(...(await runPair(pair)));
process.stdout.write(summary(results, { seconds: performance.now() / 1000 }));
process.exitCode = exitCode(results);
