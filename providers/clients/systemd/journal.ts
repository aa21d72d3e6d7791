/** The end of a service's journal as it may be shown. Pure but for the secrets that this process has seen. */
import { redact } from "../../remote/redact.js";

/** Names whose values are secrets, however a service prints them: `key = …`, `password: …`, `"admin_pass": "…"`. */
const NAMED =
  /((?:\b|_)(?:key|secret|passw(?:or)?d|password|pass|token|credentials?)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|\S+)/gi;

/** `rabbit://nova:secret@host`. */
const LOGIN = /([a-z][a-z0-9+]*:\/\/[^\s:@/]*:)[^\s@]+@/gi;

/** What a terminal would take for orders. */
const CONTROL = /\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Its last lines, without secrets and without what a terminal would obey; long lines are cut. */
export const journalText = (text: string, lines: number): string =>
  redact(text)
    .replace(CONTROL, "")
    .replace(LOGIN, "$1[secret]@")
    .replace(NAMED, "$1[secret]")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-lines)
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)} …` : line))
    .join("\n");
