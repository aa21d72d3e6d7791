#!/usr/bin/env node
// All checks and all tests, those against the real engine and the sandbox included, from a clean checkout.
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { runStaticChecks, stepResult } from "./lib/checks.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { notRun, runJest } from "./lib/jest.mjs";
import { say, withProgress } from "./lib/progress.mjs";
import { lastLines, run } from "./lib/run.mjs";
import { exitCode, summary } from "./lib/summary.mjs";
import { endWithUs, startSandbox, testSandbox } from "./lib/test-sandbox.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const who = "test";
const show = (line) => process.stderr.write(`  ${line}\n`);

async function startEngine() {
  const args = [join(root, "scripts", "engine.mjs"), "ensure"];
  const result = await run(process.execPath, args, { cwd: root, deadlineSeconds: 1800, onLine: show });
  return stepResult(
    "engine",
    result.seconds,
    result.code === 0 ? undefined : lastLines(result, 15).join("\n"),
  );
}

/** Both at once: one mostly compiles, the other mostly downloads. */
function startBoth(sandbox) {
  const doing = `bringing the Pulumi engine and the sandbox ${sandbox.name}`;
  const usually = "4 to 8 min from nothing, half a minute when both were there";
  return withProgress({ who, doing, usually, everySeconds: 30 }, () =>
    Promise.all([startEngine(), startSandbox(sandbox, show)]),
  );
}

/** What keeps tests from running, in one sentence. */
const obstacle = (...needs) => needs.find(({ failed }) => failed > 0)?.failures[0]?.said.split("\n")[0];

async function runReal(sandbox) {
  const [engine, hosts] = await startBoth(sandbox);
  const env = { ...sandbox.env, SANDBOX_JSON: sandbox.description };
  const sets = [
    { project: "oracle", usually: "1 to 3 min", deadlineSeconds: 900, why: obstacle(hosts) },
    { project: "integration", usually: "5 to 15 min", deadlineSeconds: 2400, why: obstacle(hosts, engine) },
  ];
  const results = [engine, hosts];
  for (const { project, why, ...more } of sets) {
    if (why !== undefined) say(who, `tests not run: ${project}: ${why}`);
    const options = { who, projects: [project], args: ["--runInBand"], env, ...more };
    results.push(...(why === undefined ? await runJest(root, options) : [notRun(root, project, why)]));
  }
  return results;
}

async function checkAll(sandbox) {
  try {
    await ensureDependencies(root, who);
  } catch (error) {
    return [stepResult("dependencies", 0, error.message)];
  }
  const quick = { who, projects: ["unit", "component", "contract"], usually: "1 min", deadlineSeconds: 1200 };
  const results = [...(await runStaticChecks(root, who)), ...(await runJest(root, quick))];
  return [...results, ...(await runReal(sandbox))];
}

function hintsFor({ temporary, name }) {
  if (temporary !== undefined) return [];
  return [
    `The sandbox ${name} stays for the next run. To take it away: SANDBOX_NAME=${name} sandbox/sandbox destroy`,
  ];
}

const sandbox = testSandbox(root);
const destroy = endWithUs(sandbox);
const results = await checkAll(sandbox);
results.push(...(await destroy(who)));
process.stdout.write(summary(results, { seconds: performance.now() / 1000, hints: hintsFor(sandbox) }));
process.exitCode = exitCode(results);
