/**
 * The grammar of oslo.config files.
 * @see https://opendev.org/openstack/oslo.config/src/branch/master/oslo_config/iniparser.py
 */
import type { Grammar } from "./ini-document.js";
import { decode, encode, trimEndPython, trimPython, trimStartPython } from "./ini-lines.js";

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

function headerName(text: string): string | undefined {
  return text.endsWith("]") && text.length > 2 ? text.slice(1, -1) : undefined;
}

/** Reads one logical line: an entry takes the indented lines below it along. */
export const oslo: Grammar = (lines, first) => {
  const line = decode(lines[first]?.text ?? "");
  const text = trimEndPython(line);
  if (text === "") return { kind: "blank", last: first };
  if (text.startsWith("#") || text.startsWith(";")) return { kind: "comment", last: first };
  if (text.startsWith(" ") || text.startsWith("\t")) {
    return {
      kind: "junk",
      last: first,
      reason: "an indented line that continues no value",
      ambiguous: false,
    };
  }
  if (text.startsWith("[")) {
    const name = headerName(text);
    if (name !== undefined) return { kind: "header", last: first, name };
    return { kind: "junk", last: first, reason: "a section header that does not end in ]", ambiguous: true };
  }
  const found = assignment(line);
  if (found === undefined) {
    return { kind: "junk", last: first, reason: "neither = nor : after a key", ambiguous: false };
  }
  const values = [unquote(found.value)];
  let last = first;
  for (let next = lines[last + 1]; next !== undefined && /^[ \t]/.test(next.text); next = lines[last + 1]) {
    const more = trimPython(decode(next.text));
    if (more === "") break;
    values.push(more);
    last += 1;
  }
  return {
    kind: "entry",
    last,
    key: found.key,
    value: values.join("\n"),
    prefix: encode(found.prefix),
    suffix: last === first ? encode(found.suffix) : "",
  };
};
