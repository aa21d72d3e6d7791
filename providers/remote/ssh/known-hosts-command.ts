import { spawn } from "node:child_process";
import { isAbsolute } from "node:path";
import { environmentOf } from "../environment.js";
import { Failure } from "../failure.js";
import { splitWords } from "./config.js";
import { fingerprint, typeOf } from "./key-blob.js";
import { NOTHING_KNOWN, parseKnownHosts, pick, type KnownHost } from "./known-hosts.js";
import { expandValue } from "./tokens.js";
import { searchName, type HostKeyRules, type KnownHostsCommand } from "./way.js";

/** What is asked of the command. @see https://man.openbsd.org/ssh_config#KnownHostsCommand */
export interface Question {
  /** `ORDER` before the connection, `HOSTNAME` for the key that is shown. */
  readonly call: "ORDER" | "HOSTNAME";
  readonly blob?: Buffer;
  readonly withoutPort?: boolean;
}

interface Ended {
  readonly stdout: string;
  /** What went wrong. */
  readonly wrong?: string | undefined;
}

/** More than any list of one host's keys. */
const LONGEST = 1_000_000;

const start = (argv: readonly string[], timeoutSeconds: number): Promise<Ended> =>
  new Promise((resolve) => {
    const [program = "", ...args] = argv;
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: environmentOf(process.env),
    });
    let [stdout, stderr, wrong] = ["", "", ""];
    const stop = (why: string): void => {
      wrong ||= why;
      try {
        // With what it has started: that holds its output open.
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended.
      }
      child.stdout.destroy();
    };
    const timer = setTimeout(() => stop(`did not end within ${timeoutSeconds} s`), timeoutSeconds * 1000);
    const end = (why: string | undefined): void => {
      clearTimeout(timer);
      const said = stderr.trim() === "" ? "" : `: ${stderr.trim().slice(-500)}`;
      resolve({ stdout, wrong: why === undefined ? undefined : `${why}${said}` });
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      if (stdout.length > LONGEST) stop("printed more than 1 MB");
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr = (stderr + chunk).slice(-2000);
    });
    child.on("error", (error) => end(error.message));
    child.on("close", (code, signal) => {
      if (wrong !== "") end(wrong);
      else end(code === 0 ? undefined : `ended with ${signal ?? `exit code ${String(code)}`}`);
    });
  });

const failed = (host: string, { text, where }: KnownHostsCommand, wrong: string): Failure =>
  new Failure({
    code: "host-key",
    host,
    what: `KnownHostsCommand ${text} (${where}) ${wrong}`,
    cure:
      "Run it by hand. Without it: give the lines of the hosts in ceph-openstack:knownHosts, which count in place of files and command, or say\n" +
      "  `KnownHostsCommand none` for this host in your own ~/.ssh/config, which is read first.",
  });

const tokensOf = (name: string, { call, blob }: Question): Readonly<Record<string, string>> => ({
  H: name,
  I: call,
  t: blob === undefined ? "NONE" : typeOf(blob),
  f: blob === undefined ? "NONE" : fingerprint(blob),
  K: blob === undefined ? "NONE" : blob.toString("base64"),
});

/** Words with tokens and environment expanded; the program itself stands as it is written. */
const argvOf = (
  host: string,
  command: KnownHostsCommand,
  more: Readonly<Record<string, string>>,
): string[] => {
  const [program, ...args] = splitWords(command.text, false) ?? [];
  if (program === undefined || !isAbsolute(program))
    throw failed(host, command, "must begin with an absolute path");
  const tokens = { ...command.tokens, ...more };
  return [
    program,
    ...args.map((word) => expandValue(word, tokens, { env: process.env, where: command.where })),
  ];
};

/** Keys that the command prints for a host; none where there is no command. @throws Failure `host-key` where it fails, as OpenSSH does */
export const printedKeys = async (
  host: string,
  rules: HostKeyRules,
  question: Question,
): Promise<KnownHost> => {
  const { command, lines } = rules;
  if (command === undefined || lines !== undefined) return NOTHING_KNOWN;
  const name = question.withoutPort === true ? rules.name : searchName(rules);
  const argv = argvOf(host, command, tokensOf(name, question));
  const { stdout, wrong } = await start(argv, command.timeoutSeconds);
  if (wrong !== undefined) throw failed(host, command, wrong);
  const found = pick(rules, parseKnownHosts(stdout, `KnownHostsCommand ${command.text}`, "command"));
  return question.withoutPort === true
    ? { keys: [], withoutPort: found.withoutPort }
    : { keys: found.keys, withoutPort: [] };
};
