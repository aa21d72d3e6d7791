import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, type Readable, type Writable } from "node:stream";
import type { Ending, Execution, Start } from "../execution.js";
import { backOff, pause } from "../limit.js";
import { explainEnd, explainLate } from "./openssh-trouble.js";
import { clearSecrets, openRoom, type Room } from "./openssh-room.js";
import { noSsh, sshEnvironment, type OpenSshWay } from "./openssh-way.js";
import type { Connection } from "./pool.js";
import { cut, type Trouble } from "./trouble.js";

/** Attempts where a server turns connections away unseen (MaxStartups refuses at random above 10 at a time). */
const ATTEMPTS = 6;
/** Milliseconds between two looks for what ssh has done: a socket, a line of its log. */
const LOOK = 5;
/** Milliseconds that ssh's last words may take: a command that carries the connection may hold its output open. */
const LAST_WORDS = 300;
/** Bytes of the master's log that are kept. */
const LOG = 65_536;

/** A master connection in its room. */
interface Master {
  readonly way: OpenSshWay;
  readonly room: Room;
  readonly env: NodeJS.ProcessEnv;
  gone: boolean;
  log: string;
  programs: number;
  /** Settles when the guard has said all that it had to say. */
  readonly silent: Promise<unknown>;
  readonly listeners: Set<() => void>;
}

/** The master is asked, and nobody else: where it is gone, the command that would carry a connection of its own fails at once. */
const toMaster = ({ room }: Master): string[] => [
  "-F",
  "none",
  "-S",
  room.socket,
  "-T",
  "-o",
  "ControlMaster=no",
  "-o",
  "ProxyCommand=false",
];

const run = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | null> =>
  new Promise((resolve) => {
    const child = spawn("ssh", args, {
      env: sshEnvironment(env),
      stdio: "ignore",
      detached: true,
      timeout: 5000,
    });
    child.on("error", () => resolve(null));
    child.on("close", resolve);
  });

const isAlive = async (master: Master): Promise<boolean> =>
  !master.gone && (await run([...toMaster(master), "-O", "check", "--", "master"], master.env)) === 0;

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** The last thing that the master said about its connection. */
const lastWords = ({ log }: Master): string | undefined =>
  log
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^debug\d: |^Killed by signal/.test(line))
    .at(-1);

/** ssh's own failures, and a program that a signal has ended, look like exit code 255; its log tells which it was. */
const endingOf = async (master: Master, code: number | null, log: string): Promise<Ending> => {
  if (code !== null && (code !== 255 || log.includes("Received exit status from master 255")))
    return { code };
  if (code !== null && (await isAlive(master))) return { code: null };
  return { failure: cut(master.way, lastWords(master)) };
};

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

/** The output of a process, read at once, to be read again by whoever is handed it. */
const handedOn = (stream: Readable): { stream: Readable; read: Promise<void> } => {
  const pass = new PassThrough();
  const read = new Promise<void>((resolve) => pass.once("close", resolve));
  stream.on("error", () => pass.end());
  stream.pipe(pass);
  return { stream: pass, read };
};

const OPENED = "master session id";

/** Why nothing was started: only where the far end was never asked may it be asked again. */
const notStarted = (master: Master, log: string): Start | Trouble => {
  if (log.includes("Session open refused by peer")) return { kind: "busy" };
  if (/request_session: (read|write)/.test(log))
    return { failure: cut(master.way, lastWords(master)), again: false };
  return { kind: "gone" };
};

const executionOf = (master: Master, child: Program, log: () => string): Execution => {
  const [stdout, stderr] = [handedOn(child.stdout), handedOn(child.stderr)];
  const ended = new Promise<Ending>((resolve) => {
    child.on("close", (code) => {
      const whole = Promise.all([stdout.read, stderr.read]);
      void whole.then(async () => resolve(await endingOf(master, code, log())));
    });
  });
  const stop = (): void => void child.kill();
  return { stdin: child.stdin, stdout: stdout.stream, stderr: stderr.stream, ended, stop };
};

/** Waits until the far end has opened a channel, or ssh has ended. */
const opened = async (child: Program, log: () => string): Promise<boolean> => {
  while (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    if (log().includes(OPENED)) return true;
    await pause(LOOK);
  }
  return log().includes(OPENED);
};

const startOn = async (master: Master, line: string): Promise<Start> => {
  if (master.gone) return { kind: "gone" };
  master.programs += 1;
  const path = join(master.room.directory, `log${master.programs}`);
  const log = (): string => textOf(path);
  const args = [...toMaster(master), "-vv", "-E", path, "--", "master", line];
  const child = spawn("ssh", args, {
    env: sshEnvironment(master.env),
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  const execution = executionOf(master, child, log);
  void execution.ended.then(() => rmSync(path, { force: true }));
  if (await opened(child, log)) return { kind: "started", execution };
  const answer = notStarted(master, log());
  execution.stdout.resume();
  execution.stderr.resume();
  if ("failure" in answer) throw answer.failure;
  if (answer.kind === "gone") lose(master);
  return answer;
};

const lose = (master: Master): void => {
  if (master.gone) return;
  master.gone = true;
  master.room.guard.stdin.end();
  for (const listener of [...master.listeners]) listener();
  master.listeners.clear();
};

const watch = (master: Master): void => {
  const { guard } = master.room;
  guard.stderr.on("data", (chunk: Buffer) => {
    master.log = (master.log + chunk.toString("utf8")).slice(-LOG);
  });
  guard.on("error", () => lose(master));
  guard.on("exit", () => lose(master));
};

const linkTo = (master: Master): Connection => ({
  start: (line) => startOn(master, line),
  lost: () => master.gone,
  onLost: (listener) => {
    if (master.gone) listener();
    else master.listeners.add(listener);
  },
  end: () => void master.room.guard.stdin.end(),
});

const enter = (way: OpenSshWay, env: NodeJS.ProcessEnv, socket?: string): Master => {
  const room = openRoom(way, env, socket);
  const silent = new Promise((resolve) => room.guard.once("close", resolve));
  const fresh = { gone: false, log: "", programs: 0, listeners: new Set<() => void>() };
  const master = { way, room, env, silent, ...fresh };
  watch(master);
  return master;
};

/** Seconds that a login may take: each hop has its own timeout. */
const loginSeconds = ({ connectTimeoutSeconds, jumps }: OpenSshWay): number =>
  connectTimeoutSeconds * (jumps ? 2 : 1) + 1;

const missing = /ssh: (command )?not found/;

const once = async (way: OpenSshWay, env: NodeJS.ProcessEnv): Promise<Connection | Trouble> => {
  const master = enter(way, env);
  const { guard, socket } = master.room;
  const seconds = loginSeconds(way);
  const late = Date.now() + seconds * 1000;
  while (!master.gone && !existsSync(socket) && Date.now() < late) await pause(LOOK);
  clearSecrets(master.room);
  if (!master.gone && existsSync(socket)) return linkTo(master);
  if (!master.gone) {
    guard.stdin.end();
    return explainLate(way, master.log, seconds);
  }
  // What it said last may still be on its way.
  await Promise.race([master.silent, pause(LAST_WORDS)]);
  if (missing.test(master.log)) throw noSsh(way.host, new Error(master.log.trim()));
  return explainEnd(way, master.log);
};

/** The operator's own open connection, where there is one. It is used and never ended. */
const operatorsOwn = async (way: OpenSshWay, env: NodeJS.ProcessEnv): Promise<Connection | undefined> => {
  if (way.ownMaster === undefined || !existsSync(way.ownMaster)) return undefined;
  const master = enter(way, env, way.ownMaster);
  if (await isAlive(master)) return linkTo(master);
  master.room.guard.stdin.end();
  return undefined;
};

/** Opens the connection of a way, or finds it open. @throws Failure */
export const connectOpenSsh = async (way: OpenSshWay, env: NodeJS.ProcessEnv): Promise<Connection> => {
  const own = await operatorsOwn(way, env);
  if (own !== undefined) return own;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once(way, env);
    if (!("failure" in answer)) return answer;
    if (!answer.again || attempt + 1 >= ATTEMPTS) throw answer.failure;
    await backOff(attempt, 150);
  }
};
