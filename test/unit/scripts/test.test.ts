import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import type { FakeCheckout } from "./fake-checkout";
import { addEngine, addSandbox, calls, lastOf, ofCi, put, run, setUp } from "./fake-tests";

let fake: FakeCheckout;
beforeEach(() => {
  fake = setUp();
});
afterEach(() => fake.remove());

describe("npm test", () => {
  test("checks, runs every project, and ends with what passed", async () => {
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("11 passed, 0 failed");
    expect(result.code).toBe(0);
    const json = join(fake.root, "state/test/sandbox.json");
    expect(calls()).toEqual([
      "npm format",
      "npm lint",
      "npm types",
      "npm build",
      "jest unit component contract",
      "sandbox up test",
      `jest oracle with ${json}`,
      `jest integration with ${json}`,
    ]);
    expect(result.out).toContain("To take it away: SANDBOX_NAME=test sandbox/sandbox destroy");
  });

  test("makes the sandbox of an earlier run pristine", async () => {
    await run("test.mjs");
    await run("test.mjs");
    expect(calls().filter((call) => call.startsWith("sandbox"))).toEqual([
      "sandbox up test",
      "sandbox reset test",
    ]);
  });

  test("in CI has a sandbox of its own, with state and cache of its own, and leaves nothing of it", async () => {
    addSandbox(
      `if (!cache.startsWith(${JSON.stringify(fake.tools)}) || !state.startsWith(${JSON.stringify(fake.tools)})) process.exit(9);`,
    );
    const result = await run("test.mjs", { CI: "true" });
    expect(lastOf(result)).toBe("11 passed, 0 failed");
    const [up, destroy] = calls().filter((call) => call.startsWith("sandbox"));
    expect(up).toMatch(/^sandbox up ci-\d+$/);
    expect(destroy).toBe(up?.replace("up", "destroy"));
    expect(ofCi()).toEqual([]);
  });

  test("takes the sandbox of CI away when it is interrupted while that comes up", async () => {
    addSandbox(
      `process.kill(process.ppid, "SIGINT"); for (;;) require("node:child_process").spawnSync("/bin/sleep", ["1"]);`,
    );
    const result = await run("test.mjs", { CI: "true" });
    expect(result.code).toBe(130);
    expect(calls().at(-1)).toMatch(/^sandbox destroy ci-\d+$/);
    expect(ofCi()).toEqual([]);
  });

  test("fails every file that needs a sandbox where there can be none, with the sandbox's own sentence, and runs the rest", async () => {
    addSandbox(
      `console.error("sandbox: not Debian, so the sandbox cannot run on this machine."); process.exit(69);`,
    );
    put("test/integration/a.test.ts", "");
    put("test/integration/deep/b.test.ts", "");
    put("test/oracle/c.test.ts", "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("8 passed, 4 failed");
    expect(result.code).toBe(1);
    expect(result.out).toContain("not run: sandbox: not Debian, so the sandbox cannot run on this machine.");
    expect(calls()).toContain("jest unit component contract");
    expect(calls().some((call) => call.startsWith("jest integration"))).toBe(false);
  });

  test("without an engine still runs the tests that need only the sandbox", async () => {
    addEngine(1);
    put("test/integration/a.test.ts", "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("9 passed, 2 failed");
    expect(calls().some((call) => call.startsWith("jest oracle"))).toBe(true);
    expect(result.out).toContain("not run: engine: no way to an engine");
  });
});
