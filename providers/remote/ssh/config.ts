import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, sep } from "node:path";
import { Failure } from "../failure.js";
import { matchesPattern } from "../patterns.js";

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

const bad = (where: string, what: string): Failure =>
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

const KEYWORD = /^\s*"?([^\s="]+)"?(?:\s*=\s*|\s+|$)(.*)$/;

/** The lines that say something. @throws Failure `configuration` for a quote that is not closed */
export const parseConfig = (text: string, file: string): readonly ConfigLine[] =>
  text.split("\n").flatMap((raw, index): ConfigLine[] => {
    const line = raw.replace(/[ \t\r\f]+$/, "");
    const [, keyword, rest] = KEYWORD.exec(line) ?? [];
    if (keyword === undefined || rest === undefined || keyword.startsWith("#")) return [];
    const where = `${file} line ${index + 1}`;
    const args = splitWords(rest);
    if (args === undefined) throw bad(where, "a quote is not closed");
    return [{ keyword: keyword.toLowerCase(), args, rest: rest.trim(), where }];
  });

/** A configuration file and where relative `Include` paths of it begin. */
export interface ConfigFile {
  readonly path: string;
  readonly base: string;
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

const isMissing = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";

/** Text of a file; undefined where it is not there and need not be. */
export const readConfig = async ({ path, required, guarded }: ConfigFile): Promise<string | undefined> => {
  try {
    const text = await readFile(path, "utf8");
    if (guarded && (await unsafe(path)))
      throw bad(path, "others may write this file, so ssh does not read it (chmod go-w)");
    return text;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (!required && isMissing(error)) return undefined;
    throw bad(path, `cannot be read: ${String(error)}`);
  }
};

const names = async (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Existing files for a path with `*` and `?` in any of its parts, sorted. */
export const expandGlob = async (path: string): Promise<readonly string[]> => {
  if (!/[*?]/.test(path)) return [path];
  let found: string[] = [sep];
  for (const part of path.split(sep).filter((name) => name !== "")) {
    if (!/[*?]/.test(part)) {
      found = found.map((folder) => join(folder, part));
      continue;
    }
    const visible = (name: string): boolean => part.startsWith(".") || !name.startsWith(".");
    const lists = await Promise.all(
      found.map(async (folder) =>
        (await names(folder))
          .filter((n) => visible(n) && matchesPattern(n, part))
          .map((n) => join(folder, n)),
      ),
    );
    found = lists.flat();
  }
  return found.sort();
};

/** The files that an `Include` argument names; missing ones are passed over, as OpenSSH does. */
export const included = async (
  argument: string,
  from: ConfigFile,
  home: string,
): Promise<readonly ConfigFile[]> => {
  const tilde = argument.startsWith("~/") ? join(home, argument.slice(2)) : argument;
  const paths = await expandGlob(isAbsolute(tilde) ? tilde : join(from.base, tilde));
  return paths.map((path) => ({ path, base: from.base, required: false, guarded: from.guarded }));
};

/** `Include` of the user's files begins in ~/.ssh, of the system's in /etc/ssh. */
export const baseOf = (path: string, home: string): string =>
  path.startsWith("/etc/ssh/") ? dirname("/etc/ssh/x") : join(home, ".ssh");
