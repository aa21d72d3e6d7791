#!/usr/bin/env node
// All checks and all tests, those against the real engine and the sandbox included, from a clean checkout.
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { runStaticChecks, stepResult } from "./lib/checks.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { notRun, runInLanes, runJest } from "./lib/jest.mjs";
import { say, withProgress } from "./lib/progress.mjs";
import { lastLines, run } from "./lib/run.mjs";
import { exitCode, summary } from "./lib/summary.mjs";
import { endWithUs, startSandbox, testSandboxes } from "./lib/test-sandbox.mjs";

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

/** Tests of the real thing at a time: each lane has a sandbox of its own. With two, two cores wait a quarter of the time. */
const LANES = 3;

/** Files of a run that get a second trial where they fail. */
const TRIED_AGAIN = 2;

/**
 * The files that take longest, the longest first. That of the real services builds their tree where there is none, while the other lanes work; it makes its
 * stack of the demo's project at once, and the demo's own test begins later. Tours lie apart, since one tree is built at a time.
 */
const LONGEST = [
  "whole-cloud.test.ts",
  "previews.test.ts",
  "client-check-links.test.ts",
  "tours/bullseye.test.ts",
  "demo.test.ts",
  "cut.test.ts",
  "tours/trixie.test.ts",
  "containers-services.test.ts",
  "ceph-client.test.ts",
  "tours/forky.test.ts",
  "stretch.test.ts",
  "managed.test.ts",
  "containers-cluster.test.ts",
  "client-check.test.ts",
  "service.test.ts",
  "client-check-places.test.ts",
];

/** All at once: one mostly compiles, the others mostly download, and share what they have downloaded. */
function startAll(sandboxes) {
  const names = sandboxes.map(({ name }) => name).join(", ");
  const doing = `bringing the Pulumi engine and the sandboxes ${names}`;
  const usually = "4 to 8 min from nothing, half a minute when all were there";
  const startSandboxes = async () => {
    const results = [];
    for (const sandbox of sandboxes) {
      results.push(await startSandbox(sandbox, show));
      if (results.at(-1).failed > 0) break; // the next one would fail as well, and no sooner
    }
    return results;
  };
  return withProgress({ who, doing, usually, everySeconds: 30 }, () =>
    Promise.all([startEngine(), startSandboxes()]),
  );
}

/** What keeps tests from running, in one sentence. */
const obstacle = (...needs) => needs.find(({ failed }) => failed > 0)?.failures[0]?.said.split("\n")[0];

async function runReal(sandboxes, [engine, hosts]) {
  const up = sandboxes.filter((_, at) => hosts[at]?.failed === 0);
  const noHosts = up.length === 0 ? obstacle(...hosts) : undefined;
  const noEngine = noHosts ?? obstacle(engine);
  const reasons = { oracle: noHosts, integration: noEngine, tours: noEngine, cloud: noEngine };
  const results = [engine, ...hosts];
  for (const [project, why] of Object.entries(reasons)) {
    if (why === undefined) continue;
    say(who, `tests not run: ${project}: ${why}`);
    results.push(notRun(root, project, why));
  }
  const runnable = Object.keys(reasons).filter((project) => reasons[project] === undefined);
  if (runnable.length === 0) return results;
  const lanes = up.map((sandbox) => ({
    env: { ...sandbox.env, SANDBOX_JSON: sandbox.description },
    renew: () => startSandbox(sandbox, show),
  }));
  const options = {
    who,
    usually: "20 min",
    lanes,
    first: LONGEST,
    deadlineSeconds: 3000,
    triedAgain: TRIED_AGAIN,
  };
  return [...results, ...(await runInLanes(root, runnable, options))];
}

async function checkAll(sandboxes) {
  try {
    await ensureDependencies(root, who);
  } catch (error) {
    return [stepResult("dependencies", 0, error.message)];
  }
  const quick = {
    who,
    projects: ["unit", "component", "contract", "histories"],
    usually: "7 min",
    deadlineSeconds: 1800,
    triedAgain: TRIED_AGAIN,
  };
  const runQuick = async () => [...(await runStaticChecks(root, who)), ...(await runJest(root, quick))];
  // Checks keep one core busy, and bringing sandboxes up is mostly waiting for disks and daemons.
  const [results, real] = await Promise.all([runQuick(), startAll(sandboxes)]);
  return [...results, ...(await runReal(sandboxes, real))];
}

function hintsFor(all) {
  return all
    .filter(({ temporary }) => temporary === undefined)
    .map(
      ({ name }) =>
        `The sandbox ${name} stays for the next run. To take it away: SANDBOX_NAME=${name} sandbox/sandbox destroy`,
    );
}

const sandboxes = testSandboxes(root, LANES);
const destroy = endWithUs(sandboxes);
const results = await checkAll(sandboxes);
results.push(...(await destroy(who)));
process.stdout.write(summary(results, { seconds: performance.now() / 1000, hints: hintsFor(sandboxes) }));
process.exitCode = exitCode(results);
