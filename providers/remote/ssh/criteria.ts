import { delimited, type ConfigLine } from "./config.js";

/** A criterion of a `Match` line. */
export interface Named {
  /** Lower case. */
  readonly name: string;
  readonly negated: boolean;
  readonly argument?: string | undefined;
}

/** Criteria without an argument. */
export const ALONE: ReadonlySet<string> = new Set(["all", "final", "canonical"]);

/** Criteria that only newer versions know: a line with one of them has one reading. */
const NEW = new Set(["localnetwork", "tagged", "command", "sessiontype", "version"]);

const PAIR = /^(!?(?:host|originalhost|user|localuser|localnetwork|version|tagged|command|exec))=(.*)$/is;

const named = (word: string, argument: () => string | undefined): Named => {
  const negated = word.startsWith("!");
  const name = (negated ? word.slice(1) : word).toLowerCase();
  return { name, negated, argument: ALONE.has(name) ? undefined : argument() };
};

/** As OpenSSH reads it since 10.0: words like those of any other line, and `host=a` is the same as `host a`. */
const newReading = ({ args }: ConfigLine): readonly Named[] => {
  const words = [...args];
  const found: Named[] = [];
  for (let word = words.shift(); word !== undefined && !word.startsWith("#"); word = words.shift()) {
    const [, name, argument] = PAIR.exec(word) ?? [];
    found.push(name === undefined ? named(word, () => words.shift()) : named(name, () => argument));
  }
  return found;
};

/** As OpenSSH read it before. */
const oldReading = ({ rest }: ConfigLine): readonly Named[] => {
  let left: string | undefined = rest;
  const next = (): string | undefined => {
    const found = left === undefined || left === "" ? undefined : delimited(left);
    left = found?.rest;
    return found?.word;
  };
  const found: Named[] = [];
  for (let word = next(); word !== undefined && !/^(?:#|$)/.test(word); word = next())
    found.push(named(word, next));
  return found;
};

const same = (one: Named | undefined, other: Named | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Criteria of a `Match` line, and the index from which versions of OpenSSH differ about them. */
export const criteriaOf = (
  line: ConfigLine,
): { readonly criteria: readonly Named[]; readonly doubtful: number } => {
  const criteria = newReading(line);
  if (criteria.some(({ name }) => NEW.has(name))) return { criteria, doubtful: Infinity };
  const old = oldReading(line);
  const longest = old.length > criteria.length ? old : criteria;
  const differs = longest.findIndex((_one, at) => !same(criteria[at], old[at]));
  return { criteria: longest, doubtful: differs < 0 ? Infinity : differs };
};
