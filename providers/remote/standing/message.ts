import { quoted } from "./text.js";

/** A program as it is sent to a shell that stays. */
export interface Sent {
  readonly text: string;
  readonly name: string;
  readonly args: readonly string[];
}

/** A program with its payload. */
export interface Order extends Sent {
  /** The mark of its end, on both outputs: at random, so that no output can hold it. */
  readonly mark: string;
  readonly stdin: Uint8Array;
  /** It is left to its own end where the connection goes. */
  readonly outlives: boolean;
}

/** The length of a message stands before it, on a line of its own. */
const framed = (words: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(words);
  return Buffer.concat([Buffer.from(`${body.length}\n`), body]);
};

const BACKSLASH = 0x5c;

/** Bytes for `printf %b`, which is a part of the shell: a payload never becomes an argument of a process. */
const escaped = (bytes: Uint8Array): Buffer => {
  if (!bytes.includes(0) && !bytes.includes(BACKSLASH)) return Buffer.from(bytes);
  const text = Buffer.from(bytes).toString("latin1");
  return Buffer.from(text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0000"), "latin1");
};

const word = (bytes: Uint8Array): Buffer =>
  Buffer.from(quoted(Buffer.from(bytes).toString("latin1")), "latin1");

const words = (verb: string, all: readonly (string | Uint8Array)[]): Buffer =>
  framed([
    Buffer.from(verb),
    ...all.flatMap((one) => [
      Buffer.from(" "),
      word(typeof one === "string" ? Buffer.from(one, "utf8") : one),
    ]),
  ]);

/** Runs a program to its end. */
export const runMessage = ({ mark, stdin, outlives, text, name, args }: Order): Buffer =>
  words("run", [outlives ? "outlives" : "", mark, escaped(stdin), text, name, ...args]);

/** The shell becomes the program, which begins with the mark on both outputs. */
export const talkMessage = (mark: string, { text, name, args }: Sent): Buffer =>
  words("talk", [mark, text, name, ...args]);

/** An answer, and nothing else: proves that somebody is there. */
export const helloMessage = (mark: string): Buffer =>
  framed([Buffer.from(`echo ${quoted(`${mark} 000`)} >&4`)]);
