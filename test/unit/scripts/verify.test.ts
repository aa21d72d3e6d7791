import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { FakeCheckout } from "./fake-checkout";
import { addJest, addNpm, calls, lastOf, put, run, setUp } from "./fake-tests";

let fake: FakeCheckout;
beforeEach(() => {
  fake = setUp();
});
afterEach(() => fake.remove());

describe("npm run verify", () => {
  test("runs neither engine nor sandbox", async () => {
    const result = await run("verify.mjs");
    expect(lastOf(result)).toBe("8 passed, 0 failed");
    expect(calls()).toEqual([
      "npm format",
      "npm lint",
      "npm types",
      "npm build",
      "jest unit component contract histories",
    ]);
  });

  test("counts a step that fails, shows what it said, and goes on", async () => {
    addNpm("lint");
    const result = await run("verify.mjs");
    expect(lastOf(result)).toBe("7 passed, 1 failed");
    expect(result.code).toBe(1);
    expect(result.out).toContain("src/a.ts: no good");
  });

  test("counts failed tests by name, a file that does not load as one, and does not count what was skipped", async () => {
    addJest(`
      const bad = { status: "failed", fullName: "keeps pools", failureMessages: ["expected 1"] };
      const left = { status: "pending", fullName: "later", failureMessages: [] };
      testResults = [file("unit", [good, bad, left], "failed", "…"), file("contract", [], "failed", "cannot load"), file("component", [good])];
      code = 1;`);
    const result = await run("verify.mjs");
    expect(lastOf(result)).toBe("6 passed, 2 failed");
    expect(result.out).toMatch(/unit +1 passed, 1 failed, 1 skipped/);
    expect(result.out).toMatch(/✗ test\/unit\/a\.test\.ts: keeps pools\n {4}expected 1/);
    expect(result.out).toContain("cannot load");
  });

  test.each([
    ["dies without a report", "testResults = undefined; code = 1;"],
    ["fails although every test passed", "code = 1;"],
  ])("is not green when jest %s", async (_, more) => {
    addJest(more);
    const result = await run("verify.mjs");
    expect(result.out).toContain("jest exited 1");
    expect(lastOf(result)).toMatch(/, 1 failed$/);
    expect(result.code).toBe(1);
  });

  test("names a project without tests, which fails as soon as its folder holds anything", async () => {
    addJest(`testResults = [file("unit", [good])];`);
    const before = await run("verify.mjs");
    expect(before.out).toMatch(/component +0 passed, 0 failed .* no test ran/);
    expect(before.code).toBe(0);
    put("test/component/support.ts", "");
    const after = await run("verify.mjs");
    expect(after.out).toContain("test/component has files, and no test ran");
    expect(after.code).toBe(1);
  });

  test("fails when no test ran at all", async () => {
    addJest("testResults = [];");
    const result = await run("verify.mjs");
    expect(lastOf(result)).toBe("4 passed, 0 failed");
    expect(result.code).toBe(1);
    expect(result.out).toContain("no test ran: that is a failure");
  });
});
