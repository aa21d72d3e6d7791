/** One clause of caps in its one form, by the grammars of the four daemons. */
import { written, type CapsType, type Word } from "./words.js";

/** Words whose value may follow after a blank or `=` (grammars in MonCap.cc, OSDCap.cc, MgrCap.cc). */
const WITH_VALUE: Record<CapsType, readonly string[]> = {
  mon: ["command", "service", "profile"],
  osd: ["pool", "namespace", "profile", "object_prefix"],
  mgr: ["command", "service", "module", "profile"],
  mds: [],
};

/** Ceph writes these with a blank, whatever was given. */
const BLANK_BEFORE_VALUE = new Set(["command", "service", "module", "profile", "object_prefix"]);

/** A term of a clause: a keyword with its value, an argument, or a lone word. */
export interface Term {
  readonly text: string;
  readonly name: string;
  readonly value?: string;
}

/** The terms of a clause as written. */
export function termsOf(type: CapsType, words: readonly Word[]): Term[] {
  const found: Term[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const value = valueAt(type, words, at);
    if (value === undefined) {
      const text = written(renamed(type, word));
      found.push({ text: isOfClass(type, words, at) ? text : wildcard(text), name: word.text });
    } else {
      found.push(withValue(type, word, value.word));
      at = value.at;
    }
  }
  return found;
}

/** The value of the word at a place: behind `=`, or behind a blank where the word is a keyword. */
function valueAt(type: CapsType, words: readonly Word[], at: number): { word: Word; at: number } | undefined {
  const isGlued = words[at + 1]?.kind === "equals";
  const isKeyword = !isOfClass(type, words, at) && isKeywordOf(type, words[at]);
  const place = at + (isGlued ? 2 : 1);
  const word = words[place];
  if (word === undefined || word.kind === "equals" || (!isGlued && !isKeyword)) return undefined;
  return { word, at: place };
}

function isKeywordOf(type: CapsType, word: Word | undefined): boolean {
  return word?.kind === "plain" && WITH_VALUE[type].includes(word.text);
}

/** The two words behind `class` name an object class and its method, whatever they are. */
function isOfClass(type: CapsType, words: readonly Word[], at: number): boolean {
  return type === "osd" && (words[at - 1]?.text === "class" || words[at - 2]?.text === "class");
}

function withValue(type: CapsType, word: Word, value: Word): Term {
  const isKeyword = WITH_VALUE[type].includes(word.text);
  const name = written(renamed(type, word));
  const text = written(word.text === "command" ? renamed(type, value) : value);
  const term = { name: word.text, value: value.text };
  if (type === "mds") return { ...term, text: `${name}=${mdsValue(word.text, text)}` };
  if (isKeyword) return { ...term, text: `${name}${BLANK_BEFORE_VALUE.has(word.text) ? " " : "="}${text}` };
  // the key and value of a tag may be wildcards; "all" is a good name for a pool
  return { ...term, text: type === "osd" ? `${tagWord(word)}=${tagWord(value)}` : `${name}=${text}` };
}

/** An MDS drops leading slashes of a path and sorts group ids (MDSAuthCaps.cc). */
function mdsValue(name: string, text: string): string {
  if (name === "path") return text.replace(/^(["']?)\/*/, "$1/");
  return name === "gids"
    ? text
        .split(",")
        .sort((a, b) => Number(a) - Number(b))
        .join(",")
    : text;
}

function tagWord(word: Word): string {
  return word.kind === "quoted" && word.text === "all" ? '"all"' : wildcard(written(word));
}

function wildcard(text: string): string {
  return text === "all" ? "*" : text;
}

/** Ceph 16 renamed the command and its argument, and takes the old names for the new.
 *  @see https://docs.ceph.com/en/latest/releases/pacific/ */
function renamed(type: CapsType, word: Word): Word {
  const isOld = type === "mon" && /^(?:osd blacklist(?: .*)?|blacklistop)$/.test(word.text);
  return isOld ? { ...word, text: word.text.replace("blacklist", "blocklist") } : word;
}

/** The order in which Ceph itself writes the parts of a clause. */
function ordered(type: CapsType, parts: readonly Term[]): Term[] {
  const [first, second] = parts;
  // "allow profile x" is "profile x" to a monitor and a manager
  if (first?.text === "allow" && second?.name === "profile" && (type === "mon" || type === "mgr")) {
    return sortedArguments(type, parts.slice(1));
  }
  return type === "osd" && first?.text === "allow"
    ? [first, ...specFirst(parts.slice(1))]
    : sortedArguments(type, parts);
}

/** `allow pool=x rwx` is `allow rwx pool=x`; `x` is `class-read` with `class-write`. */
function specFirst(parts: readonly Term[]): Term[] {
  const isSpec = ({ text, value }: Term): boolean =>
    value === undefined && /^(?:\*|[rwx]+|class-read|class-write)$/.test(text);
  const start = parts.findIndex(isSpec);
  if (start < 0 || parts.some(({ text }) => text === "class")) return [...parts];
  let end = start;
  while (end < parts.length && isSpec(parts[end] ?? { text: "", name: "" })) end += 1;
  return [...spec(parts.slice(start, end)), ...parts.slice(0, start), ...parts.slice(end)];
}

function spec(parts: readonly Term[]): Term[] {
  const words = new Set(parts.map(({ text }) => text));
  const plain = [...words].filter((word) => !word.startsWith("class-")).join("");
  const classes = [...words].filter((word) => word.startsWith("class-")).sort();
  // Ceph refuses "* class-read", and says so better than we could
  if (plain.startsWith("*")) return [...parts];
  if (plain.includes("x")) return [lone(plain)];
  if (classes.length === 2) return [lone(`${plain}x`)];
  return [...(plain === "" ? [] : [plain]), ...classes].map(lone);
}

function lone(text: string): Term {
  return { text, name: text };
}

/** The arguments of a command, module or profile are a set to a monitor and a manager. */
function sortedArguments(type: CapsType, parts: readonly Term[]): Term[] {
  if (type !== "mon" && type !== "mgr") return [...parts];
  const isArgument = ({ name, value }: Term): boolean =>
    value !== undefined && !WITH_VALUE[type].includes(name);
  const start = parts.findIndex(isArgument);
  let end = start;
  while (end >= 0 && end < parts.length && isArgument(parts[end] ?? lone(""))) end += 1;
  if (start < 0) return [...parts];
  const sorted = parts.slice(start, end).sort((a, b) => (a.text < b.text ? -1 : 1));
  return [...parts.slice(0, start), ...sorted, ...parts.slice(end)];
}

/** The one form of a clause. */
export function canonicalClause(type: CapsType, words: readonly Word[]): string {
  const parts = ordered(type, termsOf(type, words));
  // the oldest MDS caps: a lone "allow" grants what "allow rwps" does (MDSAuthCaps.cc)
  if (type === "mds" && parts.length === 1 && parts[0]?.text === "allow") return "allow rwps";
  return parts.map(({ text }) => text).join(" ");
}

/** Terms that narrow a clause to a part of what the daemon serves. */
const TARGETS = ["pool", "namespace", "object_prefix", "tag", "fsname", "path", "uid", "gids"];

const ACCESS = /^(?:allow|\*|[rwxps]+|class-read|class-write)$/;

/** What a clause is about: its target where it has one, else its profile or command; `allow` for the whole daemon. */
export function subjectOf(type: CapsType, words: readonly Word[]): string {
  const terms = termsOf(type, words).filter(({ text, value }) => value !== undefined || !ACCESS.test(text));
  const isTarget = ({ name }: Term): boolean => TARGETS.includes(name);
  const about = terms.some(isTarget) ? terms.filter(({ name }) => name !== "profile") : terms;
  return about.length === 0 ? "allow" : about.map(({ text }) => text).join(" ");
}
