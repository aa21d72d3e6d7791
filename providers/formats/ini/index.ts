/**
 * Editing INI files in place: oslo.config's and Ceph's. Bytes in, bytes out (latin1 strings, one character per byte);
 * only the lines of the options given change, and `restore` puts back what stood there.
 */
export {
  checkKey,
  checkList,
  checkSection,
  checkValue,
  keyWarning,
  literalValue,
  readLiterally,
  substitutions,
} from "./check.js";
export type { ValueRules } from "./check.js";
export {
  canonicalKey,
  canonicalSection,
  currentLines,
  dialectDoubt,
  dialectOf,
  hashOf,
  parseIni,
  problems,
  readOptions,
} from "./document.js";
export type { IniDocument, Problem } from "./document.js";
export type { Dialect } from "./grammar.js";
export { edit } from "./edit.js";
export type { Change, Edited, EditTarget } from "./edit.js";
export type { MadeSection, Original, Piece, Target } from "./record.js";
export { restore } from "./restore.js";
export type { RestoreTarget } from "./restore.js";
