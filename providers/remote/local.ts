import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Ending, Link } from "./execution.js";
import { Failure } from "./failure.js";

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
      child.stdout.destroy();
      child.stderr.destroy();
    };
    return {
      kind: "started",
      execution: { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, stop },
    };
  },
});
