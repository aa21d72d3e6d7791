import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import type { FakeCheckout } from "./fake-checkout";
import { addEngine, addJest, addSandbox, calls, lastOf, ofCi, put, run, setUp } from "./fake-tests";

let fake: FakeCheckout;
beforeEach(() => {
  fake = setUp();
});
afterEach(() => fake.remove());

describe("npm test", () => {
  test("checks, runs every project, and ends with what passed", async () => {
    put("test/oracle/a.test.ts", "");
    put("test/integration/a.test.ts", "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("14 passed, 0 failed");
    expect(result.code).toBe(0);
    const before = calls().slice(0, 8);
    expect(before.filter((call) => !call.startsWith("sandbox"))).toEqual([
      "npm format",
      "npm lint",
      "npm types",
      "npm build",
      "jest unit component contract histories",
    ]);
    expect(before.filter((call) => call.startsWith("sandbox"))).toEqual([
      "sandbox up test",
      "sandbox up test-2",
      "sandbox up test-3",
    ]);
    expect(
      calls()
        .slice(8)
        .sort()
        .map((call) => call.replace(/test(-\d)?\/sandbox/, "LANE/sandbox")),
    ).toEqual([
      `jest integration with ${join(fake.root, "state/LANE/sandbox.json")}`,
      `jest oracle with ${join(fake.root, "state/LANE/sandbox.json")}`,
    ]);
    expect(result.out).toContain("To take it away: SANDBOX_NAME=test sandbox/sandbox destroy");
  });

  test("brings sandboxes up while the checks run", async () => {
    const started = join(fake.tools, "started");
    const wait = `const { existsSync } = require("node:fs"); while (!existsSync(${JSON.stringify(started)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);`;
    addJest(wait);
    addSandbox(`fs.writeFileSync(${JSON.stringify(started)}, "");`);
    expect(lastOf(await run("test.mjs"))).toBe("12 passed, 0 failed");
  });

  test("runs as many files at a time as there are sandboxes, each with its own, and the longest first", async () => {
    for (const name of ["a", "b", "c", "d", "previews"]) put(`test/integration/${name}.test.ts`, "");
    await run("test.mjs");
    const files = calls().filter((call) => call.startsWith("jest integration"));
    expect(files).toHaveLength(5);
    expect(new Set(files).size).toBe(3);
  });

  test("the real services have their turn first, in a lane like the others and as tours have theirs, and all are failures where there is no sandbox", async () => {
    put("test/cloud/whole-cloud.test.ts", "");
    put("test/tours/trixie.test.ts", "");
    put("test/integration/previews.test.ts", "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("15 passed, 0 failed");
    expect(calls().filter((call) => /^jest (cloud|integration|tours)/.test(call))).toHaveLength(3);
    addSandbox("process.exit(69);");
    expect(lastOf(await run("test.mjs"))).toBe("9 passed, 4 failed");
  });

  test.each([
    ["the real services", "cloud/whole-cloud", "cloud"],
    ["a tour", "tours/forky", "forky"],
  ])("takes away what a test of %s has left in CI", async (_, file, kind) => {
    addJest(`if (args.join().includes("${file}")) {
      const { SANDBOX_STATE: state, SANDBOX_NAME: name } = process.env;
      require("node:fs").mkdirSync(require("node:path").join(state, name + "-${kind}"), { recursive: true });
    }`);
    put(`test/${file}.test.ts`, "");
    await run("test.mjs", { CI: "true" });
    const gone = new RegExp(`^sandbox destroy ci-\\d+(-\\d)?-${kind}$`);
    expect(calls().filter((call) => gone.test(call))).toHaveLength(1);
    expect(ofCi()).toEqual([]);
  });

  test("a file of integration that fails is counted by name, and the others run", async () => {
    addJest(`if (args.join().includes("b.test.ts")) {
      code = 1;
      testResults = [file("integration", [{ status: "failed", fullName: "breaks", failureMessages: ["no"] }], "failed")];
    }`);
    for (const name of ["a", "b", "c"]) put(`test/integration/${name}.test.ts`, "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("14 passed, 1 failed");
    expect(result.out).toContain("breaks");
    expect(result.code).toBe(1);
  });

  /** Fails in the first so many runs of a file. */
  const failingFirst = (times: number, { project = "integration", path = "b.test.ts" } = {}) => {
    const counter = join(fake.tools, "trials");
    addJest(`const { appendFileSync, readFileSync } = require("node:fs");
    if (args.join().includes(${JSON.stringify(path)})) {
      appendFileSync(${JSON.stringify(counter)}, "x");
      if (readFileSync(${JSON.stringify(counter)}).length <= ${times}) {
        code = 1;
        testResults = [file(${JSON.stringify(project)}, [{ status: "failed", fullName: "breaks", failureMessages: ["no"] }], "failed")];
      }
    }`);
  };

  test("a file that failed passes by a second trial on renewed hosts, and what it said at first is shown", async () => {
    failingFirst(1);
    for (const name of ["a", "b"]) put(`test/integration/${name}.test.ts`, "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("14 passed, 0 failed");
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/~ test\/integration\/a\.test\.ts: breaks\n {2}failed at first/);
    expect(calls().filter((call) => call.startsWith("sandbox reset"))).toHaveLength(1);
  });

  test("a file that fails twice has failed, and is not tried a third time", async () => {
    failingFirst(2);
    put("test/integration/b.test.ts", "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("12 passed, 1 failed");
    expect(result.out).not.toContain("failed at first");
    expect(calls().filter((call) => call.startsWith("jest integration"))).toHaveLength(2);
  });

  test("where many files fail, none has a second trial", async () => {
    addJest(`if (projects[0] === "integration") {
      code = 1;
      testResults = [file("integration", [{ status: "failed", fullName: "breaks", failureMessages: ["no"] }], "failed")];
    }`);
    for (const name of ["a", "b", "c", "d"]) put(`test/integration/${name}.test.ts`, "");
    expect(lastOf(await run("test.mjs"))).toBe("12 passed, 4 failed");
    expect(calls().filter((call) => call.startsWith("jest integration"))).toHaveLength(4);
  });

  test("a quick file that failed among the others is tried once more by itself", async () => {
    failingFirst(1, { project: "unit", path: "unit" });
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("9 passed, 0 failed");
    expect(result.out).toMatch(/~ test\/unit\/a\.test\.ts: breaks/);
    expect(calls()).toContain("jest unit");
  });

  test("makes the sandbox of an earlier run pristine", async () => {
    await run("test.mjs");
    await run("test.mjs");
    expect(calls().filter((call) => call.startsWith("sandbox"))).toEqual([
      "sandbox up test",
      "sandbox up test-2",
      "sandbox up test-3",
      "sandbox reset test",
      "sandbox reset test-2",
      "sandbox reset test-3",
    ]);
  });

  test("in CI has a sandbox of its own, with state and cache of its own, and leaves nothing of it", async () => {
    addSandbox(
      `if (!cache.startsWith(${JSON.stringify(fake.tools)}) || !state.startsWith(${JSON.stringify(fake.tools)})) process.exit(9);`,
    );
    const result = await run("test.mjs", { CI: "true" });
    expect(lastOf(result)).toBe("12 passed, 0 failed");
    const done = calls().filter((call) => call.startsWith("sandbox"));
    expect(done.slice(0, 3)).toEqual([
      expect.stringMatching(/^sandbox up ci-\d+$/),
      expect.stringMatching(/^sandbox up ci-\d+-2$/),
      expect.stringMatching(/^sandbox up ci-\d+-3$/),
    ]);
    expect(done.slice(3)).toEqual(done.slice(0, 3).map((up) => up.replace("up", "destroy")));
    expect(ofCi()).toEqual([]);
  });

  test("takes the sandbox of CI away when it is interrupted while that comes up", async () => {
    addSandbox(
      `process.kill(process.ppid, "SIGINT"); for (;;) require("node:child_process").spawnSync("/bin/sleep", ["1"]);`,
    );
    const result = await run("test.mjs", { CI: "true" });
    expect(result.code).toBe(130);
    expect(calls().at(-1)).toMatch(/^sandbox destroy ci-\d+-3$/);
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
    expect(lastOf(result)).toBe("9 passed, 4 failed");
    expect(result.code).toBe(1);
    expect(result.out).toContain("not run: sandbox: not Debian, so the sandbox cannot run on this machine.");
    expect(calls()).toContain("jest unit component contract histories");
    expect(calls().some((call) => call.startsWith("jest integration"))).toBe(false);
  });

  test("without an engine still runs the tests that need only the sandbox", async () => {
    addEngine(1);
    put("test/integration/a.test.ts", "");
    put("test/oracle/a.test.ts", "");
    const result = await run("test.mjs");
    expect(lastOf(result)).toBe("12 passed, 2 failed");
    expect(calls().some((call) => call.startsWith("jest oracle"))).toBe(true);
    expect(result.out).toContain("not run: engine: no way to an engine");
  });
});
