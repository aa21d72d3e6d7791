/** The tests of one artifact disturbed at every remote command. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { cutEverywhere, type Result } from "./laws-cuts";
import { disturbances, type Verb } from "./laws-disturbances";
import { entryOf } from "./laws-of";

/** @param file the artifact's room under `providers/` */
export const cutsOf = (file: string): void => {
  let results: readonly Result[] = [];
  const entry = entryOf(file);
  // What left nothing needs no command to be taken away.
  const isQuiet = (verb: Verb): boolean => entry.leavesNothing === true && verb === "delete";
  beforeAll(async () => {
    results = await cutEverywhere(entry);
  }, 600_000);

  describe.each(disturbances)("$verb, $name", (disturbance) => {
    test("ends as if nothing had happened, whichever command it was, after the next run", () => {
      const mine = results.filter((result) => result.disturbance === disturbance);
      expect(mine.length === 0).toBe(isQuiet(disturbance.verb));
      const problems = mine.filter(({ problem }) => problem !== undefined);
      expect(
        problems.map(({ command, next, problem }) => `command ${command}, then ${next}: ${problem}`),
      ).toEqual([]);
    });
  });
};
