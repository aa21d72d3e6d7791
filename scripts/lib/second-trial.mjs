/** @typedef {import("./checks.mjs").Result} Result */

/**
 * A second trial for files of tests that failed. Real daemons on two busy cores are not the same twice, and one crash of theirs among four thousand tests says
 * nothing of the code. So a file that failed is run once more, on renewed hosts; what passes then counts as passed, and what it said at first is shown in
 * the summary all the same. What fails twice has failed, and so has everything where many files fail: that is no accident.
 * @param {number} most files of a run that get one
 */
export function secondTrials(most) {
  let left = most;
  return {
    /** @param {number} count files that failed together @returns {boolean} whether each of them gets one */
    enoughFor: (count) => count <= left,
    /**
     * @param {Result} first of one file
     * @param {() => Promise<Result>} again
     * @returns {Promise<Result>} with `unsteady`, what it said at first, where the second passed
     */
    async of(first, again) {
      if (first.failed === 0 || left === 0) return first;
      left -= 1;
      const second = await again();
      return second.failed > 0 || second.passed === 0 ? first : { ...second, unsteady: first.failures };
    },
  };
}

/** For runs in which everything must pass at once. */
export const noSecondTrials = secondTrials(0);
