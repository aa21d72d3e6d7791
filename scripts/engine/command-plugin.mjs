import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pulumiEnv, pulumiPaths } from "../lib/pulumi-env.mjs";
import { ending, lastLines, run } from "../lib/run.mjs";

/** The version of the plugin is the version of the npm package that asks for it. */
function wantedVersion(root) {
  const path = join(root, "node_modules", "@pulumi", "command", "package.json");
  return JSON.parse(readFileSync(path, "utf8")).version;
}

/**
 * Installs the plugin of `@pulumi/command`. Only programs that ask for a hook need it.
 * @param {string} root the checkout
 * @param {string} [file] a release archive (.tar.gz) of the plugin @default the engine downloads it
 * @returns {Promise<"installed" | "there already">}
 */
export async function installCommandPlugin(root, file) {
  const version = wantedVersion(root);
  const paths = pulumiPaths(root);
  if (existsSync(join(paths.home, "plugins", `resource-command-v${version}`))) return "there already";
  const source = file === undefined ? [] : ["--file", resolve(file)];
  const args = ["plugin", "install", "resource", "command", version, ...source];
  const result = await run(join(paths.bin, "pulumi"), args, { env: pulumiEnv(root), deadlineSeconds: 120 });
  if (result.code !== 0)
    throw new Error(`pulumi plugin install ${ending(result)}: ${lastLines(result).join(" / ")}`);
  return "installed";
}
