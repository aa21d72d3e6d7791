/** The password is the first line that sudo reads, and the program's own input comes behind it. */
import type { Readable } from "node:stream";
import type { Execution } from "./execution.js";
import { isRefusal } from "./sudo-words.js";

/** A password for sudo, and the line that tells the program's shell where its own input begins. */
export interface PasswordLine {
  readonly password: string;
  readonly marker: string;
}

/** Bytes of what a profile or sudo may say before the program begins. */
const WORDS = 1024 * 1024;

/** Tells what has been said before the marker each time that more comes, until the marker has. */
const beforeMarker = (
  stream: Readable,
  marker: string,
  hear: (said: string, hasBegun: boolean) => void,
): void => {
  let said = "";
  const take = (chunk: Buffer): void => {
    said = (said + chunk.toString("utf8")).slice(-WORDS);
    const at = said.indexOf(`${marker}\n`);
    if (at >= 0) stream.off("data", take);
    hear(at < 0 ? said : said.slice(0, at), at >= 0);
  };
  stream.on("data", take);
};

/**
 * Hands sudo the password alone. What is for the program waits until that has begun: sudo-rs 0.2.5 (Debian 13) takes all that is there for
 * its one line. Where sudo asks again its input ends, so that nothing is taken for a second try. `begun` is called once, with the marker's
 * line sent.
 */
export const handPassword = (
  { stdin, stdout, stderr, stop }: Execution,
  { password, marker }: PasswordLine,
  begun: () => void,
): void => {
  stdin.on("error", () => undefined);
  beforeMarker(stdout, marker, (_said, hasBegun) => {
    if (!hasBegun) return;
    // It was let in after all, and what is for it has been ended: it must not take that for an empty input.
    if (stdin.writableEnded) return stop();
    stdin.write(`${marker}\n`);
    begun();
  });
  beforeMarker(stderr, marker, (said) => {
    if (isRefusal({ stderr: said }) && !stdin.writableEnded) stdin.end();
  });
  stdin.write(`${password}\n`);
};
