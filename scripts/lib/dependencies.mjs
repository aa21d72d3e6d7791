import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { withProgress } from "./progress.mjs";
import { ending, lastLines, run } from "./run.mjs";

function readPackages(path) {
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
}

/**
 * What is wanted by the lock file and not installed. npm writes `node_modules/.package-lock.json` at the end of an
 * installation, so that an interrupted one shows; times of files would not (a checkout renews them all).
 * @param {string} root the checkout
 * @returns {string[]} paths such as "node_modules/ssh2"
 */
export function missingDependencies(root) {
  const wanted = readPackages(join(root, "package-lock.json")) ?? { "node_modules/": {} };
  const installed = readPackages(join(root, "node_modules", ".package-lock.json")) ?? {};
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== "" && !entry.optional && !entry.link)
    .filter(([path, entry]) => installed[path]?.version !== entry.version || !existsSync(join(root, path)))
    .map(([path]) => path);
}

async function install(root, who) {
  const args = existsSync(join(root, "package-lock.json")) ? ["ci"] : ["install"];
  const step = { who, doing: `installing npm packages by npm ${args[0]}`, usually: "10 to 60 s" };
  await withProgress(step, async () => {
    const options = { cwd: root, deadlineSeconds: 900 };
    // Scripts of dependencies build what we do not need and fetch a plugin of Pulumi's.
    const result = await run("npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund"], options);
    if (result.code === 0) return;
    throw new Error(`npm ${args[0]} ${ending(result)}:\n  ${lastLines(result, 12).join("\n  ")}`);
  });
}

/**
 * Makes `node_modules` agree with the lock file; does nothing (some 10 ms) when it does.
 * @param {string} root the checkout
 * @param {string} [who] the script that asks, for the lines of progress
 * @returns {Promise<boolean>} whether something was installed
 * @throws with npm's own last lines when the installation fails
 */
export async function ensureDependencies(root, who = "npm") {
  if (missingDependencies(root).length === 0) return false;
  const lock = join(root, ".pulumi-home", "dependencies.lock");
  return withLock(lock, { who, waitSeconds: 900 }, async () => {
    if (missingDependencies(root).length === 0) return false;
    await install(root, who);
    return true;
  });
}
