import { describe, expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "..", "..");
const MINUTES = 60_000;

/** Exit code and everything that `scripts/pack-check.mjs` said. */
function packCheck(): Promise<{ code: number | string | null | undefined; said: string }> {
  return new Promise((resolve) => {
    const options = { cwd: project, timeout: 9 * MINUTES };
    execFile(process.execPath, ["scripts/pack-check.mjs"], options, (error, _, said) =>
      resolve({ code: error === null ? 0 : error.code, said }),
    );
  });
}

describe("the package as users get it", () => {
  test(
    "installs into an empty project, compiles there, and goes through preview, up, no-op and destroy",
    async () => {
      const { code, said } = await packCheck();
      expect(said).toContain("the package works as users get it");
      expect(said).toMatch(
        /preview: \+ 2 to create.*\n(.*\n)*.*up: \+ 2 created.*\n(.*\n)*.*up: 2 unchanged/,
      );
      expect(said).toContain("destroy: - 2 deleted");
      expect(code).toBe(0);
    },
    10 * MINUTES,
  );
});
