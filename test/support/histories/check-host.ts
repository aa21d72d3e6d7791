/** The program of a check, as it is, on a host and a cluster in memory: run by one python3 (`check-host.py`) for all checks of a process. */
import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A change of the world that a program has made: an object of a pool, or a file of its host. */
export interface CheckChange {
  readonly how: "add" | "drop" | "file";
  readonly pool: string;
  readonly name: string;
}

/** What the program is run with. */
export interface CheckGiven {
  readonly program: string;
  readonly plan: string;
  readonly stdin: string;
  /** Which machine it is on, and its number there. */
  readonly machine: string;
  readonly pid: number;
  /** Other checks that run there. */
  readonly alive: readonly number[];
  readonly files: Readonly<
    Record<
      string,
      { readonly bytes: string; readonly uid: number; readonly gid: number; readonly mode: string }
    >
  >;
  readonly fsid: string;
  readonly entities: Readonly<
    Record<string, { readonly key: string; readonly caps: Readonly<Record<string, string>> }>
  >;
  readonly pools: Readonly<Record<string, readonly string[]>>;
  /** It is killed before its n-th change. */
  readonly dies: number | null;
}

export interface CheckEnded {
  readonly code: number;
  readonly stdout: string;
  readonly changes: readonly CheckChange[];
}

interface Host {
  readonly ask: (line: string) => Promise<string>;
}

const start = (): Host => {
  const child = spawn("python3", ["-I", join(__dirname, "check-host.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // It keeps this process alive only while an answer is awaited, and ends with it.
  const held = [child, ...[child.stdin, child.stdout].filter((stream) => stream instanceof Socket)];
  for (const one of held) one.unref();
  return {
    async ask(line) {
      for (const one of held) one.ref();
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      for (const one of held) one.unref();
      if (done === true) throw new Error("the python3 that runs checks has ended");
      return value;
    },
  };
};

let running: Host | undefined;
let last: Promise<unknown> = Promise.resolve();

/** One after the other. */
export const runOnHost = (given: CheckGiven): Promise<CheckEnded> => {
  running ??= start();
  const { ask } = running;
  const answer = last.then(async () => {
    const ended: CheckEnded = JSON.parse(await ask(JSON.stringify(given)));
    return ended;
  });
  last = answer.catch(() => undefined);
  return answer;
};
