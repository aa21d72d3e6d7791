import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";

/** What comes from one output of a shell that stays, to whoever listens now. */
export interface Tap {
  listen(to: (chunk: Buffer) => void): void;
  /** What comes from now on is not kept. */
  rest(): void;
  /** The stream is somebody else's from now on. */
  detach(): void;
}

export const tapOn = (stream: Readable): Tap => {
  let listener: ((chunk: Buffer) => void) | undefined;
  const hear = (chunk: Buffer): void => listener?.(chunk);
  stream.on("data", hear);
  stream.on("error", () => undefined);
  return {
    listen: (to) => (listener = to),
    rest: () => (listener = undefined),
    detach: () => void stream.off("data", hear),
  };
};

/** A mark that no output can hold: nobody knows it before the program is sent, and it is no argument of a process. */
export const newMark = (): string => `+${randomBytes(12).toString("hex")}+`;

/** One output of a program, to its end, and the exit code that stands behind it. */
export interface Framed {
  readonly bytes: Buffer;
  readonly code: number;
}

export interface Bound {
  readonly most: number;
  /** Called once when there is more; nothing is kept any more. */
  readonly flooded: () => void;
}

/** Reads up to the line with the mark and three digits. Nothing comes after it: it is looked for at the end alone. */
export const framed = (tap: Tap, mark: string, { most, flooded }: Bound): Promise<Framed> =>
  new Promise((resolve) => {
    const length = mark.length + " 000\n".length;
    const chunks: Buffer[] = [];
    let bytes = 0;
    let tail: Buffer = Buffer.alloc(0);
    tap.listen((chunk) => {
      const isOver = bytes - length > most;
      bytes += chunk.length;
      chunks.push(chunk);
      tail = Buffer.concat([tail, chunk.subarray(-length)]).subarray(-length);
      const end = tail.toString("latin1");
      if (end.startsWith(mark) && /^ \d{3}\n$/.test(end.slice(mark.length))) {
        tap.rest();
        if (bytes - length > most) flooded();
        else
          resolve({
            bytes: Buffer.concat(chunks).subarray(0, -length),
            code: Number(end.slice(mark.length)),
          });
      } else if (bytes - length > most) {
        chunks.length = 0;
        if (!isOver) flooded();
      }
    });
  });
