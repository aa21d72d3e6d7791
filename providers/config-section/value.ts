/** The rule of an option's value. */
import type { OptionValue, Scalar } from "../formats/ini/values.js";
import { scalar } from "../kernel/scalar.js";
import { either, list, object, type Rule } from "../kernel/shape.js";

export const value: Rule<OptionValue> = either(
  either(scalar, list(scalar), ""),
  object<{ repeated: readonly Scalar[] }>({ repeated: list(scalar) }),
  "text, a number, true or false, a list of those, or { repeated: [...] }",
);
