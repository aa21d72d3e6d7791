/** Both ends of a shell that stays, as a far end sees them: messages come in, programs end. */
import { received, type Received } from "./received";

/** A message of `providers/remote/standing/message.ts`. */
export type Message =
  | { readonly verb: "run"; readonly program: Received; readonly stdin: Buffer }
  | { readonly verb: "talk"; readonly program: Received }
  | { readonly verb: "hello"; readonly answer: string };

/** `printf %b` of what a payload is written in. */
const unescaped = (text: string): Buffer =>
  Buffer.from(
    text.replace(/\\(\\|0000)/g, (_all, what: string) => (what === "\\" ? "\\" : "\0")),
    "latin1",
  );

const utf8 = (word: string): string => Buffer.from(word, "latin1").toString("utf8");

const parsed = (body: string, shell: Received): Message => {
  const words = [...body.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, word = ""]) =>
    word.replaceAll("'\\''", "'"),
  );
  const programOf = ([marker = "", text = "", name = "", ...args]: readonly string[]): Received => ({
    ...shell,
    marker,
    text: utf8(text),
    name: utf8(name),
    args: args.map(utf8),
  });
  const verb = body.slice(0, body.indexOf(" "));
  const [first = "", mark = "", payload = "", ...rest] = words;
  if (verb === "run") return { verb, program: programOf([mark, ...rest]), stdin: unescaped(payload) };
  if (verb === "talk") return { verb, program: programOf(words) };
  if (verb === "echo") return { verb: "hello", answer: first };
  throw new Error(`no message: ${body}`);
};

/** True for the command line that starts a shell that stays. */
export const standingShell = (line: string): Received | undefined => {
  const program = received(line);
  return program.name === "standing-shell" ? program : undefined;
};

/** Takes what a client sends to such a shell apart; after a `talk` nothing is a message any more. */
export const messageReader = (shell: Received, tell: (message: Message) => void) => {
  let bytes: Buffer = Buffer.alloc(0);
  let isTalk = false;
  // What belongs to sudo ends with the line that the shell waits for.
  let isBegun = shell.privilege !== "sudo-password";
  const line = (): string | undefined => {
    const at = bytes.indexOf("\n");
    return at < 0 ? undefined : bytes.subarray(0, at).toString("latin1");
  };
  return (chunk: Buffer): void => {
    if (isTalk) return;
    bytes = Buffer.concat([bytes, chunk]);
    for (let head = line(); head !== undefined && !isTalk; head = line()) {
      const from = head.length + 1;
      const length = isBegun ? Number(head) : 0;
      if (bytes.length < from + length) return;
      const body = bytes.subarray(from, from + length).toString("latin1");
      bytes = bytes.subarray(from + length);
      if (!isBegun) isBegun = head === shell.marker;
      else {
        const message = parsed(body, shell);
        isTalk = message.verb === "talk";
        tell(message);
      }
    }
  };
};
