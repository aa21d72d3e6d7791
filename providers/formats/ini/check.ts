/**
 * What can be written so that the real parser reads it back, and how. Reasons name the rule and never the value, which
 * may be a secret.
 */
import type { Dialect } from "./grammar.js";
import { trimPython } from "./lines.js";

const CONTROL = /(?!\t)\p{Cc}/u;
const LONE_SURROGATE = /\p{Cs}/u;
const NON_ASCII = /[^\x00-\x7f]/;

/** Ceph's metavariables: expanded in every value; there is no way to write one literally.
 *  @see https://docs.ceph.com/en/latest/rados/configuration/ceph-conf/#metavariables */
const METAVARIABLE = /\$\{?(?:cluster|type|id|name|host|pid|cctid|num)\b/;

function common(text: string, what: string): string | undefined {
  if (text === "") return `${what} must not be empty`;
  if (trimPython(text) !== text) return `${what} must not begin or end with a blank`;
  if (CONTROL.test(text) || text.includes("\t")) return `${what} must not contain control characters`;
  if (LONE_SURROGATE.test(text)) return `${what} must be Unicode text`;
  return undefined;
}

/** Why an option's name cannot be written, or undefined. */
export function checkKey(dialect: Dialect, key: string): string | undefined {
  const reason = common(key, "an option's name");
  if (reason !== undefined) return reason;
  if (dialect === "oslo") {
    if (/[=:]/.test(key)) return 'an option\'s name must not contain "=" or ":"';
    return /^[#;[]/.test(key) ? 'an option\'s name must not begin with "#", ";" or "["' : undefined;
  }
  if (/[=#;[\\]/.test(key)) return 'an option\'s name must not contain "=", "#", ";", "[" or a backslash';
  return NON_ASCII.test(key) ? "an option's name in ceph.conf must be ASCII" : undefined;
}

/** Why a section's name cannot be written, or undefined. */
export function checkSection(dialect: Dialect, section: string): string | undefined {
  const reason = common(section, "a section's name");
  if (reason !== undefined) return reason;
  if (/[[\]]/.test(section)) return 'a section\'s name must not contain "[" or "]"';
  if (dialect === "oslo") return undefined;
  if (/[#;\\]/.test(section))
    return 'a section\'s name in ceph.conf must not contain "#", ";" or a backslash';
  return NON_ASCII.test(section) ? "a section's name in ceph.conf must be ASCII" : undefined;
}

export interface ValueRules {
  /** The value is one of several of one option: ceph.conf knows no lists. */
  readonly list?: boolean;
  /** The value must be read back as it stands (a password), without substitution: see `literalValue`. */
  readonly literal?: boolean;
}

/** Why a value cannot be written, or undefined. */
export function checkValue(dialect: Dialect, value: string, rules: ValueRules = {}): string | undefined {
  if (/[\r\n]/.test(value)) return "a value must be one line, without line ends";
  if (CONTROL.test(value)) return "a value must not contain control characters other than a tab";
  if (LONE_SURROGATE.test(value)) return "a value must be Unicode text";
  if (dialect === "oslo") return undefined;
  if (rules.list === true) return "ceph.conf knows no lists: the last line of an option wins";
  if (/^[ \t]|[ \t]$/.test(value))
    return "a value in ceph.conf must not begin or end with a blank: Ceph trims it";
  if (rules.literal === true && METAVARIABLE.test(value)) {
    return "a value in ceph.conf cannot hold a metavariable such as $host literally: Ceph expands it";
  }
  return undefined;
}

/**
 * A value whose `$` are meant literally: oslo.config substitutes `$name`, and takes `$$` and `\$` for one `$`. Behind a backslash only the latter
 * is read back as both.
 */
export function literalValue(dialect: Dialect, value: string): string {
  return dialect === "oslo"
    ? value.replace(/(\\?)\$/g, (_, slash: string) => (slash === "" ? "$$" : "\\\\$"))
    : value;
}

const NAME = /\$(?:\$|\{([a-z_][a-z0-9_.]*)\}|([a-z_][a-z0-9_.]*))/gi;

/** Names that oslo.config would substitute in a value, each once. */
export function substitutions(dialect: Dialect, value: string): string[] {
  if (dialect !== "oslo") return [];
  const names = [...value.replaceAll("\\$", "$$$$").matchAll(NAME)].map(([, braced, bare]) => braced ?? bare);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** What the service reads of a value that substitutes nothing; one that does is shown as what nobody can desire. */
export function readLiterally(dialect: Dialect, value: string): string {
  if (dialect !== "oslo") return value;
  if (substitutions(dialect, value).length > 0) return `${value}\n(not read literally)`;
  return value.replaceAll("\\$", "$$$$").replaceAll("$$", () => "$");
}

/** What a name with a dash silently means, or undefined. */
export function keyWarning(dialect: Dialect, key: string): string | undefined {
  if (!key.includes("-")) return undefined;
  return dialect === "oslo"
    ? "oslo.config never reads a name with a dash: it looks for underscores"
    : "Ceph takes no dash for an underscore in ceph.conf: the option keeps its default";
}

/** Why a list cannot be one comma-joined value, or undefined. */
export function checkList(dialect: Dialect, items: readonly string[]): string | undefined {
  for (const item of items) {
    if (item.includes(",")) return "an item of a list must not contain a comma: items are joined by commas";
    if (item === "" && items.length > 1) return "an item of a list must not be empty";
    if (trimPython(item) !== item) return "an item of a list must not begin or end with a blank";
    const reason = checkValue(dialect, item);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The text that the real parser reads as this value. @throws Error that names the rule when there is none. */
export function valueText(dialect: Dialect, value: string): string {
  const reason = checkValue(dialect, value);
  if (reason !== undefined) throw new Error(reason);
  return dialect === "oslo" ? osloText(value) : cephText(value);
}

function osloText(value: string): string {
  const quoted = /^(["'])/.test(value) && value.endsWith(value.charAt(0));
  return quoted || trimPython(value) !== value ? `"${value}"` : value;
}

// Right for the parser since Octopus and for the line parser before it. Only quotes carry non-ASCII: unquoted it
// aborts Ceph 16 (boost asserts on a negative char).
function cephText(value: string): string {
  if (NON_ASCII.test(value)) return `"${value.replace(/[\\#;"]/g, "\\$&")}"`;
  return value.replace(/[\\#;]/g, "\\$&").replace(/^["']/, "\\$&");
}
