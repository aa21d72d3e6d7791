/** The end of a service's journal as it may be shown. Pure but for the secrets that this process has seen. */
import { redact } from "../../remote/redact.js";

/** Names whose values are secrets, however a service prints them: `key = …`, `password: …`, `"adminPass": "…"`. */
const NAMED =
  /((?:\b|_|admin)(?:key|secret|passw(?:or)?d|password|pass|token|credentials?)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|\S+)/gi;

/** `rabbit://nova:secret@host`. */
const LOGIN = /([a-z][a-z0-9+]*:\/\/[^\s:@/]*:)[^\s]+@/gi;

/** `Authorization: Bearer …`. */
const BEARER = /(\bauthorization["']?\s*[=:]\s*["']?(?:basic|bearer)\s+)[^\s"']+/gi;

/** What a terminal would take for orders. */
const CONTROL = /\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Of a line that nobody will read: patterns take the square of its length, and whoever writes the journal decides how long it is. */
const LONGEST = 2000;

const SHOWN = 300;

const lastOf = (text: string, lines: number): string[] =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-lines);

/** Its last lines, without secrets and without what a terminal would obey; long lines are cut. */
export const journalText = (text: string, lines: number): string =>
  lastOf(redact(text).replace(CONTROL, ""), lines)
    .map((line) => line.slice(0, LONGEST))
    .join("\n")
    .replace(LOGIN, "$1[secret]@")
    .replace(BEARER, "$1[secret]")
    .replace(NAMED, "$1[secret]")
    .split("\n")
    .map((line) => (line.length > SHOWN ? `${line.slice(0, SHOWN)} …` : line))
    .join("\n");
