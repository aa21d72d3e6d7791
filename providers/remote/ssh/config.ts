import { readFile, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { Failure } from "../failure.js";
import { glob } from "./glob.js";
import { expandTilde, type Operator } from "./tokens.js";

/** One line of a configuration file, in OpenSSH's own grammar. @see https://man.openbsd.org/ssh_config */
export interface ConfigLine {
  /** Lower case. */
  readonly keyword: string;
  readonly args: readonly string[];
  /** Everything after the keyword as it stands: ProxyCommand and ProxyJump take it whole, quotes and `#` included. */
  readonly rest: string;
  /** File and line, for people. */
  readonly where: string;
}

export const badLine = (where: string, what: string): Failure =>
  new Failure({
    code: "configuration",
    what: `${where}: ${what}`,
    cure: "`ssh -G` shows what OpenSSH makes of that file.",
  });

/** Parts of a word: an escaped character, text in quotes, a character that stands for itself. */
const PARTS = {
  escape: String.raw`\\['"\\ ]`,
  double: String.raw`"(?:\\['"\\]|\\(?!['"\\])|[^"\\])*"`,
  single: String.raw`'(?:\\['"\\]|\\(?!['"\\])|[^'\\])*'`,
  plain: String.raw`\\(?!['"\\ ])|[^ \t"'\\]`,
};
const WORD = `(?:${Object.values(PARTS).join("|")})+`;
const QUOTED = new RegExp(`${PARTS.escape}|${PARTS.double}|${PARTS.single}`, "g");

const unquote = (word: string): string =>
  word.replace(QUOTED, (part) =>
    part.startsWith("\\") ? part.slice(1) : part.slice(1, -1).replace(/\\(['"\\])/g, "$1"),
  );

/**
 * Words of a line: `"` and `'` quote, a backslash quotes a quote, a backslash or (outside quotes) a space, `#` at the start of a word begins
 * a comment. Undefined where a quote is not closed.
 */
export const splitWords = (text: string, comments = true): string[] | undefined => {
  const words: string[] = [];
  const next = new RegExp(`[ \\t]*(?:(${WORD})(?=[ \\t]|$)|${comments ? "#.*|" : ""}$)`, "y");
  while (next.lastIndex < text.length) {
    const found = next.exec(text);
    if (found === null) return undefined;
    // A comment may hold what looks like a word; WORD begins with "#" too.
    const word = found[1];
    if (word === undefined || (comments && word.startsWith("#"))) break;
    words.push(unquote(word));
  }
  return words;
};

/**
 * The next word in OpenSSH's older grammar, which keywords and (before 10.0) `Match` are read by: it ends at a blank, one `=` or a quotation mark, and
 * knows no escapes. Undefined where a quote is not closed.
 */
export const delimited = (text: string): { readonly word: string; readonly rest: string } | undefined => {
  const at = text.search(/[ \t\r\n"=]/);
  if (at < 0) return { word: text, rest: "" };
  const [before, after] = [text.slice(0, at), text.slice(at + 1)];
  if (text[at] === '"') {
    const end = after.indexOf('"');
    if (end < 0) return undefined;
    return { word: before + after.slice(0, end), rest: after.slice(end + 1).replace(/^[ \t\r\n]+/, "") };
  }
  const rest = after.replace(/^[ \t\r\n]+/, "");
  return { word: before, rest: text[at] === "=" ? rest : rest.replace(/^=[ \t\r\n]*/, "") };
};

/** A keyword and what follows it; undefined for a line that says nothing. */
const keywordOf = (line: string, where: string): { word: string; rest: string } | undefined => {
  const first = delimited(line);
  // Blanks before a keyword are an empty word.
  const found = first?.word === "" ? delimited(first.rest) : first;
  if (found === undefined) throw badLine(where, "a quote is not closed");
  if (found.word === "" || found.word.startsWith("#")) return undefined;
  if (found.rest === "") throw badLine(where, `nothing follows ${found.word}`);
  return found;
};

/** The lines that say something. @throws Failure `configuration` for a quote that is not closed, or a keyword alone */
export const parseConfig = (text: string, file: string): readonly ConfigLine[] =>
  text.split("\n").flatMap((raw, index): ConfigLine[] => {
    const where = `${file} line ${index + 1}`;
    const found = keywordOf(raw.replace(/(?!^)[ \t\r\f]+$/, ""), where);
    if (found === undefined) return [];
    const args = splitWords(found.rest);
    if (args === undefined) throw badLine(where, "a quote is not closed");
    return [{ keyword: found.word.toLowerCase(), args, rest: found.rest, where }];
  });

/** What a keyword takes whole: blanks and any number of `=` may stand before it. */
export const wholeOf = ({ rest }: ConfigLine): string => rest.replace(/^[ \t=]+/, "");

/** A configuration file. */
export interface ConfigFile {
  readonly path: string;
  /** Whose: relative `Include` paths begin in ~/.ssh or in /etc/ssh, and those of the system must not begin with `~`. */
  readonly of: "user" | "system";
  /** A missing file is an error (it was named by the user). */
  readonly required: boolean;
  /** Others must not be able to write it: it can start programs (`Match exec`, `ProxyCommand`). */
  readonly guarded: boolean;
}

const unsafe = async (path: string): Promise<boolean> => {
  const { uid, mode } = await stat(path);
  const mine = uid === 0 || uid === (process.getuid?.() ?? uid);
  return !mine || (mode & 0o022) !== 0;
};

const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : undefined;

/** Text of a file; undefined where it is not there and need not be. A directory says nothing, as with OpenSSH. */
export const readConfig = async ({ path, required, guarded }: ConfigFile): Promise<string | undefined> => {
  try {
    if (guarded && (await unsafe(path)))
      throw badLine(path, "others may write this file, so ssh does not read it (chmod go-w)");
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (!required && ["ENOENT", "EISDIR"].includes(String(codeOf(error)))) return undefined;
    throw badLine(path, `cannot be read: ${String(error)}`);
  }
};

/** OpenSSH looks for `~` of an `Include` in the environment first, elsewhere in the password database alone. */
const anchored = (argument: string, from: ConfigFile, { env, home }: Operator): string | undefined => {
  const here = env["HOME"] ?? home;
  if (argument.startsWith("~")) return expandTilde(argument, here);
  if (isAbsolute(argument)) return argument;
  return from.of === "user" ? `${here}/.ssh/${argument}` : `/etc/ssh/${argument}`;
};

/** The files that an `Include` argument names; missing ones are passed over, as OpenSSH does. */
export const included = async (
  argument: string,
  from: ConfigFile,
  operator: Operator,
): Promise<readonly ConfigFile[]> => {
  if (argument.startsWith("~") && from.of === "system")
    throw badLine(
      from.path,
      `Include ${argument}: the system's configuration must not name home directories`,
    );
  const path = anchored(argument, from, operator);
  const paths = path === undefined ? [] : await glob(path);
  return paths.map((one) => ({ path: one, of: from.of, required: false, guarded: true }));
};
