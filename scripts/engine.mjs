#!/usr/bin/env node
// Brings a Pulumi engine into this checkout: see `usage` below. Needs nothing but Node.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installCommandPlugin } from "./engine/command-plugin.mjs";
import { ensureEngine } from "./engine/ensure.mjs";
import { say } from "./lib/progress.mjs";
import { pulumiEnv, pulumiPaths, pulumiSettings } from "./lib/pulumi-env.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const usage = `usage: node scripts/engine.mjs VERB
  ensure [--pinned]        make \`npx pulumi\` work here: your own pulumi from PATH (not with --pinned), else an
                           earlier build, else a download, else a build from source
  run ARGUMENTS…           run pulumi with this checkout's own home, backend and passphrase
  env                      print these settings for a shell: eval "$(node scripts/engine.mjs env)"
  command-plugin [--file F]  install the plugin of @pulumi/command: by download, or from a release archive
Everything lies below .pulumi-home in the checkout; your own Pulumi login, home and state are never touched.`;

async function ensure(args) {
  const engine = await ensureEngine(root, { pinnedOnly: args.includes("--pinned") });
  say("engine", `pulumi ${engine.version} is ready (${engine.origin})`);
  const plugin = process.env.PULUMI_COMMAND_PLUGIN;
  if (plugin) say("engine", `plugin of @pulumi/command: ${await installCommandPlugin(root, plugin)}`);
  return 0;
}

/** Stays in our process group and on our terminal: the user's Ctrl-C reaches it as in a plain run. */
function runPulumi(args) {
  const pulumi = join(pulumiPaths(root).bin, "pulumi");
  const child = spawn(pulumi, args, { stdio: "inherit", env: pulumiEnv(root) });
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(error.code === "ENOENT" ? new Error("no engine yet: `ensure` first") : error),
    );
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function printEnv() {
  const settings = pulumiSettings(root);
  const foreign = Object.keys(process.env).filter(
    (name) => name.startsWith("PULUMI_") && !(name in pulumiEnv(root)),
  );
  if (foreign.length > 0) process.stdout.write(`unset ${foreign.join(" ")}\n`);
  for (const [name, value] of Object.entries(settings))
    process.stdout.write(`export ${name}=${quoted(value)}\n`);
  process.stdout.write(`export PATH=${quoted(`${pulumiPaths(root).bin}:`)}"$PATH"\n`);
  return 0;
}

async function commandPlugin([flag, file]) {
  if (flag !== undefined && (flag !== "--file" || !file)) return badUsage();
  await ensureEngine(root);
  say("engine", `plugin of @pulumi/command: ${await installCommandPlugin(root, file)}`);
  return 0;
}

function badUsage() {
  process.stderr.write(`${usage}\n`);
  return 2;
}

const verbs = { ensure, run: runPulumi, env: printEnv, "command-plugin": commandPlugin };
const [verb = "", ...args] = process.argv.slice(2);
try {
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : badUsage;
  process.exitCode = await act(args);
} catch (error) {
  say("engine", error.message);
  process.exitCode = 1;
}
