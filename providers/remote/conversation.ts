import type { Writable } from "node:stream";
import { within } from "./deadline.js";
import { LINE_BYTES, eachLine, tooMuch, type Execution, type Link } from "./execution.js";
import { Failure } from "./failure.js";
import type { Conversation, RunRequest } from "./machine.js";
import { handPassword } from "./password-line.js";
import { startProgram, type Running, type Surroundings } from "./programs.js";
import { redact } from "./redact.js";
import { talkInShell } from "./standing/index.js";
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

const sender = (stdin: Writable, { host, name, seconds }: Whose) => {
  let ended = false;
  stdin.on("error", () => undefined);
  const refuse = (): Failure =>
    new Failure({ code: "cut", host, command: name, what: "has ended; nothing more can be sent to it" });
  const late = (): never => {
    const what = `took nothing that was said to it within ${seconds} s`;
    throw new Failure({ code: "timeout", host, command: name, what });
  };
  const write = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (ended || !stdin.writable) return reject(refuse());
      stdin.write(`${line}\n`, (error) => (error ? reject(refuse()) : resolve()));
    });
  return {
    close: () => {
      ended = true;
    },
    send: (line: string): Promise<void> => within(seconds, write(line), late),
  };
};

/** Output up to the marker belongs to the profile; the rest, line by line, to the listener. */
const linesAfterMarker = (execution: Execution, marker: string, flooded: () => void) => {
  const lines = mailbox<string>();
  let begun = false;
  let begin: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const tell = (line: string): void => {
    if (begun) return lines.put(line);
    // A profile may leave half a line before the marker.
    begun = line.endsWith(marker);
    if (begun) begin();
  };
  eachLine(execution.stdout, tell, { most: LINE_BYTES, flooded });
  return { listen: lines.listen, beginning, hasBegun: () => begun };
};

const LAST_WORDS = 16_384;

const lastWords = (execution: Execution, marker: string): (() => string) => {
  let text = "";
  execution.stderr.on("error", () => undefined);
  execution.stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    if (text.length <= LAST_WORDS) return;
    // By whole lines: half a secret is not known as one.
    const cut = text.slice(-LAST_WORDS);
    text = cut.slice(cut.indexOf("\n") + 1 || cut.length);
  });
  return () =>
    redact(text.slice(text.includes(`${marker}\n`) ? text.indexOf(`${marker}\n`) + marker.length + 1 : 0));
};

/** Whose ends they are, and how long each step may take. */
interface Whose {
  readonly host: string;
  readonly name: string;
  readonly seconds: number;
}

/** The two ends of a program that was started: what may be said to it, and what it says. */
const endsOf = ({ execution, marker, password, message }: Running, whose: Whose) => {
  const stderr = lastWords(execution, marker);
  const ends = mailbox<End>();
  const { send, close } = sender(execution.stdin, whose);
  let flood: Failure | undefined;
  const lines = linesAfterMarker(execution, marker, () => {
    flood = tooMuch(whose, "in one line", LINE_BYTES);
    close();
    execution.stop();
    ends.put({ code: null, stderr: stderr(), failure: flood });
  });
  if (message !== undefined) execution.stdin.write(message);
  if (password !== undefined) handPassword(execution, { password, marker }, () => undefined);
  void execution.ended.then((ending) => {
    close();
    if (flood !== undefined) return;
    if (ending.failure === undefined) ends.put({ code: ending.code, stderr: stderr() });
    else ends.put({ code: null, stderr: stderr(), failure: ending.failure });
  });
  const end = (): void => void execution.stdin.end();
  const conversation: Conversation = { send, onLine: lines.listen, onEnd: ends.listen, end };
  return { conversation, lines, stderr };
};

const runningOf = async (
  link: Link,
  around: Surroundings,
  request: Omit<RunRequest, "stdin">,
): Promise<Running> => {
  const running = await talkInShell(link, around, request);
  if (!("unfit" in running)) return running;
  const privilege = await privilegeOn(link, around, request.become ?? true);
  return startProgram(link, around, { ...request, privilege });
};

/** Starts a program that stays. Resolves when it has begun. @throws as `runProgram` */
export const converse = async (
  link: Link,
  around: Surroundings,
  request: Omit<RunRequest, "stdin">,
): Promise<{ conversation: Conversation; ended: Promise<unknown> }> => {
  const { name } = request.program;
  const { login } = around;
  const { host } = login;
  const seconds = request.timeoutSeconds ?? around.commandTimeoutSeconds;
  const running = await runningOf(link, around, request);
  const { execution } = running;
  const { conversation, lines, stderr } = endsOf(running, { host, name, seconds });
  // sudo and the login shell say no by ending.
  await within<unknown>(seconds, Promise.race([lines.beginning, execution.ended]), () => {
    execution.stop();
    throw new Failure({ code: "timeout", host, command: name, what: `did not begin within ${seconds} s` });
  });
  if (lines.hasBegun()) return { conversation, ended: execution.ended };
  const ending = await execution.ended;
  throw ending.failure ?? notBegun(login, { code: ending.code, stderr: stderr() });
};
