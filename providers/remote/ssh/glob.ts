import { lstat, readdir } from "node:fs/promises";
import { Failure } from "../failure.js";

/** Patterns of file names as OpenSSH's `Include` has them: `*`, `?`, `[…]`, and a backslash that takes the meaning from what follows. */

const NAMED_CLASS = String.raw`\[:\w+:\]`;
const CLASS = String.raw`\[!?(?:${NAMED_CLASS}|\\.|[^\\])(?:${NAMED_CLASS}|\\.|[^\]\\])*\]`;
const PART = new RegExp(String.raw`\\.|${CLASS}|[^]`, "g");

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

const NAMED: Readonly<Record<string, string>> = {
  alnum: "A-Za-z0-9",
  alpha: "A-Za-z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-/:-@[-`{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

/** What stands between the brackets: a named class, a range, a character. */
const MEMBER = /\[:(\w+):\]|(\\?[^])-(\\?[^])|\\?([^])/g;

const bare = (char: string): string => quote(char.length > 1 ? char.slice(1) : char);

const classOf = (part: string): string => {
  const negated = part.startsWith("[!");
  const inside = part.slice(negated ? 2 : 1, -1);
  const members = [...inside.matchAll(MEMBER)].map(([, name, low, high, one]) => {
    if (name !== undefined) return NAMED[name] ?? "";
    if (low !== undefined && high !== undefined)
      return bare(low) <= bare(high) ? `${bare(low)}-${bare(high)}` : "";
    return bare(one ?? "");
  });
  const body = members.join("");
  if (body === "") return negated ? "[^]" : "(?!)";
  return `[${negated ? "^" : ""}${body}]`;
};

interface Compiled {
  /** Without the backslashes. */
  readonly literal: string;
  /** Undefined: there is nothing to look for. */
  readonly pattern?: RegExp;
}

const compile = (segment: string): Compiled => {
  const parts = segment.match(PART) ?? [];
  const isMagic = (part: string): boolean => part === "*" || part === "?" || /^\[.+\]$/s.test(part);
  const plain = (part: string): string => (part.length > 1 && part.startsWith("\\") ? part.slice(1) : part);
  if (!parts.some(isMagic)) return { literal: parts.map(plain).join("") };
  const source = parts.map((part) => {
    if (part === "*") return "[^]*";
    if (part === "?") return "[^]";
    return isMagic(part) ? classOf(part) : quote(plain(part));
  });
  return { literal: segment, pattern: new RegExp(`^${source.join("")}$`) };
};

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const within = async (folder: string, segment: string): Promise<readonly string[]> => {
  const { literal, pattern } = compile(segment);
  if (pattern === undefined) return [`${folder}/${literal}`];
  const visible = (name: string): boolean => segment.startsWith(".") || !name.startsWith(".");
  return (await names(folder))
    .filter((name) => visible(name) && pattern.test(name))
    .map((name) => `${folder}/${name}`);
};

const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Existing paths for an absolute pattern, in order. */
export const glob = async (path: string): Promise<readonly string[]> => {
  // What a bracket means that is opened in one part and closed in another is not for a guess.
  if (/\[[^\]]*\/[^[]*\]/.test(path))
    throw new Failure({
      code: "configuration",
      what: `Include ${path}: brackets around a slash are not honoured`,
    });
  let found: readonly string[] = [""];
  for (const segment of path.split("/").filter((name) => name !== "")) {
    found = (await Promise.all(found.map((folder) => within(folder, segment)))).flat();
  }
  const there = await Promise.all(found.map(exists));
  return found.filter((_one, index) => there[index] === true).sort(byBytes);
};
