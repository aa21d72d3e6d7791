import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Socket } from "node:net";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { Ending, Link } from "./execution.js";
import { Failure } from "./failure.js";

/** Whether a process and its ends keep ours alive. */
const holder =
  (child: ChildProcessByStdio<Writable, Readable, Readable>) =>
  (busy: boolean): void => {
    const ends = [child.stdin, child.stdout, child.stderr].filter((end) => end instanceof Socket);
    for (const end of [child, ...ends]) {
      if (busy) end.ref();
      else end.unref();
    }
  };

/** This machine, by `/bin/sh` instead of a connection. */
export const localLink = (host: string): Link => ({
  start: async (line) => {
    const child = spawn("/bin/sh", ["-c", line], { stdio: ["pipe", "pipe", "pipe"], detached: true });
    const ended = new Promise<Ending>((resolve) => {
      child.on("error", (error) => {
        resolve({
          failure: new Failure({
            code: "command",
            command: "/bin/sh",
            host,
            what: `/bin/sh cannot be started here: ${error.message}`,
          }),
        });
      });
      child.on("close", (code, signal) => {
        resolve(signal === null ? { code } : { code: null, signal });
      });
    });
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
