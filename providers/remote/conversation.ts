import type { Writable } from "node:stream";
import { eachLine, type Execution, type Link } from "./execution.js";
import { Failure } from "./failure.js";
import type { Conversation, RunRequest } from "./machine.js";
import { startProgram, type Running, type Surroundings } from "./programs.js";
import { redact } from "./redact.js";
import { notBegun, privilegeOn } from "./sudo.js";

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

interface Deadline {
  readonly seconds: number;
  readonly late: Failure;
}

/** Waits until the program has begun or ended: sudo and the login shell say no by ending. @throws the failure of the deadline */
const beginsWithin = async (
  { seconds, late }: Deadline,
  execution: Execution,
  beginning: Promise<void>,
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

/** The two ends of a program that was started: what may be said to it, and what it says. */
const endsOf = ({ execution, marker, preamble }: Running, host: string, name: string) => {
  const stderr = lastWords(execution, marker);
  const lines = linesAfterMarker(execution, marker);
  const ends = mailbox<End>();
  const { send, close } = sender(execution.stdin, host, name);
  if (preamble !== "") execution.stdin.write(preamble);
  void execution.ended.then((ending) => {
    close();
    if (ending.failure === undefined) ends.put({ code: ending.code, stderr: stderr() });
    else ends.put({ code: null, stderr: stderr(), failure: ending.failure });
  });
  const end = (): void => void execution.stdin.end();
  const conversation: Conversation = { send, onLine: lines.listen, onEnd: ends.listen, end };
  return { conversation, lines, stderr };
};

/** Starts a program that stays. Resolves when it has begun. @throws as `runProgram` */
export const converse = async (
  link: Link,
  { login, commandTimeoutSeconds }: Surroundings,
  request: Omit<RunRequest, "stdin">,
): Promise<{ conversation: Conversation; ended: Promise<unknown> }> => {
  const { name } = request.program;
  const privilege = await privilegeOn(link, login, request.become ?? true);
  const running = await startProgram(link, login, { ...request, privilege });
  const { execution } = running;
  const { conversation, lines, stderr } = endsOf(running, login.host, name);
  const seconds = request.timeoutSeconds ?? commandTimeoutSeconds;
  const what = `did not begin within ${seconds} s`;
  const late = new Failure({ code: "timeout", host: login.host, command: name, what });
  await beginsWithin({ seconds, late }, execution, lines.beginning);
  if (lines.hasBegun()) return { conversation, ended: execution.ended };
  const ending = await execution.ended;
  throw ending.failure ?? notBegun(login, { code: ending.code, stderr: stderr() });
};
