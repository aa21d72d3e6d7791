/**
 * A machine for tests that runs the real programs with a real shell of this machine, in a scratch directory: `/var/lib/pulumi-ceph-openstack`
 * is moved there, and so is its host name; every other path is given by the test below `root`.
 */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll } from "@jest/globals";
import type { Machine, RunRequest, RunResult } from "../../providers/remote/machine";

export interface FakeHost extends Machine {
  /** The scratch directory. */
  readonly root: string;
  /** Where the records lie. */
  readonly ledger: string;
  /** Programs run so far, by name. */
  readonly ran: string[];
  /** Called before every program; may put another program's work in between, change the request, or fail. */
  before: (request: RunRequest, count: number) => RunRequest | Promise<RunRequest>;
  /** Called after every program; may fail as a cut connection does. */
  after: (result: RunResult, count: number) => RunResult | Promise<RunResult>;
  /** Loses the connection after the nth program from now on; nobody knows then what that one has done. */
  cutAfter(nth: number): void;
  /** Every program ends as it ends again. */
  heal(): void;
  path(...parts: string[]): string;
  text(path: string): string;
  records(): string[];
  /** Removes the directory before the file of tests is through: for those that make thousands. */
  dispose(): void;
}

export interface FakeHostOptions {
  /** The shell. @default ["/bin/sh"] */
  readonly shell?: readonly string[];
  readonly name?: string;
  /** Directories put before PATH. */
  readonly bin?: string;
}

const run = (
  argv: readonly string[],
  stdin: string | Uint8Array,
  env: NodeJS.ProcessEnv,
): Promise<RunResult> =>
  new Promise((resolve, reject) => {
    const [command = "", ...args] = argv;
    const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({
        code,
        ...(signal === null ? {} : { signal }),
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
    child.stdin.end(stdin);
  });

const made: FakeHost[] = [];
afterAll(() => made.splice(0).forEach((host) => host.dispose()));

/** A host that goes with its directory when the file of tests is through. */
export const fakeHost = ({ shell = ["/bin/sh"], name = "ctl1", bin }: FakeHostOptions = {}): FakeHost => {
  const root = mkdtempSync(join(tmpdir(), "fake-host-"));
  const ledger = join(root, "state", "pulumi-ceph-openstack");
  mkdirSync(join(root, "state"));
  const hostname = `${root}.hostname`;
  writeFileSync(hostname, `${basename(root)}\n`);
  const env = {
    ...process.env,
    LC_ALL: "C",
    XDG_STATE_HOME: join(root, "state"),
    PATH: `${join(root, "bin")}:${bin === undefined ? "" : `${bin}:`}${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`,
  };
  let count = 0;
  const host: FakeHost = {
    name,
    root,
    ledger,
    ran: [],
    before: (request) => request,
    after: (result) => result,
    cutAfter(nth) {
      let ended = 0;
      host.after = (result) => {
        ended += 1;
        if (ended === nth) throw new Error("the connection was lost");
        return result;
      };
    },
    heal: () => void (host.after = (result) => result),
    async run(request) {
      count += 1;
      const mine = count;
      const { program, args = [], stdin = "" } = await host.before(request, mine);
      host.ran.push(program.name);
      const text = program.text
        .replaceAll("/var/lib/pulumi-ceph-openstack", ledger)
        .replaceAll("/proc/sys/kernel/hostname", hostname);
      return host.after(await run([...shell, "-c", text, program.name, ...args], stdin, env), mine);
    },
    open: () => Promise.reject(new Error("a fake host holds no conversations")),
    path: (...parts) => join(root, ...parts),
    text: (path) => readFileSync(path, "latin1"),
    records: () => (existsSync(ledger) ? readdirSync(ledger) : []),
    dispose: () => [root, hostname].forEach((path) => rmSync(path, { recursive: true, force: true })),
  };
  made.push(host);
  return host;
};
