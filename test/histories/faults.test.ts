/** Faults that are put back into the code are found; all of them: `npm run test:faults`. */
import { expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** Well below the test's own, which a spawn that hangs would never let come. */
const LIMIT = 300_000;

test("every fault of the table fits the code, and one that loses what lives is found by the first histories", () => {
  const args = ["scripts/faults.mjs", "--only", "pending half", "--count", "60"];
  const options = { cwd: root, encoding: "utf8", timeout: LIMIT } as const;
  const { stdout, stderr, signal } = spawnSync(process.execPath, args, options);
  expect([signal, stderr, stdout]).toEqual([null, "", expect.stringContaining("1 of 1 faults found")]);
}, 360_000);
