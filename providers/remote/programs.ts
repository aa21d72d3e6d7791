import type { Writable } from "node:stream";
import { Failure } from "./failure.js";
import { collect, eachLine, type Execution, type Link, type Outcome } from "./execution.js";
import type { Conversation, RunRequest, RunResult } from "./machine.js";
import { redact } from "./redact.js";
import { commandLine, type CommandLine, type Privilege, type Words } from "./shell.js";
import { forgetPrivilege, notBegun, privilegeOn, started, wantsPasswordNow, type Login } from "./sudo.js";

export interface Surroundings {
  readonly login: Login;
  readonly commandTimeoutSeconds: number;
}

const wordsOf = ({ program, args }: Pick<RunRequest, "program" | "args">): Words => ({
  text: program.text,
  name: program.name,
  args: args ?? [],
});

/** The password line, and the marker that tells the program's shell where the payload begins. */
const preamble = (privilege: Privilege, login: Login, { marker }: CommandLine): Buffer =>
  Buffer.from(privilege === "sudo-password" ? `${login.password ?? ""}\n${marker}\n` : "");

const attempt = async (
  link: Link,
  around: Surroundings,
  request: RunRequest,
  privilege: Privilege,
): Promise<Outcome> => {
  const command = commandLine(wordsOf(request), privilege);
  const payload =
    typeof request.stdin === "string"
      ? Buffer.from(request.stdin, "utf8")
      : (request.stdin ?? Buffer.alloc(0));
  const execution = await started(link, command, around.login.host);
  return collect(execution, {
    host: around.login.host,
    name: request.program.name,
    marker: command.marker,
    stdin: Buffer.concat([preamble(privilege, around.login, command), payload]),
    timeoutSeconds: request.timeoutSeconds ?? around.commandTimeoutSeconds,
  });
};

/** Runs a program to its end. @throws Failure `sudo`, `authentication`, `timeout`, `cut`; GONE where nothing was started */
export const runProgram = async (
  link: Link,
  around: Surroundings,
  request: RunRequest,
): Promise<RunResult> => {
  const become = request.become ?? true;
  const privilege = await privilegeOn(link, around.login, become);
  let outcome = await attempt(link, around, request, privilege);
  if (wantsPasswordNow(privilege, around.login, outcome)) {
    forgetPrivilege(link);
    outcome = await attempt(link, around, request, await privilegeOn(link, around.login, become));
  }
  if (!outcome.begun) throw notBegun(around.login, outcome);
  const signal = outcome.signal === undefined ? {} : { signal: outcome.signal };
  return { code: outcome.code, ...signal, stdout: outcome.stdout, stderr: outcome.stderr };
};

type End = Parameters<Parameters<Conversation["onEnd"]>[0]>[0];

/** A listener that is set once, and what came before it was set. */
const mailbox = <T>(): { put: (item: T) => void; listen: (listener: (item: T) => void) => void } => {
  const kept: T[] = [];
  let listener: ((item: T) => void) | undefined;
  return {
    put: (item) => {
      if (listener === undefined) kept.push(item);
      else listener(item);
    },
    listen: (to) => {
      listener = to;
      kept.splice(0).forEach(to);
    },
  };
};

const sender = (stdin: Writable, host: string, name: string) => {
  let ended = false;
  stdin.on("error", () => undefined);
  const refuse = (): Failure =>
    new Failure({ code: "cut", host, command: name, what: "has ended; nothing more can be sent to it" });
  return {
    close: () => {
      ended = true;
    },
    send: (line: string): Promise<void> =>
      new Promise((resolve, reject) => {
        if (ended || !stdin.writable) return reject(refuse());
        stdin.write(`${line}\n`, (error) => (error ? reject(refuse()) : resolve()));
      }),
  };
};

/** Output up to the marker belongs to the profile; the rest, line by line, to the listener. */
const linesAfterMarker = (execution: Execution, marker: string) => {
  const lines = mailbox<string>();
  let begun = false;
  let begin: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => {
    begin = resolve;
  });
  eachLine(execution.stdout, (line) => {
    if (begun) return lines.put(line);
    // A profile may leave half a line before the marker.
    begun = line.endsWith(marker);
    if (begun) begin();
  });
  return { listen: lines.listen, beginning, hasBegun: () => begun };
};

const lastWords = (execution: Execution, marker: string): (() => string) => {
  let text = "";
  execution.stderr.on("error", () => undefined);
  execution.stderr.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString("utf8")).slice(-16_384);
  });
  return () =>
    redact(text.slice(text.includes(`${marker}\n`) ? text.indexOf(`${marker}\n`) + marker.length + 1 : 0));
};

/** Rejects where the program has not begun in time; sudo and the login shell answer by ending. */
const beginsWithin = async (
  execution: Execution,
  beginning: Promise<void>,
  late: Failure,
  seconds: number,
): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      execution.stop();
      reject(late);
    }, seconds * 1000);
  });
  try {
    await Promise.race([beginning, execution.ended, deadline]);
  } finally {
    clearTimeout(timer);
  }
};

/** Starts a program that stays. Resolves when it has begun. @throws as `runProgram` */
export const converse = async (
  link: Link,
  around: Surroundings,
  request: Omit<RunRequest, "stdin">,
): Promise<{ conversation: Conversation; ended: Promise<unknown> }> => {
  const { login } = around;
  const name = request.program.name;
  const privilege = await privilegeOn(link, login, request.become ?? true);
  const command = commandLine(wordsOf(request), privilege);
  const execution = await started(link, command, login.host);
  const stderr = lastWords(execution, command.marker);
  const lines = linesAfterMarker(execution, command.marker);
  const ends = mailbox<End>();
  const { send, close } = sender(execution.stdin, login.host, name);
  const first = preamble(privilege, login, command);
  if (first.length > 0) execution.stdin.write(first);
  void execution.ended.then((ending) => {
    close();
    ends.put(
      ending.failure === undefined
        ? { code: ending.code, stderr: stderr() }
        : { code: null, stderr: stderr(), failure: ending.failure },
    );
  });
  const seconds = request.timeoutSeconds ?? around.commandTimeoutSeconds;
  const late = new Failure({
    code: "timeout",
    host: login.host,
    command: name,
    what: `did not begin within ${seconds} s`,
  });
  await beginsWithin(execution, lines.beginning, late, seconds);
  if (!lines.hasBegun()) {
    const ending = await execution.ended;
    throw ending.failure ?? notBegun(login, { code: ending.code, stderr: stderr() });
  }
  const conversation = {
    send,
    onLine: lines.listen,
    onEnd: ends.listen,
    end: () => void execution.stdin.end(),
  };
  return { conversation, ended: execution.ended };
};
