/**
 * Bytes as lines. A file is a latin1 string (one character per byte), cut at LF, CRLF and lone CR, so that joining the
 * lines gives back every byte; UTF-8 is decoded only to compare names and values.
 */

/** One physical line: its bytes without the line end, and the line end ("" only for the last one). */
export interface Line {
  readonly text: string;
  readonly eol: string;
}

const LINE = /([^\r\n]*)(\r\n|\n|\r|$)/gy;

/** Cuts bytes into lines; "" has none. */
export function splitLines(bytes: string): Line[] {
  const lines: Line[] = [];
  LINE.lastIndex = 0;
  while (LINE.lastIndex < bytes.length) {
    const match = LINE.exec(bytes);
    if (match === null) break;
    lines.push({ text: match[1] ?? "", eol: match[2] ?? "" });
  }
  return lines;
}

/** The bytes of lines. A lone CR before an empty line that ends in LF would read as one line end: it becomes CRLF. */
export function joinLines(lines: readonly Line[]): string {
  return lines
    .map((line, index) => {
      const next = lines[index + 1];
      const glued = line.eol === "\r" && next?.text === "" && next.eol === "\n";
      return line.text + (glued ? "\r\n" : line.eol);
    })
    .join("");
}

const ASCII = /^[\x00-\x7f]*$/;
const HIGH_BYTE = /[\x80-\xff]/g;
const ESCAPED_BYTE = /[\udc80-\udcff]/g;

/** Whether bytes are valid UTF-8. */
export function isUtf8(bytes: string): boolean {
  if (ASCII.test(bytes)) return true;
  const buffer = Buffer.from(bytes, "latin1");
  return Buffer.from(buffer.toString("utf8"), "utf8").equals(buffer);
}

/** Bytes as text; where they are no UTF-8, each high byte becomes a lone surrogate, so that `encode` gives it back. */
export function decode(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  if (isUtf8(bytes)) return Buffer.from(bytes, "latin1").toString("utf8");
  return bytes.replace(HIGH_BYTE, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

/** The inverse of `decode`. */
export function encode(text: string): string {
  if (ASCII.test(text)) return text;
  const lone = text.replace(ESCAPED_BYTE, "");
  if (lone.length !== text.length && ASCII.test(lone)) {
    return text.replace(ESCAPED_BYTE, (unit) => String.fromCharCode(unit.charCodeAt(0) - 0xdc00));
  }
  return Buffer.from(text, "utf8").toString("latin1");
}

// What Python's str.strip() removes: more than String.prototype.trim (U+001C-1F, U+0085), and not U+FEFF.
// https://docs.python.org/3/library/stdtypes.html#str.isspace
const PYTHON_BLANK =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const LEADING = new RegExp(`^${PYTHON_BLANK}+`);
const TRAILING_BLANK = new RegExp(PYTHON_BLANK);

/** Python's str.rstrip(). */
export function trimEndPython(text: string): string {
  let end = text.length;
  while (end > 0 && TRAILING_BLANK.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Python's str.lstrip(). */
export function trimStartPython(text: string): string {
  return text.replace(LEADING, "");
}

/** Python's str.strip(). */
export function trimPython(text: string): string {
  return trimStartPython(trimEndPython(text));
}

/** C's isspace() in the C locale, both ends. */
export function trimAscii(text: string): string {
  return text.replace(/^[\t-\r ]+/, "").replace(/[\t-\r ]+$/, "");
}

/** The line end used around a line: its own, else the nearest one above, else LF. */
export function eolNear(lines: readonly Line[], index: number): string {
  for (let at = Math.min(index, lines.length - 1); at >= 0; at -= 1) {
    const eol = lines[at]?.eol;
    if (eol !== undefined && eol !== "") return eol;
  }
  return "\n";
}
