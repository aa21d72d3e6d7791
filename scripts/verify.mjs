#!/usr/bin/env node
// The quick checks: everything that needs nothing but Node.
import { dirname } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { runStaticChecks, stepResult } from "./lib/checks.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { runJest } from "./lib/jest.mjs";
import { exitCode, summary } from "./lib/summary.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const who = "verify";
const quick = {
  who,
  projects: ["unit", "component", "contract", "histories"],
  usually: "8 min",
  deadlineSeconds: 1200,
};

async function check() {
  try {
    await ensureDependencies(root, who);
  } catch (error) {
    return [stepResult("dependencies", 0, error.message)];
  }
  return [...(await runStaticChecks(root, who)), ...(await runJest(root, quick))];
}

const results = await check();
process.stdout.write(summary(results, { seconds: performance.now() / 1000 }));
process.exitCode = exitCode(results);
