/** The processes of an engine that this test started: found by the chain of parents, so that no other run's is ever touched. */
import { readdirSync, readFileSync } from "node:fs";

const read = (pid: string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended in between
  }
};

/** The name in parentheses may hold anything; what follows the last one is numbers. */
const parentOf = (pid: string): string => read(pid, "stat").split(")").at(-1)?.trim().split(" ")[1] ?? "0";

const isBelow = (pid: string, ancestor: string): boolean =>
  pid === ancestor || (pid !== "0" && pid !== "1" && isBelow(parentOf(pid), ancestor));

const below = (isWanted: (program: string, script: string) => boolean): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const [program = "", script = ""] = read(pid, "cmdline").split("\0");
      return isWanted(program, script) && isBelow(pid, String(process.pid));
    })
    .map(Number);

/** kill -9. @returns how many there were */
const kill = (pids: readonly number[]): number => {
  for (const pid of pids) process.kill(pid, "SIGKILL");
  return pids.length;
};

/** Process ids of the dynamic providers that descend from this process. */
export const providerPids = (): number[] =>
  below((program, script) => program.endsWith("node") && script.includes("dynamic-provider"));

export const killProviders = (): number => kill(providerPids());

export const killEngines = (): number => kill(below((program) => program.endsWith("/pulumi")));
