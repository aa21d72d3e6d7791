import { existsSync, realpathSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { installInto, isExecutable, PARTS, versionOf } from "./install.mjs";

/** Of the SDK's functions that the library uses, `read` with inputs is the newest: it came with 3.216. */
const OLDEST = [3, 216];

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major === OLDEST[0] && minor >= OLDEST[1];
}

/**
 * Folders of PATH that may hold the user's own engine: not the launcher (a script that would look for an engine
 * itself), nor what this checkout has installed.
 */
function ownFolders(root, path) {
  const inside = `${join(root)}${sep}`;
  return path
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.endsWith(join("node_modules", ".bin")))
    .filter((folder) => !`${folder}${sep}`.startsWith(inside));
}

function findOnPath(name, folders) {
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  return found === undefined ? undefined : realpathSync(found);
}

/** Beside `pulumi`, where its installers put them, else anywhere on PATH: the engine looks in the same two places. */
function findParts(pulumi, folders) {
  const places = [dirname(pulumi), ...folders];
  const parts = PARTS.slice(1).map((name) => [name, findOnPath(name, places)]);
  return Object.fromEntries([["pulumi", pulumi], ...parts]);
}

/**
 * The user's own `pulumi`, if PATH has one that can serve.
 * @param {string} root the checkout
 * @param {string} path the variable PATH
 * @returns {Promise<{ version: string, parts: Record<string, string> } | { unusable: string }>}
 */
export async function findOwnEngine(root, path) {
  const folders = ownFolders(root, path);
  const pulumi = findOnPath("pulumi", folders);
  if (pulumi === undefined) return { unusable: "there is no `pulumi` on PATH" };
  if (pulumi.endsWith(".js")) return { unusable: `${pulumi} on PATH is a launcher` };
  const version = await versionOf(pulumi);
  if (version === undefined) return { unusable: `${pulumi} does not run` };
  if (!isNewEnough(version))
    return { unusable: `${pulumi} is ${version}; ${OLDEST.join(".")} or later of ${OLDEST[0]}.x serves` };
  const parts = findParts(pulumi, folders);
  const missing = PARTS.filter((name) => parts[name] === undefined);
  if (missing.length > 0) return { unusable: `${pulumi} is without ${missing.join(", ")}` };
  return { version, parts };
}

/** Points the launcher's folder of that version at the user's own engine. */
export async function linkOwnEngine(root, engine) {
  await installInto(root, engine.version, (folder) => {
    for (const name of PARTS) symlinkSync(engine.parts[name], join(folder, "bin", name));
  });
}

/** Whether the launcher is installed in the checkout. @param {string} root */
export function hasLauncher(root) {
  return existsSync(join(root, "node_modules", "pulumi", "run.js"));
}
