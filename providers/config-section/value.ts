/** The rule of an option's value, and the form in which it is kept. */
import {
  canonicalValue,
  isList,
  type CanonicalValue,
  type OptionValue,
  type Scalar,
} from "../formats/ini/values.js";
import { holdsUnknown, isUnknown, UNKNOWN } from "../kernel/json.js";
import { scalar } from "../kernel/scalar.js";
import { either, list, object, type Rule } from "../kernel/shape.js";

export const value: Rule<OptionValue> = either(
  either(scalar, list(scalar), ""),
  object<{ repeated: readonly Scalar[] }>({ repeated: list(scalar) }),
  "text, a number, true or false, a list of those, or { repeated: [...] }",
);

/** A list that holds an unknown is unknown as one text. */
export const canonicalOrUnknown = (given: OptionValue): CanonicalValue =>
  isUnknown(given) || (isList(given) && holdsUnknown(given)) ? UNKNOWN : canonicalValue(given);
