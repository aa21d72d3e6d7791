import { Failure } from "../failure.js";
import { matchesPattern } from "../patterns.js";
import {
  choose,
  HOST_KEY_DEFAULTS,
  HOST_KEY_NAMES,
  spoken,
  spokenByDefault,
  type AlgorithmKind,
} from "./algorithms.js";
import type { ConfigLine } from "./config.js";

/** @throws Failure `configuration`, with the line and what is allowed */
const badValue = (line: ConfigLine, allowed: string): Failure =>
  new Failure({
    code: "configuration",
    what: `${line.where}: ${line.keyword} ${JSON.stringify(line.rest)} must be ${allowed}`,
  });

/** A keyword's one value, or undefined where it is not set. */
export const text = (line: ConfigLine | undefined): string | undefined => line?.args[0];

const YES_NO: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

export const flag = (line: ConfigLine | undefined): boolean | undefined => {
  if (line === undefined) return undefined;
  const value = YES_NO[(text(line) ?? "").toLowerCase()];
  if (value === undefined) throw badValue(line, "yes or no");
  return value;
};

export const wholeNumber = (
  line: ConfigLine | undefined,
  [low, high]: readonly [number, number],
): number | undefined => {
  if (line === undefined) return undefined;
  const value = /^\d+$/.test(text(line) ?? "") ? Number(text(line)) : Number.NaN;
  if (!(value >= low && value <= high)) throw badValue(line, `a whole number from ${low} to ${high}`);
  return value;
};

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A time as `90`, `1m30s`; `none` is 0. @see https://man.openbsd.org/sshd_config#TIME_FORMATS */
export const seconds = (line: ConfigLine | undefined): number | undefined => {
  if (line === undefined) return undefined;
  if (text(line) === "none") return 0;
  const value = (text(line) ?? "").toLowerCase();
  if (!/^(\d+[smhdw]?)+$/.test(value)) throw badValue(line, "a time such as 90 or 1m30s");
  const parts = [...value.matchAll(/(\d+)([smhdw]?)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 1), 0);
};

export const oneOf = <T extends string>(
  line: ConfigLine | undefined,
  values: Readonly<Record<string, T>>,
): T | undefined => {
  if (line === undefined) return undefined;
  const value = values[(text(line) ?? "").toLowerCase()];
  if (value === undefined) throw badValue(line, Object.keys(values).join(", "));
  return value;
};

/** A list of algorithm names with OpenSSH's `+` (add), `-` (take away) and `^` (first). */
const desiredNames = (
  spec: string,
  defaults: readonly string[],
  all: readonly string[],
): readonly string[] => {
  const patterns = spec.replace(/^[+^-]/, "").split(",");
  const named = patterns.flatMap((pattern) =>
    /[*?]/.test(pattern) ? all.filter((name) => matchesPattern(name, pattern)) : [pattern],
  );
  if (spec.startsWith("+")) return [...new Set([...defaults, ...named])];
  if (spec.startsWith("^")) return [...new Set([...named, ...defaults])];
  if (spec.startsWith("-")) return defaults.filter((name) => !named.includes(name));
  return [...new Set(named)];
};

const defaultsOf = (kind: AlgorithmKind): readonly string[] =>
  kind === "hostKey" ? HOST_KEY_DEFAULTS : spokenByDefault(kind);

const namesOf = (kind: AlgorithmKind): readonly string[] =>
  kind === "hostKey" ? HOST_KEY_NAMES : spoken(kind);

/** The desired algorithms, spoken here or not; it is an error where none can be spoken. */
export const algorithms = (
  line: ConfigLine | undefined,
  kind: AlgorithmKind,
): readonly string[] | undefined => {
  const spec = text(line);
  if (line === undefined || spec === undefined) return undefined;
  if (kind !== "hostKey" && !spec.startsWith("-") && /[*?]/.test(spec))
    throw badValue(line, "a list of names; patterns may stand after `-` only");
  const names = desiredNames(spec, defaultsOf(kind), namesOf(kind));
  const usable = choose(kind, names);
  if (usable.length === 0)
    throw badValue(line, `a list with at least one of ${spokenByDefault(kind).join(", ")}`);
  return kind === "hostKey" ? names : usable;
};

/** True where HostKeyAlgorithms says an order itself: OpenSSH lets the types of known keys come first in its own list, and in one with `+` or `-`. */
export const saysOrder = (line: ConfigLine | undefined): boolean => !/^(?:[+-]|$)/.test(text(line) ?? "");
