#!/usr/bin/env node
// What is handed over to other tools, rendered by these tools themselves: `npm run test:layouts -- kolla helm=CHECKOUT osa=FOLDER`. Needs python3 and the
// Python index for `kolla` and `osa`, HELM or Go for `helm`. Writes what passed into docs/layouts.md.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { helm } from "./layouts/helm.mjs";
import { kolla } from "./layouts/kolla.mjs";
import { osa } from "./layouts/osa.mjs";
import { say } from "./lib/progress.mjs";

const who = "layouts";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = process.env.LAYOUTS_CACHE ?? join(root, ".layouts");
const page = join(root, "docs", "layouts.md");
const TOOLS = { helm, kolla, osa };
const [BEGIN, END] = ["<!-- proofs -->", "<!-- /proofs -->"];

const cells = ({ tool, release, options }) => `| ${tool} | ${release} | ${options} |`;

/** Rows of other tools stay. */
function writeRows(rows) {
  const text = readFileSync(page, "utf8");
  const [before, rest] = text.split(BEGIN);
  const [table, after] = rest.split(END);
  const kept = table
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (?:read by|---) /.test(line))
    .filter(
      (line) =>
        !rows.some(
          ({ tool, release }) =>
            line.startsWith(`| ${tool.split(" ")[0]} `) && line.includes(`| ${release} |`),
        ),
    );
  const all = [...kept, ...rows.map(cells)].sort();
  const lines = ["| read by | release | options as in place |", "| --- | --- | --- |", ...all];
  writeFileSync(page, `${before}${BEGIN}\n\n${lines.join("\n")}\n\n${END}${after}`);
}

mkdirSync(cache, { recursive: true });
const wanted = process.argv.slice(2);
if (wanted.length === 0)
  throw new Error("say which: kolla, helm=CHECKOUT of openstack-helm, osa=FOLDER of checkouts");
let failed = false;
for (const one of wanted) {
  const [tool, source] = one.split("=");
  if (!(tool in TOOLS)) throw new Error(`${tool}: there are ${Object.keys(TOOLS).join(", ")}`);
  say(who, `${tool}: the first time its packages are fetched`);
  const rows = await TOOLS[tool](cache, source);
  for (const { tool: name, release, options, problems } of rows) {
    say(who, `${name}, ${release}: ${options} options, ${problems.length} problems`);
    for (const problem of problems) say(who, `  ${problem}`);
    failed ||= problems.length > 0;
  }
  writeRows(rows.filter(({ problems }) => problems.length === 0));
}
process.exitCode = failed ? 1 : 0;
