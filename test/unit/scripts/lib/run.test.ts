import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fakeCheckout } from "../fake-checkout";
import type { FakeCheckout } from "../fake-checkout";

let fake: FakeCheckout;
beforeEach(() => {
  fake = fakeCheckout();
});
afterEach(() => fake.remove());

const lib = (name: string, names: string) =>
  `import { ${names} } from ${JSON.stringify(join(fake.root, "scripts", "lib", name))};\n`;

/** Whether a process lives: not one that has ended and waits to be collected. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

describe("run", () => {
  test("gives exit code and both outputs, and passes input and lines on", async () => {
    const { stdout } = await fake.module(`${lib("run.mjs", "run")}
      const lines = [];
      const program = 'read line; echo "got $line"; echo oops >&2; exit 3';
      const result = await run("/bin/sh", ["-c", program], { input: "hello\\n", onLine: (line) => lines.push(line) });
      console.log(JSON.stringify([result.code, result.stdout, result.stderr, lines.sort(), result.late]));`);
    expect(JSON.parse(stdout)).toEqual([3, "got hello\n", "oops\n", ["got hello", "oops"], false]);
  });

  test("ends a command and what it has started at the deadline", async () => {
    const child = `${process.execPath} -e 'setTimeout(() => {}, 60000)' & echo $!; wait`;
    const { stdout } = await fake.module(`${lib("run.mjs", "run, ending")}
      const result = await run("/bin/sh", ["-c", ${JSON.stringify(child)}], { deadlineSeconds: 1 });
      console.log(result.stdout + ending(result));`);
    const [pid, words] = stdout.split("\n");
    expect(words).toBe("was ended at its deadline after 1 s");
    for (let tries = 0; lives(Number(pid)) && tries < 100; tries += 1) await sleep(100);
    expect(lives(Number(pid))).toBe(false);
  });

  test("says when a command does not exist", async () => {
    const { code, stderr } = await fake.module(`${lib("run.mjs", "run")} await run("no-such-command", []);`);
    expect(code).toBe(1);
    expect(stderr).toContain("ENOENT");
  });
});

describe("withLock", () => {
  test("lets one of two processes work at a time", async () => {
    const text = `${lib("lock.mjs", "withLock")}
      import { appendFileSync } from "node:fs";
      const log = (word) => appendFileSync(${JSON.stringify(join(fake.tools, "log"))}, word);
      await withLock(${JSON.stringify(join(fake.root, "a.lock"))}, { who: "test", waitSeconds: 20 }, async () => {
        log("(");
        await new Promise((resolve) => setTimeout(resolve, 200));
        log(")");
      });`;
    const ends = await Promise.all([fake.module(text), fake.module(text), fake.module(text)]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(readFileSync(join(fake.tools, "log"), "utf8")).toBe("()()()");
  });
});

describe("ensureDependencies", () => {
  const check = () =>
    fake.module(`${lib("dependencies.mjs", "ensureDependencies")}
      console.log(await ensureDependencies(${JSON.stringify(fake.root)}));`);

  function want(version: string): void {
    const packages = {
      "": {},
      "node_modules/ssh2": { version },
      "node_modules/other-os": { version: "1.0.0", optional: true },
    };
    writeFileSync(join(fake.root, "package-lock.json"), JSON.stringify({ packages }));
  }

  function addNpm(): void {
    fake.tool(
      "npm",
      `const fs = require("node:fs");
      fs.mkdirSync("node_modules/ssh2", { recursive: true });
      const packages = { "node_modules/ssh2": { version: "1.17.0" } };
      if (process.argv[2] === "ci") fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));`,
    );
  }

  test("installs by npm ci what the lock file wants, and once installed does not call npm", async () => {
    want("1.17.0");
    addNpm();
    expect((await check()).stdout).toBe("true\n");
    rmSync(join(fake.tools, "npm"));
    expect((await check()).stdout).toBe("false\n");
  });

  test("installs again when the lock file has moved on, a folder is gone, or npm was cut", async () => {
    want("1.17.0");
    addNpm();
    await check();
    rmSync(join(fake.root, "node_modules/ssh2"), { recursive: true });
    expect((await check()).stdout).toBe("true\n");
    rmSync(join(fake.root, "node_modules/.package-lock.json"));
    expect((await check()).stdout).toBe("true\n");
    want("1.16.0");
    expect((await check()).stdout).toBe("true\n");
  });

  test("shows npm's own words when it fails", async () => {
    mkdirSync(join(fake.root, "node_modules"), { recursive: true });
    want("1.17.0");
    fake.tool("npm", `console.error("npm error EACCES"); process.exit(243);`);
    const { code, stderr } = await check();
    expect(code).toBe(1);
    expect(stderr).toContain("npm ci exited 243");
    expect(stderr).toContain("npm error EACCES");
  });
});
