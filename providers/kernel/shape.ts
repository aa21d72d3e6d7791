/**
 * Rules for inputs: each says what is allowed, in words, and yields the canonical value. An unknown passes every rule untouched, at any depth.
 */
import { isMap, isUnknown } from "./json.js";

/** Reports one problem: where (`["caps", "osd"]`), the value (left out where it is secret), and what is allowed. */
export type Report = (path: readonly string[], value: unknown, allowed: string) => void;

/** A rule for a value of type T. `check` yields the canonical value, or undefined after it has reported. */
export interface Rule<T> {
  check(value: unknown, path: readonly string[], report: Report): T | undefined;
  /** True when the value may be left out. */
  readonly optional?: boolean;
  /** True when the value must never be shown. */
  readonly secret?: boolean;
}

/** A rule for every property of I, optional ones included. */
export type Shape<I extends object> = { readonly [K in keyof Required<I>]: Rule<I[K]> };

const KINDS = { string: "text", number: "a number", boolean: "true or false" } as const;

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  const kind = Object.entries(KINDS).find(([type]) => type === typeof value)?.[1];
  return kind ?? (value === null ? "null" : "a map");
};

const IS = ", and this is ";

/** Where the type itself is wrong: the engine prints the text "2" and the number 2 alike. */
const not = (isType: boolean, value: unknown): string =>
  isType || value === undefined ? "" : `${IS}${kindOf(value)}`;

/** Text that matches `pattern`; `allowed` says the same in words. */
export const text = (pattern: RegExp, allowed: string): Rule<string> => ({
  check(value, path, report) {
    if (typeof value === "string" && pattern.test(value)) return value;
    report(path, value, `must be ${allowed}${not(typeof value === "string", value)}`);
    return undefined;
  },
});

/** A whole number from `min` to `max`. */
export const integer = (min: number, max: number): Rule<number> => ({
  check(value, path, report) {
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    report(
      path,
      value,
      `must be a whole number from ${min} to ${max}${not(typeof value === "number", value)}`,
    );
    return undefined;
  },
});

/** A number from `min` to `max`. */
export const number = (min: number, max: number): Rule<number> => ({
  check(value, path, report) {
    if (typeof value === "number" && value >= min && value <= max) return value;
    report(path, value, `must be a number from ${min} to ${max}${not(typeof value === "number", value)}`);
    return undefined;
  },
});

export const boolean: Rule<boolean> = {
  check(value, path, report) {
    if (typeof value === "boolean") return value;
    report(path, value, `must be true or false${not(false, value)}`);
    return undefined;
  },
};

/** One of the given texts. */
export const oneOf = <const T extends string>(...allowed: readonly T[]): Rule<T> => ({
  check(value, path, report) {
    const found = allowed.find((item) => item === value);
    const items = allowed.map((item) => JSON.stringify(item)).join(", ");
    if (found === undefined)
      report(path, value, `must be one of ${items}${not(typeof value === "string", value)}`);
    return found;
  },
});

/** A list of values that each pass `item`; at least one unless `empty` allows none. */
export const list = <T>(item: Rule<T>, { empty = false } = {}): Rule<readonly T[]> => ({
  check(value, path, report) {
    if (!Array.isArray(value) || (value.length === 0 && !empty)) {
      report(
        path,
        value,
        `must be a list${empty ? "" : " of at least one"}${not(Array.isArray(value), value)}`,
      );
      return undefined;
    }
    return value.flatMap((one: unknown, i) =>
      keep(through(item, one, { path: [...path, String(i)], report })),
    );
  },
});

/** A map of values that each pass `item`, under keys that pass `key`. */
export const map = <T>(key: Rule<string>, item: Rule<T>): Rule<Readonly<Record<string, T>>> => ({
  check(value, path, report) {
    if (!isMap(value)) {
      report(path, value, `must be a map${not(false, value)}`);
      return undefined;
    }
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => {
        const canonical = key.check(name, [...path, name], report);
        return canonical === undefined
          ? []
          : keep(through(item, one, { path: [...path, name], report })).map((v): [string, T] => [
              canonical,
              v,
            ]);
      }),
    );
  },
});

/** An object of exactly the given properties. */
export const object = <I extends object>(shape: Shape<I>): Rule<I> => ({
  check(value, path, report) {
    if (isMap(value)) return checkShape(shape, value, { path, report });
    report(path, value, `must be an object of ${Object.keys(shape).join(", ")}${not(false, value)}`);
    return undefined;
  },
});

/** The first rule that accepts; when none does, `allowed` is reported. */
export const either = <A, B>(first: Rule<A>, second: Rule<B>, allowed: string): Rule<A | B> => ({
  check(value, path, report) {
    const said: string[][] = [];
    for (const rule of [first, second]) {
      const problems: string[] = [];
      const found = rule.check(value, path, (_path, _value, problem) => problems.push(problem));
      if (problems.length === 0) return found;
      said.push(problems);
    }
    const isType = !said.every(([problem]) => problem?.includes(IS) === true);
    report(path, value, `must be ${allowed}${not(isType, value)}`);
    return undefined;
  },
});

/** The rule, for a value that may be left out. */
export const optional = <T>(rule: Rule<T>): Rule<T | undefined> => ({ ...rule, optional: true });

/** The rule, with a value that stands for one left out. */
export const defaulted = <T>(rule: Rule<T>, value: T): Rule<T> => ({
  ...rule,
  optional: true,
  check: (given, path, report) => (given === undefined ? value : rule.check(given, path, report)),
});

/** What is reported in place of a value that must not be shown. */
export const HIDDEN = "[secret]";

/** What is reported in place of a value that has a secret within it. */
export interface Part {
  /** All of it that may be shown. */
  readonly shownAs: string;
}

export const isPart = (value: unknown): value is Part =>
  isMap(value) && Object.keys(value).join() === "shownAs" && typeof value["shownAs"] === "string";

/** The rule, for a value that is never shown: its failures name path and rule only. */
export const secret = <T>(rule: Rule<T>): Rule<T> => ({
  ...rule,
  secret: true,
  check: (value, path, report) =>
    rule.check(value, path, (at, shown, allowed) =>
      report(at, shown === undefined ? undefined : HIDDEN, allowed),
    ),
});

const keep = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

/** Where a value stands, and whom to tell. */
interface Place {
  readonly path: readonly string[];
  readonly report: Report;
}

/** The one place where an unknown takes the place of a checked value: from here on `isUnknown` tells, not the type. */
const through = <T>(rule: Rule<T>, value: unknown, { path, report }: Place): T | undefined =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- an unknown passes every rule untouched
  isUnknown(value) ? (value as T) : rule.check(value, path, report);

const left = (rule: Rule<unknown>, value: unknown): boolean =>
  rule.optional === true && (value === undefined || value === null);

/** Checks an object against a shape; unknown properties are refused with those that there are. */
export const checkShape = <I extends object>(
  shape: Shape<I>,
  value: Readonly<Record<string, unknown>>,
  { path, report }: Place,
): I => {
  for (const key of Object.keys(value).filter((key) => !(key in shape) && value[key] !== undefined))
    report([...path, key], value[key], `is not a property here; there are ${Object.keys(shape).join(", ")}`);
  const entries = Object.entries<Rule<unknown>>(shape).flatMap(([key, rule]): [string, unknown][] => {
    const given = value[key];
    const found = left(rule, given)
      ? rule.check(undefined, [...path, key], () => undefined)
      : through(rule, given, { path: [...path, key], report });
    return found === undefined ? [] : [[key, found]];
  });
  // The mapped type of the entries is beyond the checker: every property has passed the rule that Shape<I> holds for it.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- see above
  return Object.fromEntries(entries) as I;
};
