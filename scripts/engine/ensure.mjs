import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureDependencies } from "../lib/dependencies.mjs";
import { withLock } from "../lib/lock.mjs";
import { say } from "../lib/progress.mjs";
import { pinnedVersion, pulumiPaths } from "../lib/pulumi-env.mjs";
import { buildEngine, isBuildKept } from "./build.mjs";
import { downloadEngine } from "./download.mjs";
import { findOwnEngine, linkOwnEngine } from "./found.mjs";
import { ensureHome, isComplete, versionFolder, versionOf, writeRecord } from "./install.mjs";

/** Longer than the longest way: npm, a download at its deadline, a build on a slow machine. */
const WAIT_SECONDS = 5400;

const ORIGINS = {
  own: "your own, from PATH",
  kept: "built earlier on this machine",
  downloaded: "downloaded by the official launcher",
  built: "built here from its published source",
};

/** What a run that was killed left of its temporary folders. */
function clearPartial(root) {
  const versions = join(pulumiPaths(root).home, "versions");
  if (!existsSync(versions)) return;
  const left = readdirSync(versions).filter((name) => name.startsWith(".partial-"));
  for (const name of left) rmSync(join(versions, name), { recursive: true, force: true });
}

/** The ways to an engine, the quick ones first. Each installs one and gives its record, or says why it cannot. */
function waysTo(root, version, pinnedOnly) {
  const own = async () => {
    if (pinnedOnly) throw new Error("left out, because of --pinned");
    const found = await findOwnEngine(root, process.env.PATH ?? "");
    if ("unusable" in found) throw new Error(found.unusable);
    await linkOwnEngine(root, found);
    return { version: found.version, origin: ORIGINS.own };
  };
  const kept = async () => {
    if (!isBuildKept(version)) throw new Error("none");
    await buildEngine(root, version);
    return { version, origin: ORIGINS.kept };
  };
  const downloaded = async () => {
    await downloadEngine(root, version);
    return { version, origin: ORIGINS.downloaded };
  };
  const built = async () => {
    await buildEngine(root, version);
    return { version, origin: ORIGINS.built };
  };
  return [
    { name: "your own `pulumi`", go: own },
    { name: "an earlier build", go: kept },
    { name: "the launcher's download", go: downloaded },
    { name: "a build from source", go: built },
  ];
}

function noWay(root, version, tried) {
  const bin = join(versionFolder(root, version), "bin");
  return new Error(
    [
      `no Pulumi engine could be brought onto this machine. Tried:`,
      ...tried.map(({ name, why }) => `  - ${name}: ${why}`),
      `Any one of these mends it:`,
      `  - install Pulumi (3.216 or later) so that \`pulumi version\` works, and run this again`,
      `  - let this machine reach the download host (the launcher honours no proxy variables), and run this again`,
      `  - install Go 1.25.11 or later, with a module proxy it can reach, and run this again: it builds the engine`,
      `  - copy the bin folder of pulumi ${version} from another machine to ${bin}`,
    ].join("\n"),
  );
}

async function findWay(root, version, pinnedOnly) {
  const tried = [];
  for (const way of waysTo(root, version, pinnedOnly)) {
    try {
      return await way.go();
    } catch (error) {
      tried.push({ name: way.name, why: error.message });
      if (way.name.startsWith("the launcher")) say("engine", `  no: ${error.message}`);
    }
  }
  throw noWay(root, version, tried);
}

/** The record of what is installed already; a user's engine that was updated or taken away since shows here. */
function installed(root, pinnedOnly) {
  const paths = pulumiPaths(root);
  const pinned = pinnedVersion(root);
  if (isComplete(join(versionFolder(root, pinned), "bin"))) {
    const known = existsSync(paths.record) ? JSON.parse(readFileSync(paths.record, "utf8")) : {};
    return known.version === pinned ? known : { version: pinned, origin: "in the launcher's folder already" };
  }
  if (pinnedOnly || !existsSync(paths.record) || !isComplete(paths.bin)) return undefined;
  return JSON.parse(readFileSync(paths.record, "utf8"));
}

/**
 * Makes `npx pulumi` work in the checkout, with a home, file backend and passphrase of its own.
 * @param {string} root the checkout
 * @param {{ pinnedOnly?: boolean }} [options] `pinnedOnly`: never the user's own engine
 * @returns {Promise<{ version: string, origin: string, bin: string }>}
 * @throws with all that was tried and what to do, when there is no way to an engine
 */
export async function ensureEngine(root, options = {}) {
  await ensureDependencies(root, "engine");
  const lock = join(pulumiPaths(root).home, "engine.lock");
  return withLock(lock, { who: "engine", waitSeconds: WAIT_SECONDS }, async () => {
    ensureHome(root);
    clearPartial(root);
    const pinnedOnly = options.pinnedOnly ?? false;
    const record = installed(root, pinnedOnly) ?? (await findWay(root, pinnedVersion(root), pinnedOnly));
    writeRecord(root, record);
    const { bin } = pulumiPaths(root);
    const version = (await versionOf(join(bin, "pulumi"))) ?? record.version;
    return { version, origin: record.origin, bin };
  });
}
