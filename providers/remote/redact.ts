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

/** The text with every known secret, and everything that has the shape of a cephx key, replaced by `[secret]`. */
export const redact = (text: string): string => {
  let clean = text.replace(CEPHX_KEY, "[secret]");
  for (const secret of seen) clean = clean.replaceAll(secret, "[secret]");
  return clean;
};
