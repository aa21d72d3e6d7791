import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const nobody = { uid: 65534, gid: 65534 };
let home: string;

// A copy, because another user may have no way into the checkout.
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "sandbox-"));
  cpSync(join(__dirname, "../../../sandbox"), home, { recursive: true });
  chmodSync(home, 0o755);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function sandbox(argv: string[], environment: Record<string, string> = {}) {
  const state = "/nonexistent/sandbox-state";
  const result = spawnSync(join(home, "sandbox"), argv, {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", SANDBOX_STATE: state, ...environment },
    ...(process.getuid?.() === 0 && argv[0] === "up" ? nobody : {}),
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

describe("the sandbox's command line", () => {
  test("an unknown verb prints the usage and ends with EX_USAGE", () => {
    const { code, out, err } = sandbox(["bogus"]);
    expect(code).toBe(64);
    expect(out).toBe("");
    expect(err).toContain("usage: sandbox VERB");
  });

  test("a name that is a path is refused before anything is touched", () => {
    const { code, err } = sandbox(["destroy"], { SANDBOX_NAME: "../other" });
    expect(code).toBe(1);
    expect(err).toContain("SANDBOX_NAME '../other'");
  });

  test("a state directory that an ssh configuration could not carry is refused", () => {
    const { code, err } = sandbox(["env"], { SANDBOX_STATE: "/tmp/with space" });
    expect(code).toBe(1);
    expect(err).toContain("'/tmp/with space'");
  });

  test("env of a sandbox that was never made names the cure", () => {
    const { code, out, err } = sandbox(["env"]);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain("run: sandbox up");
  });

  test("status of a sandbox that was never made is a failure", () => {
    const { code, out } = sandbox(["status"]);
    expect(code).toBe(1);
    expect(out).toContain("does not exist");
  });

  test("without root, up says in one sentence why and what to do instead, and ends with EX_UNAVAILABLE", () => {
    const { code, err } = sandbox(["up"]);
    expect(code).toBe(69);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toContain("root");
    expect(err).toContain("hosts of your own");
  });
});
