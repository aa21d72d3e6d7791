/** Words for the shapes of arguments: each says in one sentence what must be at a place. An Output passes: where none may be, others say so. Pure. */
import { Output, Resource } from "@pulumi/pulumi";
import {
  HIDDEN,
  isMap,
  isPart,
  isUnknown,
  nearest,
  redact,
  UNKNOWN,
} from "../../providers/argument-rules/index.js";
import type { Rule } from "../../providers/kernel/shape.js";

/** One thing that is wrong. */
export interface Problem {
  readonly at: string;
  readonly says: string;
  /** What asks further of the arguments would stumble over it. */
  readonly isRough: boolean;
}

/** Says what is wrong with a value at a place, as `cinder.backends.0.user`. */
export type Check = (value: unknown, at: string) => readonly Problem[];

const isLater = (value: unknown): boolean =>
  Output.isInstance(value) || value instanceof Promise || isUnknown(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isMap(value) && !Resource.isInstance(value);

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  return Resource.isInstance(value) ? "a resource" : typeof value === "object" ? "a map" : "a function";
};

/** Plain values as they are; of what holds more only its kind. */
const shown = (value: unknown): string => {
  if (isPart(value)) return ` ${value.shownAs}`;
  if (value === undefined) return "";
  if (value === HIDDEN) return ` ${HIDDEN}`;
  if (typeof value === "string") return ` ${JSON.stringify(value.slice(0, 200))}`;
  return typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint" ||
    value === null
    ? ` ${String(value)}`
    : ` (${kindOf(value)})`;
};

const rough = (at: string, value: unknown, must: string): readonly Problem[] => [
  { at, says: redact(`${at}${shown(value)} must be ${must}`), isRough: true },
];

/** Whatever it is: another rule looks at it. */
export const anything: Check = () => [];

/** The check, for all that is known in the program. */
export const known =
  (check: Check): Check =>
  (value, at) =>
    isLater(value) ? [] : check(value, at);

/** A value that must not be shown. */
export const hidden =
  (check: Check): Check =>
  (value, at) =>
    check(value, at).map(({ isRough, says }) => ({
      at,
      isRough,
      says: `${at} ${HIDDEN} ${says.slice(says.lastIndexOf("must be "))}`,
    }));

export const text: Check = known((value, at) => (typeof value === "string" ? [] : rough(at, value, "text")));

export const flag: Check = known((value, at) =>
  typeof value === "boolean" ? [] : rough(at, value, "true or false"),
);

/** Text, a number, true or false. */
export const scalar: Check = known((value, at) =>
  ["string", "number", "boolean"].includes(typeof value)
    ? []
    : rough(at, value, "text, a number, true or false"),
);

/** What the component calls. */
export const callable =
  (must: string): Check =>
  (value, at) =>
    typeof value === "function" ? [] : rough(at, value, must);

/** A list; `none` says why it may not be empty. */
export const list = (item: Check, none?: string): Check =>
  known((value, at) => {
    if (typeof value === "string") return rough(at, undefined, `a list: [${JSON.stringify(value)}]`);
    if (!Array.isArray(value)) return rough(at, value, "a list");
    if (value.length === 0 && none !== undefined) return [{ at, says: `${at} ${none}`, isRough: false }];
    return value.flatMap((one: unknown, i) => item(one ?? null, `${at}.${String(i)}`));
  });

/** A map by names of the program's own, or by those that are known. */
export const map = (item: Check, what: string): Check =>
  known((value, at) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : item(one, `${at}.${key}`)))
      : rough(at, value, what),
  );

/** A check for every field of T, optional ones included. */
export type Fields<T extends object> = { readonly [K in keyof Required<T>]: Check };

interface FieldWords {
  /** Fields that must be there. */
  readonly required?: readonly string[];
  /** What a field is called. @default "argument" */
  readonly noun?: string;
}

const placeOf = (at: string, key: string): string => (at === "" ? key : `${at}.${key}`);

const unknownProblem = (
  at: string,
  key: string,
  { there, noun }: { there: string[]; noun: string },
): Problem => {
  const near = nearest(key, there);
  const meant = near === undefined ? "" : `; did you mean ${near}?`;
  return {
    at: placeOf(at, key),
    says: `${placeOf(at, key)} is no ${noun} here; there are ${there.join(", ")}${meant}`,
    isRough: false,
  };
};

/** Exactly the given fields. At the place "" they are the arguments themselves. */
export const fields = <T extends object>(checks: Fields<T>, words: FieldWords = {}): Check => {
  const { required = [], noun = "argument" } = words;
  const there = Object.keys(checks);
  return known((value, at) => {
    if (!isObject(value))
      return rough(at === "" ? "the arguments" : at, value, `a map: { ${there.join(", ")} }`);
    return [
      ...Object.keys(value)
        .filter((key) => !there.includes(key) && value[key] !== undefined)
        .map((key) => unknownProblem(at, key, { there, noun })),
      ...Object.entries<Check>(checks).flatMap(([key, check]): readonly Problem[] => {
        const place = placeOf(at, key);
        if (value[key] === null)
          return [{ at: place, says: `${place} must not be null: leave it out`, isRough: true }];
        if (value[key] !== undefined) return check(value[key], place);
        return required.includes(key) ? [{ at: place, says: `${place} is missing`, isRough: true }] : [];
      }),
    ];
  });
};

/** The check of the first kind that the value is of. */
export const oneOfKinds = (
  kinds: readonly { is: (value: unknown) => boolean; check: Check }[],
  must: string,
): Check =>
  known((value, at) => kinds.find(({ is }) => is(value))?.check(value, at) ?? rough(at, value, must));

export const isText = (value: unknown): boolean => typeof value === "string";
export const isFlag = (value: unknown): boolean => typeof value === "boolean";
export { isObject };

/** What a resource is given may be an Output at any depth. */
const nulls = (value: unknown, at: string): Problem[] => {
  if (value === null) return [{ at, says: `${at} must not be null: leave it out`, isRough: false }];
  return Array.isArray(value) || isObject(value)
    ? Object.entries(isLater(value) ? {} : value).flatMap(([key, one]) => nulls(one, `${at}.${key}`))
    : [];
};

const masked = (value: unknown): unknown => {
  if (isLater(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(masked);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one)]))
    : value;
};

/** The rule that the resource has for its input, said once and before it is made. */
export const ruled =
  (rule: Rule<unknown>): Check =>
  (value, at) => {
    const found = nulls(value, at);
    rule.check(isLater(value) ? UNKNOWN : masked(value), [], (path, given, allowed) => {
      const place = [at, ...path].join(".");
      found.push({ at: place, says: redact(`${place}${shown(given)} ${allowed}`), isRough: false });
    });
    return isLater(value) ? [] : found;
  };

/** Options by section. `example` is a section and an option of it. */
export const sections = (
  value: Check,
  [section, option]: readonly [string, string],
  { isSecret = false } = {},
): Check =>
  known((given, at) => {
    const said = (one: unknown): unknown => (isSecret ? HIDDEN : one);
    if (!isObject(given))
      return rough(at, said(given), `options by section: { ${section}: { ${option}: … } }`);
    return Object.entries(given).flatMap(([name, options]): readonly Problem[] => {
      if (isLater(options) || options === undefined) return [];
      if (isObject(options)) return map(value, "")(options, `${at}.${name}`);
      return rough(`${at}.${name}`, said(options), `by section: { ${section}: { ${name}: … } }`);
    });
  });

/** Of every input the rule that the resource has. */
export const rules = <T extends object>(shape: { readonly [K in keyof T]: Rule<unknown> }): {
  readonly [K in keyof T]: Check;
} => {
  const entries = Object.entries<Rule<unknown>>(shape).map(([key, rule]): [string, Check] => [
    key,
    ruled(rule),
  ]);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the same keys
  return Object.fromEntries(entries) as { readonly [K in keyof T]: Check };
};
