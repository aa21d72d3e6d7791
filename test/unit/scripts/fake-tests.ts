/** A checkout whose npm, Jest, engine and sandbox are stand-ins that note how they were called. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fakeCheckout } from "./fake-checkout";
import type { FakeCheckout } from "./fake-checkout";

let fake: FakeCheckout;

export function setUp(): FakeCheckout {
  fake = fakeCheckout();
  addNpm();
  addJest();
  addEngine(0);
  addSandbox("");
  return fake;
}

const log = () => join(fake.tools, "log");
/** How the stand-ins were called, in order. */
export const calls = () => (existsSync(log()) ? readFileSync(log(), "utf8").trimEnd().split("\n") : []);

export function put(path: string, body: string): void {
  mkdirSync(dirname(join(fake.root, path)), { recursive: true });
  writeFileSync(join(fake.root, path), body);
}

const note = (word: string) =>
  `require("node:fs").appendFileSync(${JSON.stringify(log())}, ${word} + "\\n");`;

/** `npm run --silent NAME`: the named one fails. */
export function addNpm(failing = "none"): void {
  fake.tool(
    "npm",
    `const name = process.argv.at(-1);
    ${note(`"npm " + name`)}
    if (name === "${failing}") { console.log("src/a.ts: no good"); process.exit(1); }`,
  );
}

/** Jest that reports one passed test for each project, or what a test of ours has it report. */
export function addJest(more = ""): void {
  put(
    "node_modules/jest/bin/jest.js",
    `const args = process.argv.slice(2);
    const projects = args.slice(args.indexOf("--selectProjects") + 1);
    ${note(`"jest " + projects.join(" ") + (process.env.SANDBOX_JSON ? " with " + process.env.SANDBOX_JSON : "")`)}
    const file = (project, tests, status = "passed", message = "") => ({
      name: ${JSON.stringify(fake.root)} + "/test/" + project + "/a.test.ts",
      startTime: 0, endTime: 1000, status, message, assertionResults: tests,
    });
    const good = { status: "passed", fullName: "works", failureMessages: [] };
    let testResults = projects.map((project) => file(project, [good]));
    let code = 0;
    ${more}
    const output = args[args.indexOf("--outputFile") + 1];
    if (testResults) require("node:fs").writeFileSync(output, JSON.stringify({ testResults }));
    process.exit(code);`,
  );
}

export function addEngine(code: number): void {
  put("scripts/engine.mjs", `console.error("engine: no way to an engine"); process.exit(${code});`);
}

export function addSandbox(body: string): void {
  put(
    "sandbox/sandbox",
    `#!${process.execPath}
    const fs = require("node:fs");
    const { SANDBOX_NAME: name, SANDBOX_STATE: state, SANDBOX_CACHE: cache } = process.env;
    const verb = process.argv[2];
    ${note(`"sandbox " + verb + " " + name`)}
    if (verb !== "destroy") { ${body} }
    if (verb !== "destroy") fs.mkdirSync(state + "/" + name, { recursive: true });
    if (verb !== "destroy") fs.writeFileSync(state + "/" + name + "/sandbox.json", "{}");`,
  );
  chmodSync(join(fake.root, "sandbox/sandbox"), 0o755);
}

export interface Run {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly out: string;
}

function start(script: string, env: Record<string, string>) {
  const all = {
    PATH: fake.tools,
    HOME: fake.root,
    TMPDIR: fake.tools,
    SANDBOX_STATE: join(fake.root, "state"),
    ...env,
  };
  return spawn(process.execPath, [join(fake.root, "scripts", script)], {
    cwd: fake.root,
    env: all,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export function run(script: string, env: Record<string, string> = {}): Promise<Run> {
  const child = start(script, env);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.resume();
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, lines: out.trimEnd().split("\n") }));
  });
}

export const lastOf = ({ lines }: Run) => lines.at(-1);
/** What a sandbox of CI has left behind. */
export const ofCi = () => readdirSync(fake.tools).filter((name) => name.startsWith("ceph-openstack-ci-"));
