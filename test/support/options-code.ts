/** Where the services' own code is, and its Python: the sandbox's tree of a release of Debian, or a folder with packages of the Python index. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What a program of Python, or of this code, came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a text of Python with that code: its arguments and its standard input. */
export type Code = (program: string, args: readonly string[], input?: string) => Ended;

const ended = (command: string, args: readonly string[], input: string): Ended => {
  const done = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (done.error !== undefined) throw done.error;
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
};

const sandbox = join(__dirname, "..", "..", "sandbox", "sandbox");

// Victoria's eventlet wants a name server when it is loaded.
const NAMED = 'echo "nameserver 127.0.0.1" >>/etc/resolv.conf; exec python3 -W ignore -c "$@"';

/** What the distribution packages, in the sandbox's release. */
export const inSandbox: Code = (program, args, input = "") =>
  ended(sandbox, ["run-in-code", "sh", "-c", NAMED, "sh", program, ...args], input);

/** What is installed in a virtual environment. */
export const inEnvironment =
  (folder: string): Code =>
  (program, args, input = "") =>
    ended(join(folder, "bin", "python"), ["-W", "ignore", "-c", program, ...args], input);
