import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const project = join(__dirname, "..", "..", "..");

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A checkout with the real scripts and a stand-in for everything outside: npm packages, tools on PATH, caches. */
export interface FakeCheckout {
  readonly root: string;
  /** The one folder on PATH. */
  readonly tools: string;
  /** Folder of kept builds; checkouts made with the same one share them. */
  readonly cache: string;
  /** Puts an executable on PATH: the body of a Node program. */
  tool(name: string, body: string): void;
  engine(...args: string[]): Promise<Outcome>;
  /** Runs a module that may import the checkout's scripts. */
  module(text: string): Promise<Outcome>;
  remove(): void;
}

/** Asks for the address that the launcher would ask for its installer, and runs what comes. */
const launcher = (url: string) => `
const { writeFileSync, rmSync } = require("node:fs");
exports.installCLI = async (version, folder, { fetchText, execScript }) => {
  const path = folder + "/from-launcher.sh";
  writeFileSync(path, await fetchText(${JSON.stringify(url)}));
  execScript(path, ["--version", version, "--install-root", folder]);
  rmSync(path);
};`;

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

function fill(root: string, url: string): void {
  cpSync(join(project, "scripts"), join(root, "scripts"), { recursive: true });
  write(join(root, "package.json"), JSON.stringify({ devDependencies: { pulumi: "3.250.0" } }));
  write(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {} } }));
  write(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: {} }));
  write(join(root, "node_modules/pulumi/lib/download.js"), launcher(url));
  write(join(root, "node_modules/@pulumi/pulumi/pulumi-resource-pulumi-nodejs"), "#!/bin/sh\n");
}

function start(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

/** @param url where its launcher looks for an installer; by default a port that nobody listens on */
export function fakeCheckout(url = "http://127.0.0.1:47/install.sh", sharedCache?: string): FakeCheckout {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "engine-test-")));
  const [root, tools] = [join(base, "checkout"), join(base, "tools")];
  const cache = sharedCache ?? join(base, "cache");
  mkdirSync(tools);
  fill(root, url);
  const env = { PATH: tools, HOME: base, PULUMI_CEPH_OPENSTACK_CACHE: cache };
  return {
    root,
    tools,
    cache,
    tool: (name, body) => write(join(tools, name), `#!${process.execPath}\n${body}\n`, 0o755),
    engine: (...args) => start([join(root, "scripts", "engine.mjs"), ...args], base, env),
    module: (text) => start(["--input-type=module", "-e", text], root, env),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
