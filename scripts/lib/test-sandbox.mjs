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

/**
 * In CI one of its own from nothing, so that what a machine already has is not what makes the tests pass. Else `test`,
 * which stays up, beside the demo's `default`.
 * @param {string} root the checkout
 * @param {NodeJS.ProcessEnv} base
 * @returns {TestSandbox}
 */
export function testSandbox(root, base = process.env) {
  const command = join(root, "sandbox", "sandbox");
  const make = (name, state, more = {}) => {
    const env = { ...base, SANDBOX_NAME: name, SANDBOX_STATE: state, ...more };
    return { name, command, env, description: join(state, name, "sandbox.json"), temporary: undefined };
  };
  if (base.CI !== "true")
    return make(base.SANDBOX_NAME ?? "test", base.SANDBOX_STATE ?? "/var/lib/ceph-openstack-sandbox");
  // Not tmpdir(): root file systems of hosts are large, and /tmp may be memory.
  const temporary = mkdtempSync(join(base.TMPDIR ?? "/var/tmp", "ceph-openstack-ci-"));
  const own = make(`ci-${process.pid}`, join(temporary, "state"), {
    SANDBOX_CACHE: join(temporary, "cache"),
  });
  return { ...own, temporary };
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

function removeTemporary(sandbox) {
  if (!hasMounts(sandbox.temporary))
    rmSync(sandbox.temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}

/**
 * Sees to it that a sandbox of CI is gone when this process is, also after Ctrl-C and after a crash of the script.
 * @param {TestSandbox} sandbox
 * @returns {(who: string) => Promise<import("./checks.mjs").Result[]>} takes it away now; nothing when it stays
 */
export function endWithUs(sandbox) {
  if (sandbox.temporary === undefined) return async () => [];
  let gone = false;
  process.on("exit", () => {
    if (gone) return;
    // In a process group of its own, so that a second Ctrl-C does not stop it half-way.
    const options = { env: sandbox.env, stdio: "inherit", detached: true, timeout: 180_000 };
    if (!existsSync(sandbox.command) || spawnSync(sandbox.command, ["destroy"], options).status === 0)
      removeTemporary(sandbox);
  });
  return async (who) => {
    if (!existsSync(sandbox.command)) return [];
    const step = { who, doing: `taking the sandbox ${sandbox.name} away`, usually: "10 s" };
    const result = await withProgress(step, () =>
      run(sandbox.command, ["destroy"], { env: sandbox.env, deadlineSeconds: 300 }),
    );
    gone = result.code === 0;
    if (gone) removeTemporary(sandbox);
    return gone ? [] : [stepResult("clean-up", result.seconds, lastLines(result, 10).join("\n"))];
  };
}
