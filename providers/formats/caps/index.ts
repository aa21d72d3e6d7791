/**
 * Caps of a cephx entity as a value: a set of clauses, each in one canonical form, so that order, spacing, quoting and
 * the renaming of the blocklist are never a difference.
 * @see https://docs.ceph.com/en/latest/rados/operations/user-management/#authorization-capabilities
 */
import { PROFILES } from "./profiles.js";
import { grammarProblem } from "./grammar.js";
import { canonicalClause, subjectOf, termsOf } from "./clause.js";
import { cutCaps, type CapsType, type Word } from "./words.js";

export { covers } from "./covers.js";
export type { CapsType } from "./words.js";

/**
 * Canonical clauses by what they are about (`pool=vms`, `profile rbd`, `command "osd blocklist"`, or `allow` for a whole daemon): a diff names the
 * clause that came, went or changed and no other, and shows it as Ceph writes it. Several clauses about one thing are one text.
 */
export type CapsMap = Record<string, string>;

/** The canonical clauses of a text, or of several, sorted, each once. Never fails: see `checkCaps`. */
export function parseCaps(type: CapsType, text: string | readonly string[]): string[] {
  const texts = typeof text === "string" ? [text] : text;
  const clauses = texts.flatMap((part) =>
    cutCaps(type, part).clauses.map((words) => canonicalClause(type, words)),
  );
  return [...new Set(clauses.filter((clause) => clause !== ""))].sort();
}

/** The canonical clauses as a map. */
export function capsMap(type: CapsType, text: string | readonly string[]): CapsMap {
  const map: CapsMap = {};
  for (const clause of parseCaps(type, text)) {
    const about = cutCaps(type, clause)
      .clauses.map((words) => subjectOf(type, words))
      .join();
    const before = map[about];
    map[about] = before === undefined ? clause : `${before}, ${clause}`;
  }
  return map;
}

/** How a clause names the blocklist: "blacklist" before Pacific (16); "both" where both were granted. */
export type Blocklist = "blocklist" | "blacklist" | "both";

const oldWord = (clause: string): string =>
  clause
    .replace(/command "osd blocklist\b/g, 'command "osd blacklist')
    .replace(/ blocklistop\b/g, " blacklistop");

/** The text for Ceph of canonical clauses. */
export function capsText(clauses: CapsMap | readonly string[], word: Blocklist = "blocklist"): string {
  const list = isList(clauses) ? [...clauses] : Object.values(clauses);
  const texts = list.sort().flatMap((clause) => {
    if (word === "blocklist") return [clause];
    return word === "blacklist" ? [oldWord(clause)] : [...new Set([clause, oldWord(clause)])];
  });
  return texts.join(", ");
}

function isList(clauses: CapsMap | readonly string[]): clauses is readonly string[] {
  return Array.isArray(clauses);
}

/** The pools that clauses name by `pool=`, sorted, each once. */
export function poolsNamed(type: CapsType, text: string | readonly string[]): string[] {
  return namedBy(type, text, "pool");
}

/** The profiles in a text that no release of that daemon knows, sorted, each once. */
export function unknownProfiles(type: CapsType, text: string | readonly string[]): string[] {
  return namedBy(type, text, "profile").filter((profile) => !PROFILES[type].includes(profile));
}

/** Why a text is no caps, or undefined. */
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
  if (words.some((_, at) => isEmptyWord(words, at))) return "an empty quoted word";
  return grammarProblem(type, canonicalClause(type, words));
}

/** Only a namespace may be the empty one. */
function isEmptyWord(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word?.kind !== "quoted" || word.text !== "" || word.star === true) return false;
  return !words.slice(Math.max(0, at - 2), at).some(({ text }) => text === "namespace");
}

function namedBy(type: CapsType, text: string | readonly string[], name: string): string[] {
  const values = parseCaps(type, text).flatMap((clause) =>
    cutCaps(type, clause).clauses.flatMap((words) =>
      termsOf(type, words).flatMap((term) =>
        term.name === name && term.value !== undefined ? [term.value] : [],
      ),
    ),
  );
  return [...new Set(values)].sort();
}
