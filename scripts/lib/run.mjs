import { spawn } from "node:child_process";
import { constants } from "node:os";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";

/** Process groups that live now: they end with us, whatever ends us. */
const groups = new Set();
const endings = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
let watching = false;

/** A group that is gone already is what was wanted. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function endGroupsWithUs() {
  if (watching) return;
  watching = true;
  for (const signal of endings) {
    process.on(signal, () => {
      for (const pid of groups) signalGroup(pid, "SIGTERM");
      process.exit(128 + constants.signals[signal]);
    });
  }
}

/** Ends the whole group at the deadline, the hard way if it does not listen. */
function startDeadline(pid, seconds, onPassed) {
  if (seconds === undefined) return () => {};
  let hard;
  const soft = setTimeout(() => {
    onPassed();
    signalGroup(pid, "SIGTERM");
    hard = setTimeout(() => signalGroup(pid, "SIGKILL"), 5000);
  }, seconds * 1000);
  return () => {
    clearTimeout(soft);
    clearTimeout(hard);
  };
}

function collect(stream, onLine) {
  const text = [];
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => text.push(chunk));
  if (onLine) createInterface({ input: stream }).on("line", onLine);
  return () => text.join("");
}

/**
 * Runs one command to its end, in a process group of its own that is gone when the deadline passes or we are ended.
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env] the whole environment @default process.env
 * @param {string} [options.input] standard input @default nothing
 * @param {number} [options.deadlineSeconds] @default none
 * @param {(line: string) => void} [options.onLine] sees each line of both outputs as it comes
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string, seconds: number, late: boolean }>}
 *   also when the command fails (`late`: it was ended at the deadline); throws only when it cannot be started
 */
export function run(command, args, options = {}) {
  endGroupsWithUs();
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const { cwd, env } = options;
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    let late = false;
    child.on("error", reject);
    if (child.pid === undefined) return;
    const { pid } = child;
    groups.add(pid);
    const stopDeadline = startDeadline(pid, options.deadlineSeconds, () => (late = true));
    const stdout = collect(child.stdout, options.onLine);
    const stderr = collect(child.stderr, options.onLine);
    child.stdin.on("error", () => {}); // the command may end without having read its input
    child.stdin.end(options.input ?? "");
    child.on("close", (code, signal) => {
      stopDeadline();
      groups.delete(pid);
      const seconds = (performance.now() - start) / 1000;
      resolve({ code, signal, stdout: stdout(), stderr: stderr(), seconds, late });
    });
  });
}

/** The last `count` lines of what a command said that hold anything. @param {{ stdout: string, stderr: string }} result */
export function lastLines(result, count = 5) {
  const lines = `${result.stdout}\n${result.stderr}`.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count);
}

/** How a command ended, in words. @param {{ code: number | null, signal: string | null, late: boolean, seconds: number }} result */
export function ending(result) {
  if (result.late) return `was ended at its deadline after ${Math.round(result.seconds)} s`;
  return result.signal ? `was ended by ${result.signal}` : `exited ${result.code}`;
}
