import type { Readable, Writable } from "node:stream";
import { within } from "./deadline.js";
import { Failure } from "./failure.js";
import { handPassword } from "./password-line.js";
import { redact } from "./redact.js";

/** How a process ended; the failure where the connection did not live to tell. */
export type Ending =
  | { readonly code: number | null; readonly signal?: string; readonly failure?: undefined }
  | { readonly failure: Failure };

/** A process that runs at the far end of a link. */
export interface Execution {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once, after both outputs have ended; never rejects. */
  readonly ended: Promise<Ending>;
  /** Gives the process up. It may go on at the far end. */
  stop(): void;
  /** Says whether something is waited for: a process of this machine at which nobody looks does not keep ours alive. */
  hold?(busy: boolean): void;
}

/** What became of the will to start a process. Only `started` may have run anything. */
export type Start =
  | { readonly kind: "started"; readonly execution: Execution }
  /** The far end has no channel free (sshd's MaxSessions). */
  | { readonly kind: "busy" }
  /** The connection was gone before the process was asked for. */
  | { readonly kind: "gone" };

/** A way to start processes on one machine: a connection, or this machine itself. `line` is for the login shell. */
export interface Link {
  start(line: string): Promise<Start>;
}

/** What came out of a process, with everything before the marker line taken away. */
export interface Outcome {
  readonly code: number | null;
  readonly signal?: string;
  /** False where the marker never came: the program itself did not run. */
  readonly begun: boolean;
  readonly stdout: Uint8Array;
  /** Redacted; where the program has not begun, what the login shell or sudo said. */
  readonly stderr: string;
}

/** Bytes of standard output that are kept, unless a request says otherwise. */
export const STDOUT_BYTES = 64 * 1024 * 1024;
/** Bytes of standard error that are kept: nobody reads more than its last lines. */
export const STDERR_BYTES = 4 * 1024 * 1024;

export interface CollectOptions {
  readonly host: string;
  readonly name: string;
  readonly marker: string;
  readonly stdin: Uint8Array;
  /** For sudo, ahead of everything else. */
  readonly password?: string | undefined;
  readonly timeoutSeconds: number;
  /** @default 64 MiB */
  readonly maxOutputBytes?: number | undefined;
}

export const afterMarker = (output: Buffer, marker: string): Buffer | undefined => {
  const line = Buffer.from(`${marker}\n`);
  const at = output.indexOf(line);
  return at < 0 ? undefined : output.subarray(at + line.length);
};

type Named = Pick<CollectOptions, "host" | "name">;

/** Puts the program in the place of its process: a failure where the far end never told how it ended. */
export const timedOut = ({ host, name, timeoutSeconds }: Named & { timeoutSeconds: number }): Failure =>
  new Failure({
    code: "timeout",
    host,
    command: name,
    what: `did not end within ${timeoutSeconds} s and was given up; it may still be running there`,
    cure: "Look at the machine; a slow one needs a larger ceph-openstack:commandTimeoutSeconds.",
  });

/** A server that answers, and never begins with a program. */
export const neverStarted = (
  { host, name, seconds }: Named & { readonly seconds: number },
  cure: string,
): Failure =>
  new Failure({
    code: "timeout",
    host,
    command: name,
    what: `the server keeps the connection open and did not start the program within ${seconds} s`,
    cure,
  });

/** A size as people say it. */
const sizeOf = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 ** 2 ? `${Math.floor(bytes / 1024)} KiB` : `${Math.floor(bytes / 1024 ** 2)} MiB`;
};

/** A program that floods us is ended: what it says is kept in memory. */
export const tooMuch = ({ host, name }: Named, where: string, bytes: number): Failure =>
  new Failure({
    code: "command",
    host,
    command: name,
    what: `sent more than ${sizeOf(bytes)} ${where} and was ended`,
    cure: "Nothing of ours says so much: look at what that program is on the machine (a wrapper, a profile, an alias that prints).",
  });

/** Keeps what comes, up to a number of bytes; past them `flooded` is called once, and nothing is kept any more. */
const gather = (stream: Readable, most: number, flooded: () => void): (() => Buffer) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    const isOver = bytes > most;
    bytes += chunk.length;
    if (bytes <= most) chunks.push(chunk);
    else if (!isOver) {
      chunks.length = 0;
      flooded();
    }
  });
  // An output that breaks is told by the ending of the process; without a listener it would end ours.
  stream.on("error", () => undefined);
  return () => Buffer.concat(chunks);
};

/** Both outputs of a process, in bounds, and the ending that a flood makes of it. */
const outputsOf = (execution: Execution, options: CollectOptions) => {
  const most = options.maxOutputBytes ?? STDOUT_BYTES;
  let drown: (ending: Ending) => void = () => undefined;
  const flood = new Promise<Ending>((resolve) => (drown = resolve));
  const tell = (where: string, bytes: number) => (): void => {
    execution.stop();
    drown({ failure: tooMuch(options, where, bytes) });
  };
  const stdout = gather(execution.stdout, most, tell("on standard output", most));
  const stderr = gather(execution.stderr, STDERR_BYTES, tell("on standard error", STDERR_BYTES));
  return { stdout, stderr, flood };
};

/** Feeds a process and waits for its end. @throws Failure `timeout`, `cut`, `command` (more output than is kept) */
export const collect = async (execution: Execution, options: CollectOptions): Promise<Outcome> => {
  const { stdout, stderr, flood } = outputsOf(execution, options);
  // A program that does not read its input closes it; how it ended says the rest.
  execution.stdin.on("error", () => undefined);
  const feed = (): void => void execution.stdin.end(options.stdin);
  const { password, marker } = options;
  if (password === undefined) feed();
  else handPassword(execution, { password, marker }, feed);
  const ending = await within<Ending>(options.timeoutSeconds, Promise.race([execution.ended, flood]), () => {
    execution.stop();
    return { failure: timedOut(options) };
  });
  if (ending.failure !== undefined) throw ending.failure;
  const out = afterMarker(stdout(), options.marker);
  const allErr = stderr();
  const err = (out === undefined ? undefined : afterMarker(allErr, options.marker)) ?? allErr;
  const signal = ending.signal === undefined ? {} : { signal: ending.signal };
  const text = redact(err.toString("utf8"));
  return {
    code: ending.code,
    ...signal,
    begun: out !== undefined,
    stdout: out ?? Buffer.alloc(0),
    stderr: text,
  };
};

/** Bytes that one line of a conversation may have. */
export const LINE_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Cuts a stream into lines; what has no line end when it ends is not told: it is half of something. A line of more than `most` bytes is not
 * kept: `flooded` is called once, and nothing is told any more.
 */
export const eachLine = (
  stream: Readable,
  tell: (line: string) => void,
  { most, flooded }: { readonly most: number; readonly flooded: () => void },
): void => {
  let begun: Buffer[] = [];
  let bytes = 0;
  let isOver = false;
  stream.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0 && !isOver; at = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...begun, chunk.subarray(from, at)]);
      begun = [];
      bytes = 0;
      from = at + 1;
      tell(line.toString("utf8"));
    }
    if (isOver) return;
    begun.push(chunk.subarray(from));
    bytes += chunk.length - from;
    if (bytes <= most) return;
    isOver = true;
    begun = [];
    flooded();
  });
};
