/** Whether a value is what an option takes. Pure. */
import { isIP } from "node:net";
import { linesOf, type CanonicalValue } from "../ini/values.js";
import { isNo, isYes } from "./given.js";
import type { OptionFacts } from "./index.js";

const isBoolean = (text: string): boolean => isYes(text) || isNo(text);

/** Whether oslo.config reads two texts of a boolean option as one: `True` and `true`. */
export const isSameBoolean = ({ type }: OptionFacts, one: string, other: string): boolean =>
  type === "boolean" && isBoolean(one) && isBoolean(other) && isYes(one) === isYes(other);

/** Types that a text can be judged by; of all others every text is one. */
const KINDS: Readonly<Record<string, { readonly is: (text: string) => boolean; readonly words: string }>> = {
  boolean: { is: isBoolean, words: "true or false" },
  integer: { is: (text) => /^[+-]?\d+$/.test(text), words: "a whole number" },
  float: { is: (text) => text !== "" && Number.isFinite(Number(text)), words: "a number" },
  port: { is: (text) => /^\d+$/.test(text) && Number(text) <= 65_535, words: "a port" },
  ip: { is: (text) => isIP(text) !== 0, words: "an IP address" },
  dict: { is: (text) => text.split(",").every((item) => item.includes(":")), words: "key:value,key:value" },
};

const itemsOf = (text: string): string[] =>
  text
    .replace(/^\[(.*)\]$/, "$1")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** Of `multi list of X` one line is a list. */
const lineType = (type: string): string => type.replace(/^multi /, "");

const choiceProblem = ({ choices = [] }: OptionFacts, items: readonly string[]): string | undefined => {
  if (!Array.isArray(choices) || choices.length === 0) return undefined;
  const known = choices.map((choice) => String(choice).toLowerCase());
  const other = items.find((item) => !known.includes(item.toLowerCase()));
  const there = choices.filter((choice) => choice !== null && choice !== "").map(String);
  return other === undefined
    ? undefined
    : `takes one of ${there.join(", ")}, and not ${JSON.stringify(other)}`;
};

const rangeProblem = ({ type, min, max }: OptionFacts, text: string): string | undefined => {
  if (!["integer", "float", "port"].includes(lineType(type))) return undefined;
  const number = Number(text);
  if (min !== undefined && number < min) return `takes at least ${min}, and this is ${text}`;
  return max !== undefined && number > max ? `takes at most ${max}, and this is ${text}` : undefined;
};

const lineProblem = (facts: OptionFacts, line: string): string | undefined => {
  const text = line.trim();
  // Another option's value stands there, or none: then oslo.config takes the default.
  if (text === "" || text.includes("$")) return undefined;
  const type = lineType(facts.type);
  const isList = type === "list" || type.startsWith("list of ");
  const items = isList ? itemsOf(text) : [text];
  const kind = KINDS[type.replace(/^list of /, "")];
  const wrong = kind === undefined ? undefined : items.find((item) => !kind.is(item));
  if (kind !== undefined && wrong !== undefined)
    return `takes ${kind.words}${isList ? ", several with commas" : ""}, and this is ${JSON.stringify(wrong)}`;
  return choiceProblem(facts, items) ?? rangeProblem(facts, text);
};

const COMMENT = "holds #: oslo.config has no comments behind a value, and takes all of it";

/** Words with commas between them, and nothing that is JSON, a mapping or a quoted text. */
const WORDS = /^[\w./-]+(?:, ?[\w./-]+)+$/;

/** What is wrong with the value of an option; undefined where nothing is known to be. */
export const valueProblem = (facts: OptionFacts, value: CanonicalValue): string | undefined => {
  const lines = linesOf(value);
  const isMulti = facts.type.startsWith("multi ");
  if (lines.length > 1 && !isMulti) return "takes one value: of several lines the last counts alone";
  if (isMulti && typeof value === "string" && WORDS.test(value))
    return "takes one line for each value: { repeated: [...] }";
  if (lines.some((line) => /\s#\s/.test(line))) return COMMENT;
  return lines.map((line) => lineProblem(facts, line)).find((problem) => problem !== undefined);
};
