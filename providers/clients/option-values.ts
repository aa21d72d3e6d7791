/** Values of options as programs write them, as files hold them, and as state keeps them. Pure. */
import { canonicalKey, checkKey, checkList, checkValue, type Dialect } from "../formats/ini.js";
import type { Report } from "../kernel/shape.js";

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

/** Found lines in the form of the wish; several lines where one is wanted are shown as such. */
export const foundValue = (wish: CanonicalValue, found: readonly string[]): CanonicalValue => {
  const [only] = found;
  return typeof wish === "string" && found.length === 1 && only !== undefined ? only : { repeated: found };
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

/** Names of options, each under the property that it stands in. */
export type Names = readonly { readonly path: readonly string[]; readonly name: string }[];

/** Reports names that cannot be written, and two spellings or uses of one option. */
export const checkNames = (dialect: Dialect, names: Names, report: Report): void => {
  const seen = new Map<string, string>();
  for (const { path, name } of names) {
    const reason = checkKey(dialect, name);
    if (reason !== undefined) report(path, name, `is refused: ${reason}`);
    const key = canonicalKey(dialect, name);
    const other = seen.get(key);
    if (other !== undefined) report(path, name, `is given twice: it is the same option as ${other}`);
    seen.set(key, path.join("."));
  }
};
