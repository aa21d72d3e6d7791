/** OpenSSH's patterns: `*`, `?`, and lists with `!` for "not". @see https://man.openbsd.org/ssh_config#PATTERNS */

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** True where the whole text is matched by one pattern; upper and lower case are different. */
export const matchesPattern = (text: string, pattern: string): boolean => {
  const source = Array.from(pattern, (c) => (c === "*" ? "[^]*" : c === "?" ? "[^]" : escapeRegExp(c))).join(
    "",
  );
  return new RegExp(`^${source}$`).test(text);
};

/** True where some pattern matches and no negated one does. */
export const matchesList = (text: string, patterns: readonly string[]): boolean => {
  const negated = (pattern: string): boolean => pattern.startsWith("!");
  if (patterns.some((pattern) => negated(pattern) && matchesPattern(text, pattern.slice(1)))) return false;
  return patterns.some((pattern) => !negated(pattern) && matchesPattern(text, pattern));
};
