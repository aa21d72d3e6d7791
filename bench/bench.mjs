#!/usr/bin/env node
// Measures the demo beside four other ways to the same end. See README.md beside this file.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../scripts/lib/dependencies.mjs";
import { duration, say } from "../scripts/lib/progress.mjs";
import { TITLES, optionsOf, usage } from "./lib/options.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const relayMilliseconds = 20;
/** The first column of a round moves on by one each time. */
const rotated = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];

async function prepare(who) {
  await ensureDependencies(root, who);
  const { must } = await import("../scripts/lib/must.mjs");
  await must(["npm", "run", "-s", "build"], { cwd: root });
  const { ensureEngine } = await import("../scripts/engine/ensure.mjs");
  await ensureEngine(root);
  const { openSandbox, scratchIn } = await import("./lib/hosts.mjs");
  say(who, "an empty cluster and pristine hosts (usually 20 s; 2 min from nothing) …");
  return { root, sandbox: await openSandbox(root, () => {}), scratch: scratchIn(root) };
}

/** What there is to do, from a preview of the demo, which reaches no host. */
async function jobOfDemo(given) {
  const { demoPeer } = await import("./lib/columns.mjs");
  const { jobOf } = await import("./lib/job.mjs");
  const peer = demoPeer(given);
  await peer.start();
  try {
    return jobOf(JSON.parse((await peer.previewJson()).stdout));
  } finally {
    await peer.end();
  }
}

async function waysTo(site, { ways, scratch }) {
  const { relayed, straight } = await import("./lib/relay.mjs");
  const file = join(scratch, "ssh_config.relayed");
  const makers = {
    straight: () => straight(site),
    relayed: () => relayed(site, { file, milliseconds: relayMilliseconds }),
  };
  return Promise.all(ways.map(async (name) => ({ name, ...(await makers[name]()) })));
}

async function measureAll(given, { ways, columns, rounds }) {
  const { peerOf } = await import("./lib/columns.mjs");
  const { measurePeer } = await import("./lib/measure.mjs");
  const samples = [];
  for (let round = 0; round < rounds; round += 1)
    for (const way of ways)
      for (const name of rotated(columns, round)) {
        const peer = peerOf(name, { ...given, way });
        const measured = await measurePeer({ ...given, name, peer });
        samples.push({ round, way: way.name, column: name, ...measured });
        const times = Object.entries(measured.verbs).map(
          ([verb, { seconds }]) => `${verb} ${duration(seconds)}`,
        );
        say("bench", `round ${round + 1} of ${rounds}, ${way.name}, ${TITLES[name]}: ${times.join(", ")}`);
      }
  return samples;
}

/** As prettier wants it, since `npm run format` looks here too. */
async function writeResults(results) {
  const { format } = await import("prettier");
  mkdirSync(join(root, "bench", "results"), { recursive: true });
  const file = join(root, "bench", "results", `${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeFileSync(
    file,
    await format(JSON.stringify(results, undefined, 2), { parser: "json", printWidth: 110 }),
  );
  return file;
}

function writeReadme(table) {
  const file = join(root, "README.md");
  const text = readFileSync(file, "utf8");
  const between = /(<!-- bench -->\n)[^]*(<!-- \/bench -->)/;
  if (!between.test(text)) throw new Error("README.md has no markers <!-- bench --> and <!-- /bench -->");
  writeFileSync(
    file,
    text.replace(between, (_all, start, end) => `${start}\n${table}\n\n${end}`),
  );
}

async function report(samples, { columns, empty, write, parallel }) {
  const { figuresOf } = await import("./lib/figures.mjs");
  const { judge } = await import("./lib/targets.mjs");
  const { asMarkdown, asText, rowsOf, targetsText } = await import("./lib/tables.mjs");
  const figures = figuresOf(samples);
  const rows = rowsOf(figures, columns);
  const targets = judge(figures);
  const why = Object.entries(empty).map(([column, reason]) => `${TITLES[column]} is empty: ${reason}.\n`);
  process.stdout.write(`\n${asText(rows)}\n${why.join("")}\n${targetsText(targets)}\n`);
  const machine = { cores: cpus().length, model: cpus()[0]?.model, load: loadavg() };
  const file = await writeResults({ machine, relayMilliseconds, parallel, empty, samples, targets, rows });
  say("bench", `all figures: ${file}`);
  if (write) writeReadme([asMarkdown(rows), ...why].join("\n"));
}

async function main() {
  const options = optionsOf(process.argv.slice(2));
  const { sandbox, scratch } = await prepare("bench");
  const { whyEmpty } = await import("./lib/columns.mjs");
  const sockets = mkdtempSync(join(tmpdir(), "bench-"));
  const ways = await waysTo(sandbox.site, { ...options, scratch });
  try {
    const base = { root, scratch, sockets, sandbox, site: sandbox.site, parallel: options.parallel };
    const job = await jobOfDemo({ ...base, way: ways[0] });
    const empty = await whyEmpty(root, options.columns);
    const columns = options.columns.filter((column) => empty[column] === undefined);
    const samples = await measureAll({ ...base, job }, { ...options, columns, ways });
    await report(samples, { ...options, empty });
  } finally {
    for (const way of ways) way.close();
    rmSync(sockets, { recursive: true, force: true });
  }
}

main().catch((error) => {
  const wrong = error.code?.startsWith?.("ERR_PARSE_ARGS") || error instanceof RangeError;
  process.stderr.write(`bench: ${error.message}\n${wrong ? `${usage}\n` : ""}`);
  process.exitCode = wrong ? 2 : 1;
});
