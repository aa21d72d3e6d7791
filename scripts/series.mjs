#!/usr/bin/env node
// What the component writes, held against the services' own releases from the Python index: `npm run test:series -- zed 2023.1`, or all series.
// Each has a virtual environment of its own, made once in .series. Writes what passed into docs/releases.md.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { stepResult } from "./lib/checks.mjs";
import { runFile } from "./lib/jest.mjs";
import { must } from "./lib/must.mjs";
import { say, withProgress } from "./lib/progress.mjs";
import { environment, pythonOf } from "./lib/python.mjs";
import { lastLines, run } from "./lib/run.mjs";
import { asked, installed, pageWith, rowOf, versionsIn } from "./lib/series.mjs";
import { exitCode, summary } from "./lib/summary.mjs";

const who = "series";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = process.env.SERIES_CACHE ?? join(root, ".series");
const page = join(root, "docs", "releases.md");
const file = join(root, "test", "series", "options.test.ts");
const env = { UV_CACHE_DIR: join(cache, "uv-cache"), UV_PYTHON_DOWNLOADS: "never", ...process.env };

/** What another machine may have told of it stays in the table. */
const notHere = ({ name, pythons }) => ({
  ...{ name, kind: "tests", passed: 0, failed: 0, skipped: 1, seconds: 0, failures: [] },
  note: `there is no Python ${pythons.join(" or ")} here`,
});

/** Its environment, made once. @returns {Promise<import("./lib/checks.mjs").Result | undefined>} the failure, where there is one */
async function install(uv, series, { home, python }) {
  if (existsSync(join(home, "complete"))) return undefined;
  rmSync(home, { recursive: true, force: true });
  await must([uv, "venv", "--quiet", "--python", python.command, home], { env, deadlineSeconds: 120 });
  const doing = `installing ${series.name} for Python ${python.version}`;
  const done = await withProgress({ who, doing, usually: "1 to 3 min" }, () =>
    run(uv, installed(series, join(home, "bin", "python")), { env, deadlineSeconds: 1800 }),
  );
  if (done.code !== 0) return stepResult(series.name, done.seconds, lastLines(done, 30).join("\n"));
  writeFileSync(join(home, "complete"), "");
  return undefined;
}

/** One series: its environment, its tests, its row. */
async function runSeries(uv, series) {
  const python = await pythonOf(series.pythons);
  if (python === undefined) return notHere(series);
  const home = join(cache, series.name);
  const failure = await install(uv, series, { home, python });
  if (failure !== undefined) return failure;
  const freeze = [uv, "pip", "freeze", "--python", join(home, "bin", "python")];
  const versions = versionsIn((await must(freeze, { env, deadlineSeconds: 120 })).stdout);
  const options = { who, env: { ...process.env, SERIES_HOME: home }, deadlineSeconds: 1800 };
  const result = await runFile(root, { project: "series", file }, options);
  const row = rowOf(series, { python: python.version, versions }, result);
  if (result.failed === 0) writeFileSync(page, pageWith(readFileSync(page, "utf8"), [row]));
  return { ...result, name: series.name };
}

mkdirSync(cache, { recursive: true });
const wanted = asked(process.argv.slice(2));
const uv = join(await environment(cache, "uv", ["uv"]), "bin", "uv");
const results = [];
for (const series of wanted) {
  say(who, series.name);
  results.push(await runSeries(uv, series));
}
process.stdout.write(summary(results, { seconds: performance.now() / 1000 }));
process.exitCode = exitCode(results);
