/**
 * Editing INI files in place: oslo.config's and Ceph's. Bytes in, bytes out (latin1 strings, one character per byte);
 * only the lines of the options given change, and `restore` puts back what stood there.
 */
export {
  checkKey,
  checkList,
  checkSection,
  checkValue,
  joinList,
  keyWarning,
  literalValue,
} from "./ini-check.js";
export type { ValueRules } from "./ini-check.js";
export {
  canonicalKey,
  canonicalSection,
  currentLines,
  dialectOf,
  hashOf,
  parseIni,
  problems,
  readOptions,
} from "./ini-document.js";
export type { Dialect, IniDocument, Problem } from "./ini-document.js";
export { deleteOption, edit, setOption } from "./ini-edit.js";
export type { Change, Edited, EditTarget } from "./ini-edit.js";
export type { MadeSection, Original, Piece, Target } from "./ini-record.js";
export { restore } from "./ini-restore.js";
export type { RestoreTarget } from "./ini-restore.js";
