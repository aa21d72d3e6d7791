import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./progress.mjs";

/** When a process started, in ticks since boot: a process number alone is given again. Empty where there is no /proc. */
function startOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isAlive(holder) {
  const [pid, start] = holder.trim().split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  return !start || startOf(pid) === start;
}

function readHolder(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** link(2) creates the name with its content at once, or fails: nobody sees a lock without its holder. */
function take(path, own) {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead holder's lock aside. If it turns out to be a newer one by then, it is put back. */
function clearDead(path, own, seen) {
  const aside = `${own}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== seen) take(path, aside);
  rmSync(aside, { force: true });
}

async function acquire(path, own, options) {
  const until = Date.now() + options.waitSeconds * 1000;
  let nextWord = 0;
  while (!take(path, own)) {
    const holder = readHolder(path);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      clearDead(path, own, holder);
      continue;
    }
    if (Date.now() > until) throw new Error(`process ${holder.split(" ")[0]} holds ${path} for too long`);
    if (Date.now() >= nextWord) {
      say(options.who, `waiting for another run (process ${holder.split(" ")[0]}) that does the same …`);
      nextWord = Date.now() + 15_000;
    }
    await sleep(500);
  }
}

/**
 * Does `work` while no other process of this machine does work under the same lock file. A holder that was killed
 * does not block: its lock is taken over.
 * @template T
 * @param {string} path
 * @param {{ who: string, waitSeconds: number }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws when a living process holds it for `waitSeconds`
 */
export async function withLock(path, options, work) {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}`;
  const content = `${process.pid} ${startOf(process.pid)}\n`;
  writeFileSync(own, content);
  try {
    await acquire(path, own, options);
  } finally {
    rmSync(own, { force: true });
  }
  try {
    return await work();
  } finally {
    if (readHolder(path) === content) rmSync(path, { force: true });
  }
}
