/**
 * What must hold after an attack: nothing outside has changed, nothing inside has rights that it must not have, and no secret can be read by
 * anybody but the owner that was desired.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { KEY, SECRET, SERVICE, type Site } from "./attack";

const describe = (path: string): string => {
  const { mode, uid, gid, size, mtimeMs } = lstatSync(path);
  return [path, mode.toString(8), uid, gid, size, mtimeMs].join(" ");
};

/** Everything outside, but the file that is mounted inside. */
export const outsideNow = ({ outside, host }: Site): string[] => [
  ...["", "secret", "program", "device", "theirs", "theirs/conf"].map((path) =>
    describe(join(outside, path)),
  ),
  ...["secret", "program", "theirs/conf"].map((path) => readFileSync(join(outside, path), "utf8")),
  readdirSync(outside).join(),
  // Temporary files too are gone.
  readdirSync(host.root).join(),
];

const inside = (directory: string): string[] =>
  readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return lstatSync(path).isDirectory() ? [path, ...inside(path)] : [path];
  });

const processesIn = (root: string): string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(root);
    } catch {
      return false; // it has ended
    }
  });

/** What a run that has ended must not leave, in words. */
export const leftovers = async ({ host }: Site): Promise<string[]> => {
  // He who waits at the pipe of a program ends after it.
  for (let time = 0; time < 100 && processesIn(host.root).length > 0; time += 1) await sleep(20);
  return [
    ...host.records().filter((name) => /\.(lock|pid|first|second)$/.test(name)),
    ...processesIn(host.root).map((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "),
    ),
  ];
};

/** What must not be inside, in words. */
export const wrongs = ({ host, outside }: Site): string[] => {
  const theirs = new Set(
    ["secret", "program", "device", "theirs/conf"].map((path) => lstatSync(join(outside, path)).ino),
  );
  return inside(host.path("svc")).flatMap((path) => {
    const { mode, uid, ino } = lstatSync(path);
    if (theirs.has(ino)) return [];
    const rights = (mode & 0o7777).toString(8);
    const found: string[] = [];
    if ((mode & 0o6000) !== 0 && uid !== SERVICE) found.push(`${path} is ${rights} of ${uid}`);
    if (!lstatSync(path).isFile()) return found;
    const text = readFileSync(path, "latin1");
    const isOpen = uid === SERVICE || (mode & 0o077) !== 0;
    if (isOpen && (text.includes(KEY) || text.includes(SECRET)))
      found.push(`${path} can be read: ${rights} of ${uid}`);
    return found;
  });
};
