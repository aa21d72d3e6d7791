/** Faults that are put back into the code are found; all of them: `npm run test:faults`. */
import { expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");

test("every fault of the table fits the code, and one that loses what lives is found by the first histories", () => {
  const args = ["scripts/faults.mjs", "--only", "pending half", "--count", "60"];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect([stderr, stdout]).toEqual(["", expect.stringContaining("1 of 1 faults found")]);
});
