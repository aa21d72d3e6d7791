/** Values of options as programs write them, as files hold them, and as state keeps them. Pure. */
import { checkKey, checkList, checkValue, readLiterally } from "./check.js";
import { canonicalKey } from "./document.js";
import type { Dialect } from "./grammar.js";

/** A value as programs write it. */
export type Scalar = string | number | boolean;

/** A value; a list, comma-joined on one line; or several lines of one option (MultiOpt of oslo.config). */
export type OptionValue = Scalar | readonly Scalar[] | { readonly repeated: readonly Scalar[] };

/** The form that `check` makes of it and state keeps. */
export type CanonicalValue = string | { readonly repeated: readonly string[] };

/** What `read` shows for an option that must not be set and is: never its value, which may be a secret. */
export const IS_SET = "(set)";

export const isList = (value: OptionValue): value is readonly Scalar[] => Array.isArray(value);

/** A value as state keeps it: the file's text. */
export const canonicalValue = (value: OptionValue): CanonicalValue => {
  if (isList(value)) return value.map(String).join(",");
  return typeof value === "object" ? { repeated: value.repeated.map(String) } : String(value);
};

/** The lines that a value wants. */
export const linesOf = (value: CanonicalValue): readonly string[] =>
  typeof value === "string" ? [value] : value.repeated;

/** Found lines in the form of what is desired; several lines where one is wanted are shown as such. */
export const foundValue = (desired: CanonicalValue, found: readonly string[]): CanonicalValue => {
  const [only] = found;
  return typeof desired === "string" && found.length === 1 && only !== undefined ? only : { repeated: found };
};

/** Why a value cannot be written, or undefined. */
export const valueProblem = (dialect: Dialect, value: OptionValue): string | undefined => {
  if (isList(value))
    return dialect === "ceph"
      ? checkValue(dialect, "", { list: true })
      : checkList(dialect, value.map(String));
  if (typeof value !== "object") return checkValue(dialect, String(value));
  const isSeveral = value.repeated.length > 1;
  return value.repeated
    .map((item) => checkValue(dialect, String(item), { list: isSeveral }))
    .find((reason) => reason !== undefined);
};

/** What a section is to hold, under the names of the inputs. */
export interface SectionValues {
  readonly options: readonly (readonly [string, OptionValue])[];
  readonly secretOptions: readonly (readonly [string, string])[];
  readonly absent: readonly string[];
}

/** One problem: where, what may be shown of the value, and what is wrong. */
export interface ValueProblem {
  readonly path: readonly string[];
  readonly shown: unknown;
  readonly reason: string;
}

/** Names that cannot be written, and two spellings or uses of one option. */
const nameProblems = (
  dialect: Dialect,
  { options, secretOptions, absent }: SectionValues,
): ValueProblem[] => {
  const names = [
    ...options.map(([name]) => ({ path: ["options", name], name })),
    ...secretOptions.map(([name]) => ({ path: ["secretOptions", name], name })),
    ...absent.map((name, at) => ({ path: ["absent", String(at)], name })),
  ];
  const seen = new Map<string, string>();
  return names.flatMap(({ path, name }) => {
    const key = canonicalKey(dialect, name);
    const [reason, other] = [checkKey(dialect, name), seen.get(key)];
    seen.set(key, path.join("."));
    return [
      ...(reason === undefined ? [] : [{ path, shown: name, reason: `is refused: ${reason}` }]),
      ...(other === undefined
        ? []
        : [{ path, shown: name, reason: `is given twice: it is the same option as ${other}` }]),
    ];
  });
};

/** Everything that cannot be written; `isUnknown` tells values that no rule is applied to, `hidden` stands for secrets. */
export const sectionProblems = (
  dialect: Dialect,
  values: SectionValues,
  { isUnknown, hidden }: { isUnknown: (value: unknown) => boolean; hidden: string },
): ValueProblem[] => {
  const given = [
    ...values.options.map(([name, value]) => ({
      path: ["options", name],
      value,
      shown: value,
      literal: false,
    })),
    ...values.secretOptions.map(([name, value]) => ({
      path: ["secretOptions", name],
      value,
      shown: hidden,
      literal: true,
    })),
  ];
  return [
    ...nameProblems(dialect, values),
    ...given.flatMap(({ path, value, shown, literal }) => {
      const problem = () =>
        literal && typeof value === "string"
          ? checkValue(dialect, value, { literal })
          : valueProblem(dialect, value);
      const reason = isUnknown(value) ? undefined : problem();
      return reason === undefined ? [] : [{ path, shown, reason: `is refused: ${reason}` }];
    }),
  ];
};

/** The values of a section as found, in the form of what is desired: what is missing is left out, what must not be set is shown as set. */
export const foundSection = (
  dialect: Dialect,
  found: ReadonlyMap<string, readonly string[]>,
  {
    options,
    secretOptions,
    absent,
  }: Omit<SectionValues, "options"> & { options: readonly (readonly [string, CanonicalValue])[] },
): { options: Record<string, CanonicalValue>; secretOptions: Record<string, string> } => {
  const linesFor = (name: string): readonly string[] => found.get(name) ?? [];
  const isFound = (name: string): boolean => linesFor(name).length > 0;
  const held = options
    .filter(([name]) => isFound(name))
    .map(([name, desired]): [string, CanonicalValue] => [name, foundValue(desired, linesFor(name))]);
  const set = absent.filter(isFound).map((name): [string, CanonicalValue] => [name, IS_SET]);
  // A secret is one line, read literally: several found lines are none of them, and shown as one text that nobody can desire.
  const secrets = secretOptions
    .filter(([name]) => isFound(name))
    .map(([name]): [string, string] => [
      name,
      linesFor(name)
        .map((line) => readLiterally(dialect, line))
        .join("\n"),
    ]);
  return { options: Object.fromEntries([...held, ...set]), secretOptions: Object.fromEntries(secrets) };
};
