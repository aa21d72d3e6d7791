#!/usr/bin/env node
// Proves the package as users get it: packed, installed into an empty project, compiled there, and run by the real
// engine on a file of this machine. Ends with exit code 0 when all of it holds. Changes nothing outside its temporary
// folder but the library's own ledger, which is as before at the end.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine } from "./engine/ensure.mjs";
import { must } from "./lib/must.mjs";
import { duration, say, withProgress } from "./lib/progress.mjs";
import { pulumiEnv } from "./lib/pulumi-env.mjs";
import { run } from "./lib/run.mjs";
import { packageJson, PROGRAM, PULUMI_YAML, STOCK, TSCONFIG, WANTED } from "./pack/program.mjs";

const who = "pack-check";
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function hold(condition, message) {
  if (!condition) throw new Error(message);
}

/** Nothing but what was built, and what a person reads. */
function checkContents(files) {
  const allowed =
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|docs\/[a-z]+\.md|examples\/[a-z-]+\/(index\.ts|Pulumi\.yaml|tsconfig\.json)|dist\/.+\.(js|d\.ts))$/;
  const strange = files.filter((file) => !allowed.test(file));
  hold(!files.includes("dist/gone.js"), "the archive holds what an earlier build has left");
  hold(strange.length === 0, `the archive holds what it should not: ${strange.join(", ")}`);
  for (const needed of [
    "dist/cli.js",
    "dist/index.js",
    "dist/index.d.ts",
    "dist/provider.js",
    "dist/provider.d.ts",
  ]) {
    hold(files.includes(needed), `the archive is without ${needed}`);
  }
}

/** What git does not hold: it would take long to copy, or goes while it is copied, as the settings of a test's stack. */
const LEFT_OUT = /^(node_modules|dist|\.git|\.pulumi-home|\.layouts|coverage|Pulumi\..+\.yaml)$/;

/**
 * Packs a copy of the checkout as a maintainer does, by `npm pack` alone, which builds it: what is running from `dist` here is not disturbed.
 * Where nothing can be built, there must be no archive.
 */
async function pack(folder) {
  const copy = join(folder, "checkout");
  const filter = (path) => !LEFT_OUT.test(relative(root, path));
  cpSync(root, copy, { recursive: true, filter });
  const args = ["pack", "--pack-destination", folder];
  const bare = await run("npm", args, { cwd: copy, deadlineSeconds: 60 });
  hold(bare.code !== 0 && archives(folder).length === 0, "npm pack of what cannot be built makes an archive");
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(copy, "dist"), { recursive: true });
  writeFileSync(join(copy, "dist", "gone.js"), "");
  await must(["npm", ...args], { cwd: copy });
  const [archive] = archives(folder);
  const { stdout } = await must(["tar", "-tzf", join(folder, archive)]);
  const files = stdout.trim().split("\n");
  checkContents(files.map((path) => path.replace(/^package\//, "")));
  say(
    who,
    `  ${archive}: ${files.length} files, ${Math.round(statSync(join(folder, archive)).size / 1024)} KB`,
  );
  return join(folder, archive);
}

const archives = (folder) => readdirSync(folder).filter((name) => name.endsWith(".tgz"));

function lockedVersions() {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const names = ["@pulumi/pulumi", "@types/node", "typescript"];
  return Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`].version]));
}

function writeProject(project, archive) {
  mkdirSync(project);
  const write = (name, text) => writeFileSync(join(project, name), text);
  write("package.json", JSON.stringify(packageJson(archive, lockedVersions())));
  write("tsconfig.json", JSON.stringify(TSCONFIG));
  write("Pulumi.yaml", PULUMI_YAML);
  write("index.ts", PROGRAM);
  write("store.conf", STOCK);
}

async function install(project) {
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund"];
  const { stderr } = await must(["npm", ...args], { cwd: project });
  const warnings = stderr.split("\n").filter((line) => /peer|ERESOLVE|EBADENGINE/i.test(line));
  hold(warnings.length === 0, `npm warns: ${warnings.join(" / ")}`);
  const { stdout } = await must(["npm", "ls", "--parseable", "--all", "@pulumi/pulumi"], { cwd: project });
  const copies = stdout.split("\n").filter((line) => line.endsWith("/@pulumi/pulumi"));
  hold(copies.length === 1, `${copies.length} copies of @pulumi/pulumi are installed: ${copies.join(", ")}`);
}

/** Both entries load, the one of the provider without the other's, and both kinds of module find the library. */
async function load(project) {
  const index = `Object.keys(require.cache).filter((path) => /pulumi-ceph-openstack.dist.index\\.js$/.test(path)).length`;
  const entry = `const { provider } = require("pulumi-ceph-openstack/provider"); console.log(typeof provider, ${index})`;
  const { stdout } = await must(["node", "-e", entry], { cwd: project });
  hold(
    stdout === "function 0\n",
    `./provider gives "${stdout.trim()}", not "function 0" (it must not load index.js)`,
  );
  const esm = `import { ConfigSection } from "pulumi-ceph-openstack"; console.log(typeof ConfigSection)`;
  const module = await must(["node", "--input-type=module", "-e", esm], { cwd: project });
  hold(module.stdout === "function\n", `an ES module gets "${module.stdout.trim()}" for ConfigSection`);
}

const summaryOf = (text) => /Resources:\n((?: +.+\n)+)/.exec(text)?.[1]?.trim().replace(/\n +/g, ", ") ?? "";

/** Preview, up, no-op and destroy, and what the file is after each. */
async function live(folder, project) {
  const state = join(folder, "state");
  mkdirSync(state);
  const env = { ...pulumiEnv(root), PULUMI_BACKEND_URL: `file://${state}`, NO_COLOR: "1" };
  const file = join(project, "store.conf");
  const text = () => readFileSync(file, "utf8");
  const pulumi = async (...args) => {
    const result = await must(["pulumi", ...args, "--non-interactive"], { cwd: project, env });
    const summary = summaryOf(result.stdout);
    if (summary) say(who, `  ${args[0]}: ${summary} (${duration(result.seconds)})`);
    return result.stdout;
  };
  await pulumi("stack", "init", "packed");
  await pulumi("config", "set", "file", file);
  const doctor = ["npx", "--no-install", "pulumi-ceph-openstack", "doctor", "--stack", "packed"];
  const { stdout: diagnosis } = await must(doctor, { cwd: project, env });
  hold(/^to (?:make|change) .*store\.conf/m.test(diagnosis), `the doctor says:\n${diagnosis}`);
  const preview = await pulumi("preview");
  hold(/\+ 2 to create/.test(preview), `the preview does not create two resources:\n${preview}`);
  hold(text() === STOCK, "the preview has touched the file");
  await pulumi("up", "--yes", "--skip-preview");
  for (const line of WANTED)
    hold(text().split("\n").includes(line), `after up, "${line}" is not in:\n${text()}`);
  const { mtimeNs, ino } = statSync(file, { bigint: true });
  await pulumi("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes");
  const after = statSync(file, { bigint: true });
  hold(after.mtimeNs === mtimeNs && after.ino === ino, "an up without changes has written the file");
  await pulumi("destroy", "--yes", "--skip-preview");
  hold(text() === STOCK, `after destroy the file is not as it was:\n${text()}`);
  await pulumi("stack", "rm", "--yes");
}

async function main() {
  await ensureEngine(root);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "packed-")));
  const project = join(folder, "project");
  const step = (doing, usually, work) => withProgress({ who, doing, usually }, work);
  try {
    const archive = await step("building and packing the library", "10 s", () => pack(folder));
    writeProject(project, archive);
    await step("installing it into an empty project", "5 to 20 s", () => install(project));
    await step("loading it", "1 s", () => load(project));
    await step("compiling a program against it", "5 s", () =>
      must(["node", "node_modules/typescript/bin/tsc", "-p", "."], { cwd: project }),
    );
    await step("running the program by the real engine", "20 s", () => live(folder, project));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(who, "the package works as users get it");
}

try {
  await main();
} catch (error) {
  say(who, error.message);
  process.exitCode = 1;
}
