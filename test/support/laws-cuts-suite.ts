/** The tests of one artifact disturbed at every remote command. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { cutEverywhere, type Result } from "./laws-cuts";
import { disturbances } from "./laws-disturbances";
import { laws } from "./laws-table";

/** @param file the artifact's room under `providers/` */
export const cutsOf = (file: string): void => {
  let results: readonly Result[] = [];
  beforeAll(async () => {
    const entry = laws.find((one) => one.file === file);
    if (entry === undefined) throw new Error(`no laws for ${file}`);
    results = await cutEverywhere(entry);
  }, 600_000);

  describe.each(disturbances)("$verb, $name", (disturbance) => {
    test("ends as if nothing had happened, whichever command it was, after the next run", () => {
      const mine = results.filter((result) => result.disturbance === disturbance);
      expect(mine.length).toBeGreaterThan(0);
      const problems = mine.filter(({ problem }) => problem !== undefined);
      expect(
        problems.map(({ command, next, problem }) => `command ${command}, then ${next}: ${problem}`),
      ).toEqual([]);
    });
  });
};
