// Three Pulumi projects under one roof: the demo, resources that do nothing, and @pulumi/command.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import ts from "typescript";
import { installCommandPlugin } from "../../scripts/engine/command-plugin.mjs";
import { say } from "../../scripts/lib/progress.mjs";
import { pulumiEnv, pulumiPaths } from "../../scripts/lib/pulumi-env.mjs";
import { must } from "../../scripts/lib/must.mjs";

/** The demo, by the root Pulumi.yaml, compiled beforehand: the others are JavaScript too. */
export function compiledDemo(root, scratch) {
  const settings = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  const main = /^main: (.*)$/m.exec(settings)?.[1];
  if (main === undefined) throw new Error("Pulumi.yaml: no main");
  const folder = join(scratch, "demo");
  mkdirSync(folder, { recursive: true });
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(readFileSync(join(root, main), "utf8"), { compilerOptions });
  writeFileSync(join(folder, "index.js"), outputText);
  const plain = settings
    .replace(/^main: .*$/m, "main: index.js")
    .replace("typescript: true", "typescript: false");
  writeFileSync(join(folder, "Pulumi.yaml"), plain);
  return folder;
}

/** A stack named `bench` of one project, with a backend of the bench's own. */
export function newProject(root, { folder, scratch, env = {} }) {
  const pulumi = join(pulumiPaths(root).bin, "pulumi");
  const backend = join(scratch, "state");
  mkdirSync(backend, { recursive: true });
  const all = { ...pulumiEnv(root), PULUMI_BACKEND_URL: `file://${backend}`, ...env };
  const call = (args) =>
    must([pulumi, ...args, "--non-interactive", "--stack", "bench"], {
      cwd: folder,
      env: all,
    });
  const file = join(folder, "Pulumi.bench.yaml");
  return {
    call,
    start: async (config) => {
      rmSync(file, { force: true });
      await call(["stack", "init"]);
      const pairs = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
      if (pairs.length > 0) await call(["config", "set-all", ...pairs]);
    },
    end: async () => {
      await call(["stack", "rm", "--force", "--yes"]).catch(() => undefined);
      rmSync(file, { force: true });
    },
    /** Bytes of state per custom resource, providers and components left out. */
    stateBytes: async () => {
      const { deployment } = JSON.parse((await call(["stack", "export"])).stdout);
      const own = deployment.resources.filter((r) => r.custom && !r.type.startsWith("pulumi:providers:"));
      return Math.round(own.reduce((sum, r) => sum + JSON.stringify(r).length, 0) / own.length);
    },
  };
}

/** What is timed of a Pulumi project. Nothing but the engine's own command is inside the clock. */
export const verbsOf = ({ call }) => ({
  first: () => call(["up", "--yes", "--skip-preview"]),
  again: () => call(["up", "--yes", "--skip-preview", "--expect-no-changes"]),
  preview: () => call(["preview", "--expect-no-changes"]),
  refresh: () => call(["up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes"]),
});

/**
 * Sees to the plugin of @pulumi/command: installed, a release archive named by PULUMI_COMMAND_PLUGIN, or a download by the CLI.
 * @returns {Promise<string | undefined>} why there is none
 */
export async function commandPlugin(root) {
  try {
    await installCommandPlugin(root, process.env.PULUMI_COMMAND_PLUGIN);
    return undefined;
  } catch (error) {
    say("bench", error.message);
    return "the plugin of @pulumi/command could not be installed (PULUMI_COMMAND_PLUGIN may name its release archive)";
  }
}

export async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
