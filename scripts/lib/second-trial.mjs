/** @typedef {import("./checks.mjs").Result} Result */

/**
 * A second trial for files of tests that failed, once all others are through. Real daemons on two busy cores are not the same twice, and one crash of
 * theirs among four thousand tests says nothing of the code. What passes then counts as passed, and what it said at first is shown in the summary all the
 * same. What fails twice has failed, and where many files fail none is tried again: that is no accident.
 * @template {{ result: Result }} File
 * @param {File[]} files all that ran; `result` is put anew where a second trial passed, with `unsteady`, what the first one said
 * @param {number} most files of a run that get one
 * @param {(file: File) => Promise<Result>} again
 */
export async function secondTrials(files, most, again) {
  const failed = files.filter(({ result }) => result.failed > 0);
  if (failed.length > most) return;
  for (const file of failed) {
    const second = await again(file);
    if (second.failed > 0 || second.passed === 0) continue;
    file.result = { ...second, unsteady: file.result.failures };
  }
}
