/**
 * Caps of a cephx entity as a value: a set of clauses, each in one canonical form, so that order, spacing, quoting and
 * the renaming of the blocklist are never a difference.
 * @see https://docs.ceph.com/en/latest/rados/operations/user-management/#authorization-capabilities
 */
import { PROFILES } from "./caps-profiles.js";
import { cutCaps, written, type CapsType, type Word } from "./caps-words.js";

export type { CapsType } from "./caps-words.js";

/** Canonical clauses as keys of a map, so that a diff names the clause that came or went and no other. */
export type CapsMap = Record<string, "">;

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
interface Term {
  readonly text: string;
  readonly name: string;
  readonly value?: string;
}

/** The canonical clauses of a text, or of several, sorted, each once. Never fails: see `checkCaps`. */
export function parseCaps(type: CapsType, text: string | readonly string[]): string[] {
  const texts = typeof text === "string" ? [text] : text;
  const clauses = texts.flatMap((part) =>
    cutCaps(type, part).clauses.map((words) => termsText(type, ordered(type, terms(type, words)))),
  );
  return [...new Set(clauses.filter((clause) => clause !== ""))].sort();
}

/** The canonical clauses as a map. */
export function capsMap(type: CapsType, text: string | readonly string[]): CapsMap {
  const map: CapsMap = {};
  for (const clause of parseCaps(type, text)) map[clause] = "";
  return map;
}

/**
 * The text for Ceph of canonical clauses.
 * @param spelling what the cluster's release calls the blocklist: "blacklist" before Pacific (16)
 */
export function capsText(
  clauses: CapsMap | readonly string[],
  spelling: "blocklist" | "blacklist" = "blocklist",
): string {
  const list = isList(clauses) ? [...clauses] : Object.keys(clauses);
  const text = list.sort().join(", ");
  if (spelling === "blocklist") return text;
  return text
    .replace(/command "osd blocklist\b/g, 'command "osd blacklist')
    .replace(/ blocklistop\b/g, " blacklistop");
}

function isList(clauses: CapsMap | readonly string[]): clauses is readonly string[] {
  return Array.isArray(clauses);
}

/** Whether two texts grant the same, clause by clause. */
export function sameCaps(
  type: CapsType,
  one: string | readonly string[],
  other: string | readonly string[],
): boolean {
  return JSON.stringify(parseCaps(type, one)) === JSON.stringify(parseCaps(type, other));
}

/** The pools that clauses name by `pool=`, sorted, each once. */
export function poolsNamed(type: CapsType, text: string | readonly string[]): string[] {
  return namedBy(type, text, "pool");
}

/** The profiles in a text that no release of that daemon knows, sorted, each once. */
export function unknownProfiles(type: CapsType, text: string | readonly string[]): string[] {
  return namedBy(type, text, "profile").filter((profile) => !PROFILES[type].includes(profile));
}

/** Why a text is no caps, or undefined. What a daemon allows is for Ceph to say. */
export function checkCaps(type: CapsType, text: string): string | undefined {
  if (/(?![\t\n])\p{Cc}/u.test(text)) return "caps must not contain control characters";
  const { clauses, problem } = cutCaps(type, text);
  if (problem !== undefined) return `caps of ${type}: ${problem}`;
  for (const words of clauses) {
    const reason = clauseProblem(type, words);
    if (reason !== undefined) return `caps of ${type}: ${reason}`;
  }
  return undefined;
}

function clauseProblem(type: CapsType, words: readonly Word[]): string | undefined {
  const [first] = words;
  if (first === undefined) return "no clause: leave the daemon type out to grant nothing";
  const starts = type === "mds" ? ["allow"] : ["allow", "profile"];
  if (first.kind !== "plain" || !starts.includes(first.text)) {
    return `every clause must begin with ${starts.map((start) => `"${start}"`).join(" or ")}`;
  }
  if (words.length === 1 && type !== "mds") return `nothing behind "${first.text}"`;
  if (words.at(-1)?.kind === "equals") return 'nothing behind "="';
  return words.some((_, at) => isEmptyWord(words, at)) ? "an empty quoted word" : undefined;
}

/** Only a namespace may be the empty one. */
function isEmptyWord(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word?.kind !== "quoted" || word.text !== "" || word.star === true) return false;
  return !words.slice(Math.max(0, at - 2), at).some(({ text }) => text === "namespace");
}

function terms(type: CapsType, words: readonly Word[]): Term[] {
  const found: Term[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const value = valueAt(type, words, at);
    if (value === undefined) {
      found.push({ text: wildcard(written(renamed(type, word))), name: word.text });
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
  const isKeyword = words[at]?.kind === "plain" && WITH_VALUE[type].includes(words[at].text);
  const place = at + (isGlued ? 2 : 1);
  const word = words[place];
  if (word === undefined || word.kind === "equals" || (!isGlued && !isKeyword)) return undefined;
  return { word, at: place };
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
  if (name === "path") return text.replace(/^("?)\/*/, "$1/");
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
  const isAll = plain === "*" || plain.includes("x");
  if (!isAll && words.has("class-read") && words.has("class-write")) return [lone(`${plain}x`)];
  const classes = isAll ? [] : [...words].filter((word) => word.startsWith("class-")).sort();
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

function termsText(type: CapsType, parts: readonly Term[]): string {
  // the oldest MDS caps: a lone "allow" grants what "allow rwps" does (MDSAuthCaps.cc)
  if (type === "mds" && parts.length === 1 && parts[0]?.text === "allow") return "allow rwps";
  return parts.map(({ text }) => text).join(" ");
}

function namedBy(type: CapsType, text: string | readonly string[], name: string): string[] {
  const values = parseCaps(type, text).flatMap((clause) =>
    cutCaps(type, clause).clauses.flatMap((words) =>
      terms(type, words).flatMap((term) =>
        term.name === name && term.value !== undefined ? [term.value] : [],
      ),
    ),
  );
  return [...new Set(values)].sort();
}
