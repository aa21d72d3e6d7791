import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { pulumiPaths } from "../lib/pulumi-env.mjs";
import { run } from "../lib/run.mjs";

/** What a program in JavaScript with dynamic resources needs of the engine. */
export const PARTS = /** @type {const} */ ([
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-pulumi-nodejs",
]);

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() && statSync(path).size > 0;
  } catch {
    return false;
  }
}

/** Whether a folder holds an engine that can be used. */
export function isComplete(bin) {
  return PARTS.every((part) => isExecutable(join(bin, part)));
}

/**
 * The version that a `pulumi` reports, such as "3.250.0".
 * @returns {Promise<string | undefined>} undefined when it does not run
 */
export async function versionOf(pulumi, env = process.env) {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await run(pulumi, ["version"], { deadlineSeconds: 20, env: quiet }).catch(() => undefined);
  return result?.code === 0 ? /^v?(\d+\.\d+\.\d+)/m.exec(result.stdout)?.[1] : undefined;
}

/** Folder of the launcher's own cache for one version. */
export function versionFolder(root, version) {
  return join(pulumiPaths(root).home, "versions", version);
}

/**
 * Fills the launcher's folder for one version: `fill` works in a temporary folder beside it, which takes its place
 * in one rename when it holds a complete engine that runs.
 * @param {string} root the checkout
 * @param {string} version
 * @param {(folder: string) => Promise<void> | void} fill makes `<folder>/bin/…`
 */
export async function installInto(root, version, fill) {
  const target = versionFolder(root, version);
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), ".partial-"));
  try {
    mkdirSync(join(folder, "bin"));
    await fill(folder);
    const missing = PARTS.filter((part) => !isExecutable(join(folder, "bin", part)));
    if (missing.length > 0) throw new Error(`the engine came without ${missing.join(", ")}`);
    const found = await versionOf(join(folder, "bin", "pulumi"));
    if (found !== version) throw new Error(`the engine says it is ${found ?? "nothing"}, not ${version}`);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A passphrase once made stays: the state of the checkout's stacks is encrypted with it. */
function ensurePassphrase(path) {
  if (existsSync(path)) return;
  writeFileSync(path, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
}

/** The checkout's own home, backend and passphrase. @param {string} root */
export function ensureHome(root) {
  const paths = pulumiPaths(root);
  mkdirSync(paths.home, { recursive: true, mode: 0o700 });
  mkdirSync(paths.state, { recursive: true });
  ensurePassphrase(paths.passphraseFile);
}

/** Notes which engine the checkout uses. @param {string} root @param {{ version: string, origin: string }} record */
export function writeRecord(root, record) {
  const path = pulumiPaths(root).record;
  writeFileSync(`${path}.new`, `${JSON.stringify(record)}\n`);
  renameSync(`${path}.new`, path);
}
