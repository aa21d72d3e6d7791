import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { Failure } from "./failure.js";
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
}

/** What became of the wish to start a process. Only `started` may have run anything. */
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

export interface CollectOptions {
  readonly host: string;
  readonly name: string;
  readonly marker: string;
  readonly stdin: Uint8Array;
  readonly timeoutSeconds: number;
}

const afterMarker = (output: Buffer, marker: string): Buffer | undefined => {
  const line = Buffer.from(`${marker}\n`);
  const at = output.indexOf(line);
  return at < 0 ? undefined : output.subarray(at + line.length);
};

/** Puts the program in the place of its process: a failure where the far end never told how it ended. */
const timedOut = ({ host, name, timeoutSeconds }: CollectOptions): Failure =>
  new Failure({
    code: "timeout",
    host,
    command: name,
    what: `did not end within ${timeoutSeconds} s and was given up; it may still be running there`,
    cure: "Look at the machine; a slow one needs a larger ceph-openstack:commandTimeoutSeconds.",
  });

const gather = (stream: Readable): Buffer[] => {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  // An output that breaks is told by the ending of the process; without a listener it would end ours.
  stream.on("error", () => undefined);
  return chunks;
};

/** Waits for the ending, at most so long. */
const within = async (execution: Execution, options: CollectOptions): Promise<Ending> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Ending>((resolve) => {
    timer = setTimeout(() => {
      execution.stop();
      resolve({ failure: timedOut(options) });
    }, options.timeoutSeconds * 1000);
  });
  const ending = await Promise.race([execution.ended, late]);
  clearTimeout(timer);
  return ending;
};

/** Feeds a process and waits for its end. @throws Failure `timeout`, `cut` */
export const collect = async (execution: Execution, options: CollectOptions): Promise<Outcome> => {
  const stdout = gather(execution.stdout);
  const stderr = gather(execution.stderr);
  // A program that does not read its input closes it; how it ended says the rest.
  execution.stdin.on("error", () => undefined);
  execution.stdin.end(options.stdin);
  const ending = await within(execution, options);
  if (ending.failure !== undefined) throw ending.failure;
  const out = afterMarker(Buffer.concat(stdout), options.marker);
  const allErr = Buffer.concat(stderr);
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

/** Cuts a stream into lines; what has no line end when it ends is not told: it is half of something. */
export const eachLine = (stream: Readable, tell: (line: string) => void): void => {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(tell);
  });
};
