/** The word that was meant. Pure. */

/** Letters that must be put in, taken out or exchanged to make one word of the other (Levenshtein). */
export const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1];
    for (const [j, opposite] of Array.from(other).entries())
      next.push(
        Math.min((row[j] ?? 0) + (letter === opposite ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The known name that is meant most likely; undefined where none is near. Case does not count. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .map((word) => ({ word, far: distance(name.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= Math.max(2, Math.floor(name.length / 3)) ? best.word : undefined;
};
