/** Values and names of options in files, as programs may write them. */
import { boolean, either, number, text, type Rule } from "./shape.js";

export const scalar: Rule<string | number | boolean> = either(
  text(/^/, "text"),
  either(number(-Number.MAX_VALUE, Number.MAX_VALUE), boolean, ""),
  "text, a number, true or false",
);

/** A name in a file; the file's grammar says more. */
export const word: Rule<string> = text(/^[^\u0000-\u001f\u007f]+$/, "a name without control characters");
