/** The provider's process of an engine that this test started: found by the chain of parents, so that no other run's is ever touched. */
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

/** Process ids of the dynamic providers that descend from this process. */
export const providerPids = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const [program = "", script = ""] = read(pid, "cmdline").split("\0");
      return (
        program.endsWith("node") && script.includes("dynamic-provider") && isBelow(pid, String(process.pid))
      );
    })
    .map(Number);

/** kill -9. @returns how many there were */
export const killProviders = (): number => {
  const pids = providerPids();
  for (const pid of pids) process.kill(pid, "SIGKILL");
  return pids.length;
};
