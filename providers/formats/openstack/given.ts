/** Values as programs write them, as they are judged. Pure. */
import { canonicalValue, type CanonicalValue, type Scalar } from "../ini/values.js";

/** What oslo.config takes for true. */
export const YES = /^(true|1|on|yes)$/i;
export const isYes = (value = ""): boolean => YES.test(value);
export const isNo = (value = ""): boolean => /^(false|0|off|no)$/i.test(value);

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

const isList = (value: unknown): value is readonly Scalar[] => Array.isArray(value) && value.every(isScalar);

/** The file's text; undefined where it is not plain. */
export const judged = (value: unknown): CanonicalValue | undefined => {
  if (isScalar(value) || isList(value)) return canonicalValue(value);
  return typeof value === "object" && value !== null && "repeated" in value && isList(value.repeated)
    ? canonicalValue({ repeated: value.repeated })
    : undefined;
};
