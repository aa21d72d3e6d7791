import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Socket } from "node:net";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { Ending, Link } from "./execution.js";
import { environmentOf } from "./environment.js";
import { Failure } from "./failure.js";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Whether a process and its ends keep ours alive. */
const holder =
  (child: Child) =>
  (busy: boolean): void => {
    const ends = [child.stdin, child.stdout, child.stderr].filter((end) => end instanceof Socket);
    for (const end of [child, ...ends]) {
      if (busy) end.ref();
      else end.unref();
    }
  };

const endOf = (child: Child, host: string): Promise<Ending> =>
  new Promise((resolve) => {
    child.on("error", (error) => {
      const what = `/bin/sh cannot be started here: ${error.message}`;
      resolve({ failure: new Failure({ code: "command", command: "/bin/sh", host, what }) });
    });
    child.on("close", (code, signal) => resolve(signal === null ? { code } : { code: null, signal }));
  });

/** This machine, by `/bin/sh` instead of a connection. */
export const localLink = (host: string): Link => ({
  start: async (line) => {
    const child = spawn("/bin/sh", ["-c", line], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env: environmentOf(process.env),
    });
    const ended = endOf(child, host);
    const stop = (): void => {
      // The whole group: the shell, sudo where we may, and what they started.
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, constants.signals.SIGTERM);
      } catch {
        child.kill("SIGTERM");
      }
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
    };
    return {
      kind: "started",
      execution: {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        ended,
        stop,
        hold: holder(child),
      },
    };
  },
});
