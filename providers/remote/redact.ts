/**
 * Every secret that this process has seen, and the one function that takes them out of text. The engine's own filter knows secrets of the
 * stack configuration only; a cephx key read from a cluster is not in it.
 */
const seen = new Set<string>();

/** Shapes of cephx keys: base64 of a blob that starts with its type (1 or 2, little endian). 28 bytes make 40 characters, 44 make 60. */
const CEPHX_KEY = /\bA[QgAw][A-Za-z0-9+/]{36}==|\bA[QgAw][A-Za-z0-9+/]{57}=/g;

/** Remembers a secret for as long as the process lives. Texts of fewer than 4 characters are not remembered: they would blank out prose. */
export const rememberSecret = (secret: string): void => {
  if (secret.length >= 4) seen.add(secret);
};

/** What stands as a password in an address: `rabbit://user:PASSWORD@host`. */
const PASSWORD = /:\/\/[^/@\s]*?:([^/@\s]+)@/g;

/** So long that it blanks out no prose: a program may give the name of a user as a secret, too. */
const TELLING = 8;

/** Remembers the texts within what a program has given as a secret. */
export const rememberGiven = (value: unknown): void => {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(rememberGiven);
  if (typeof value !== "string") return;
  const passwords = [...value.matchAll(PASSWORD)].flatMap(([, password = ""]) => [password]);
  for (const text of [value, ...passwords]) if (text.length >= TELLING) rememberSecret(text);
};

/** From where to where a text is secret. */
type Span = readonly [from: number, to: number];

const spansOf = (text: string, secret: string): Span[] => {
  const spans: Span[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
    spans.push([at, at + secret.length]);
  return spans;
};

/**
 * The text with every known secret, and everything that has the shape of a cephx key, replaced by `[secret]`. All are looked for before any
 * is replaced: one may begin with another (`hunter2`, `hunter2-Prod`), or with the end of another.
 */
export const redact = (text: string): string => {
  const keys = [...text.matchAll(CEPHX_KEY)].map((key): Span => [key.index, key.index + key[0].length]);
  const spans = [...keys, ...[...seen].flatMap((secret) => spansOf(text, secret))];
  spans.sort(([a], [b]) => a - b);
  let clean = "";
  let done = 0;
  for (const [from, to] of spans) {
    if (from >= done) clean += `${text.slice(done, from)}[secret]`;
    done = Math.max(done, to);
  }
  return clean + text.slice(done);
};
