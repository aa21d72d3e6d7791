/**
 * The grammar of oslo.config files.
 * @see https://opendev.org/openstack/oslo.config/src/branch/master/oslo_config/iniparser.py
 */
import type { Grammar, Logical } from "./grammar.js";
import { decode, encode, trimEndPython, trimPython, trimStartPython, type Line } from "./lines.js";

/** One pair of equal quotes around the first line of a value does not belong to it. */
function unquote(value: string): string {
  const first = value.charAt(0);
  return (first === '"' || first === "'") && value.endsWith(first) ? value.slice(1, -1) : value;
}

/** Cuts `key = value` at its first delimiter. */
function assignment(
  line: string,
): { key: string; prefix: string; value: string; suffix: string } | undefined {
  const at = line.search(/[=:]/);
  const key = at < 0 ? "" : trimPython(line.slice(0, at));
  if (key === "") return undefined;
  const rest = line.slice(at + 1);
  const value = trimPython(rest);
  const start = at + 1 + (rest.length - trimStartPython(rest).length);
  const end = value === "" ? line.length : start + value.length;
  return { key, prefix: line.slice(0, value === "" ? line.length : start), value, suffix: line.slice(end) };
}

const junk = (last: number, reason: string, ambiguous = false): Logical => ({
  kind: "junk",
  last,
  reason,
  ambiguous,
});

/** Reads one logical line: an entry takes the indented lines below it along. */
export const oslo: Grammar = (lines, first) => {
  const raw = lines[first]?.text ?? "";
  if (/^[#;]/.test(raw)) return { kind: "comment", last: first };
  const line = decode(raw);
  const text = trimEndPython(line);
  if (text === "") return { kind: "blank", last: first };
  if (/^[ \t]/.test(text)) return junk(first, "an indented line that continues no value");
  if (text.startsWith("[")) return header(text, first);
  return entry(lines, first, line);
};

function header(text: string, first: number): Logical {
  const isClosed = text.endsWith("]") && text.length > 2;
  if (!isClosed) return junk(first, "a section header that does not end in ]", true);
  return { kind: "header", last: first, name: text.slice(1, -1) };
}

function entry(lines: readonly Line[], first: number, line: string): Logical {
  const found = assignment(line);
  if (found === undefined) return junk(first, "neither = nor : after a key");
  const more = continued(lines, first);
  return {
    kind: "entry",
    last: first + more.length,
    key: found.key,
    value: [unquote(found.value), ...more].join("\n"),
    prefix: encode(found.prefix),
    suffix: more.length === 0 ? encode(found.suffix) : "",
  };
}

/** The indented lines below a line, up to a blank one. */
function continued(lines: readonly Line[], first: number): string[] {
  const more: string[] = [];
  for (
    let next = lines[first + 1];
    next !== undefined && /^[ \t]/.test(next.text);
    next = lines[first + 1 + more.length]
  ) {
    const text = trimPython(decode(next.text));
    if (text === "") break;
    more.push(text);
  }
  return more;
}
