/**
 * The grammar of ceph.conf since Octopus.
 * @see https://github.com/ceph/ceph/blob/main/src/common/ConfUtils.cc
 */
import type { Grammar, Logical } from "./grammar.js";
import { decode, trimAscii, type Line } from "./lines.js";

const CONTINUED = /\\(?:\r\n|\r|\n)/g;
const REST_OF_LINE = /^[ \t]*(?:[#;].*)?$/s;

/** Blanks, also several and also tabs, count as one underscore; dashes do not. */
export function cephKey(key: string): string {
  return trimAscii(key.replace(CONTINUED, " ")).replace(/[\t-\r ]+/g, "_");
}

/** A logical line: physical lines joined while a backslash that is no half of an escape stands before the line end. */
interface Scan {
  readonly raw: string;
  readonly last: number;
  /** Where the first `=` outside escapes is, or -1. */
  readonly equals: number;
  /** Where the comment starts, or the length. */
  readonly end: number;
}

interface Position {
  raw: string;
  last: number;
  at: number;
}

/** At a backslash: over the escape, or on to the next line. */
function skipBackslash(lines: readonly Line[], position: Position): void {
  const eol = lines[position.last]?.eol ?? "";
  const next = lines[position.last + 1];
  if (position.at + 1 < position.raw.length) {
    position.at += 2;
  } else if (eol !== "" && next !== undefined) {
    position.raw += eol + next.text;
    position.at += 1 + eol.length;
    position.last += 1;
  } else {
    position.at += 1;
  }
}

function scan(lines: readonly Line[], first: number): Scan {
  const position: Position = { raw: lines[first]?.text ?? "", last: first, at: 0 };
  let equals = -1;
  while (position.at < position.raw.length) {
    const char = position.raw.charAt(position.at);
    if (char === "\\") {
      skipBackslash(lines, position);
      continue;
    }
    if (char === "#" || char === ";") break;
    if (char === "=" && equals < 0) {
      equals = position.at;
      const quoted = quotedEnd(position.raw, equals + 1);
      if (quoted !== undefined) {
        return { raw: position.raw, last: position.last, equals, end: quoted };
      }
    }
    position.at += 1;
  }
  return { raw: position.raw, last: position.last, equals, end: position.at };
}

/** The end of a quoted value after `from`: behind its closing quote, -1 if it has none; undefined for an unquoted one. */
function quotedEnd(raw: string, from: number): number | undefined {
  const value = raw.slice(from);
  if (!/^[ \t]*["']/.test(value)) return undefined;
  const quoted = /^[ \t]*(?:"(?:\\[^]|[^"\\#;])*"|'(?:\\[^]|[^'\\#;])*')/.exec(value)?.[0];
  if (quoted === undefined || !REST_OF_LINE.test(value.slice(quoted.length))) return -1;
  return from + quoted.length;
}

/** What Ceph makes of the text of a value: it trims after unescaping, and a NUL ends it. */
function cephValue(raw: string): string {
  const joined = raw.replace(/\\(\r\n|\r|\n|[^])/g, (_, next: string) => (/^[\r\n]/.test(next) ? "" : next));
  const quoted = /^["']/.test(raw) ? joined.slice(1, -1) : joined;
  const text = trimAscii(quoted);
  const nul = text.indexOf("\0");
  return decode(nul < 0 ? text : text.slice(0, nul));
}

function header(lines: readonly Line[], first: number): Logical {
  const text = lines[first]?.text ?? "";
  const name = /^\[((?:\\[^]|[^\\\]#;])+)\]/.exec(text);
  if (name !== null && REST_OF_LINE.test(text.slice(name[0].length))) {
    return {
      kind: "header",
      last: first,
      name: decode((name[1] ?? "").replace(/\\([^])/g, (_, next: string) => next)),
    };
  }
  return { kind: "junk", last: first, reason: "a section header that does not end in ]", ambiguous: true };
}

function entry(found: Scan): Logical {
  const { raw, last, equals } = found;
  const key = cephKey(raw.slice(0, equals));
  if (key === "" || key.includes("[")) {
    return { kind: "junk", last, reason: "no valid key before =", ambiguous: key.startsWith("[") };
  }
  if (found.end < 0) {
    return {
      kind: "junk",
      last,
      reason: "a quoted value that does not end with its quote",
      ambiguous: false,
    };
  }
  const whole = raw.slice(equals + 1, found.end);
  const lead = /^(?:[ \t]|\\(?:\r\n|\r|\n))*/.exec(whole)?.[0] ?? "";
  const body = whole.slice(lead.length);
  const value = body.replace(/[ \t]+$/, "");
  const prefix = raw.slice(0, equals + 1) + lead.replace(/\\[^]*$/, "");
  return {
    kind: "entry",
    last,
    key: decode(key),
    value: cephValue(value),
    prefix: /[\r\n]/.test(prefix) ? `${key} = ` : prefix,
    suffix: body.slice(value.length) + raw.slice(found.end),
  };
}

const BLANKS_AND_COMMENT = /^(?:[ \t]|\\(?:\r\n|\r|\n))*(?:[#;].*)?$/s;

/** Reads one logical line. */
export const ceph: Grammar = (lines, first) => {
  const line = lines[first] ?? { text: "", eol: "" };
  if (/^[ \t]*$/.test(line.text)) return { kind: "blank", last: first };
  // a lone backslash is skipped with its line end, wherever the next line may begin
  const isSkipped = line.text === "\\" && line.eol !== "";
  if (isSkipped || /^[ \t]*[#;]/.test(line.text)) return { kind: "comment", last: first };
  if (line.text.startsWith("[")) return header(lines, first);
  const found = scan(lines, first);
  if (found.equals >= 0) return entry(found);
  if (BLANKS_AND_COMMENT.test(found.raw)) return { kind: "comment", last: found.last };
  const ambiguous = /^[ \t]*\[/.test(line.text);
  return { kind: "junk", last: found.last, reason: "neither a section header nor key = value", ambiguous };
};
