import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stepResult } from "./checks.mjs";
import { withProgress } from "./progress.mjs";
import { lastLines, run } from "./run.mjs";

/**
 * The sandbox that tests run against.
 * @typedef {object} TestSandbox
 * @property {string} name
 * @property {string} command the program
 * @property {NodeJS.ProcessEnv} env with name, state and cache
 * @property {string} description path of sandbox.json
 * @property {string | undefined} temporary a folder that goes with it; undefined: it stays for the next run
 */

const sandboxOf = (root, name, { base, state, cache, temporary }) => ({
  name,
  command: join(root, "sandbox", "sandbox"),
  env: {
    ...base,
    SANDBOX_NAME: name,
    SANDBOX_STATE: state,
    ...(cache === undefined ? {} : { SANDBOX_CACHE: cache }),
  },
  description: join(state, name, "sandbox.json"),
  temporary,
});

/**
 * In CI sandboxes of its own from nothing, so that what a machine already has is not what makes the tests pass. Else `test`, `test-2` and
 * so on, which stay up, beside the demo's `default`. The trees that hosts are made of are shared.
 * @param {string} root the checkout
 * @param {number} count how many tests may run at a time
 * @param {NodeJS.ProcessEnv} base
 * @returns {TestSandbox[]}
 */
export function testSandboxes(root, count, base = process.env) {
  const numbered = (first) =>
    Array.from({ length: count }, (_, at) => (at === 0 ? first : `${first}-${at + 1}`));
  if (base.CI !== "true") {
    const state = base.SANDBOX_STATE ?? "/var/lib/ceph-openstack-sandbox";
    return numbered(base.SANDBOX_NAME ?? "test").map((name) => sandboxOf(root, name, { base, state }));
  }
  // Not tmpdir(): root file systems of hosts are large, and /tmp may be memory.
  const temporary = mkdtempSync(join(base.TMPDIR ?? "/var/tmp", "ceph-openstack-ci-"));
  const own = { base, state: join(temporary, "state"), cache: join(temporary, "cache"), temporary };
  return numbered(`ci-${process.pid}`).map((name) => sandboxOf(root, name, own));
}

/** Brings it up; one that is there already is made pristine. @param {TestSandbox} sandbox @param {(line: string) => void} onLine */
export async function startSandbox(sandbox, onLine) {
  if (!existsSync(sandbox.command))
    return stepResult("sandbox", 0, "there is no sandbox/sandbox in this checkout");
  const verb = existsSync(sandbox.description) ? "reset" : "up";
  const result = await run(sandbox.command, [verb], { env: sandbox.env, deadlineSeconds: 1500, onLine });
  const said = lastLines({ stdout: "", stderr: result.stderr || result.stdout }, 1)[0] ?? "it said nothing";
  return stepResult("sandbox", result.seconds, result.code === 0 ? undefined : said);
}

/** Whether anything is still mounted below a folder: then it must not be removed. */
function hasMounts(folder) {
  if (!existsSync("/proc/self/mountinfo")) return false;
  return readFileSync("/proc/self/mountinfo", "utf8").includes(` ${folder}/`);
}

function removeTemporary(folder) {
  if (!hasMounts(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}

/** Ends of names of sandboxes that files of tests bring up beside a lane's: test/support/sandbox-beside.ts. */
const BESIDE = ["cloud", "trixie", "bullseye", "forky"];

/** With those that a file has brought up beside it, where a cut run has left them. */
const withBeside = (sandbox) => {
  const beside = BESIDE.map((kind) => `${sandbox.name}-${kind}`)
    .filter((name) => existsSync(join(sandbox.env.SANDBOX_STATE, name)))
    .map((name) => ({ ...sandbox, name, env: { ...sandbox.env, SANDBOX_NAME: name } }));
  return [...beside, sandbox];
};

/** Takes one away now. @returns {Promise<string | undefined>} what it said where that failed */
async function destroy({ name, command, env }, who) {
  const step = { who, doing: `taking the sandbox ${name} away`, usually: "10 s" };
  const result = await withProgress(step, () => run(command, ["destroy"], { env, deadlineSeconds: 300 }));
  return result.code === 0 ? undefined : lastLines(result, 10).join("\n");
}

/**
 * Sees to it that sandboxes of CI are gone when this process is, also after Ctrl-C and after a crash of the script.
 * @param {TestSandbox[]} sandboxes
 * @returns {(who: string) => Promise<import("./checks.mjs").Result[]>} takes them away now; nothing when they stay
 */
export function endWithUs(sandboxes) {
  const temporary = sandboxes[0]?.temporary;
  if (temporary === undefined) return async () => [];
  let left = sandboxes.filter(({ command }) => existsSync(command));
  process.on("exit", () => {
    // In a process group of its own, so that a second Ctrl-C does not stop it half-way.
    const options = { stdio: "inherit", detached: true, timeout: 180_000 };
    const gone = left
      .flatMap(withBeside)
      .map(({ command, env }) => spawnSync(command, ["destroy"], { ...options, env }).status === 0);
    if (gone.every(Boolean)) removeTemporary(temporary);
  });
  return async (who) => {
    const failures = [];
    for (const sandbox of left.flatMap(withBeside)) {
      const said = await destroy(sandbox, who);
      if (said !== undefined) failures.push(stepResult("clean-up", 0, said));
    }
    if (failures.length === 0) left = [];
    return failures;
  };
}
