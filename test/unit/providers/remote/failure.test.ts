import { describe, expect, test } from "@jest/globals";
import { errnoName, Failure, isFailure } from "../../../../providers/remote/failure";
import { redact, rememberSecret } from "../../../../providers/remote/redact";

const CEPHX = "AQBSdFJhAAAAABAAd8mIyQvSd7kdxmLwYkJ6Vw==";

describe("the message of a failure", () => {
  test("names artifact, host, command, exit code with its errno, what happened, the last lines of stderr and the cure", () => {
    const stderr = ["1", "2", "3", "4", "5", "6", "7", ""].join("\n");
    const parts = {
      artifact: "pool vms",
      host: "mon1",
      command: "ceph osd pool create",
      exitCode: 34,
      stderr,
    };
    const { message } = new Failure({ code: "command", ...parts, what: "too many PGs", cure: "Fewer." });
    expect(message).toBe(
      "pool vms on host mon1: ceph osd pool create exited 34 (ERANGE): too many PGs\n  2\n  3\n  4\n  5\n  6\n  7\n  Fewer.",
    );
  });

  test("says the host once where the artifact's own name has it", () => {
    const { message } = new Failure({
      code: "cut",
      artifact: "/etc/x [a] on vol1",
      host: "vol1",
      what: "gone",
    });
    expect(message).toBe("/etc/x [a] on vol1: gone");
  });

  test("shows no secret, wherever it stands, and no frames of ours", () => {
    rememberSecret("hunter-22");
    const failure = new Failure({
      code: "sudo",
      what: "hunter-22",
      stderr: `key = ${CEPHX}`,
      cure: "not hunter-22",
    });
    expect(failure.message).not.toMatch(/hunter-22|AQBS/);
    expect(failure.stack).toBe(failure.message);
  });

  test("gets its artifact where the thrower did not know it, once", () => {
    const failure = new Failure({ code: "cut", what: "gone" });
    expect(failure.of("pool a").of("pool b").message).toBe("pool a: gone");
  });

  test("does not name its artifact twice where the words begin with it", () => {
    const failure = new Failure({ code: "conflict", what: "pool a is there already" });
    expect(failure.of("pool a").message).toBe("pool a is there already");
    expect(failure.of("client.b").message).toBe("client.b: pool a is there already");
  });
});

test("a failure is known by its brand, and other things are not", () => {
  expect(isFailure(new Failure({ code: "cut", what: "gone" }))).toBe(true);
  expect([new Error("x"), null, undefined, "cut", { code: "cut" }].some(isFailure)).toBe(false);
});

test("an exit code of a Ceph tool is an errno where it has a name", () => {
  expect([2, 34, 255].map(errnoName)).toEqual(["ENOENT", "ERANGE", undefined]);
});

test("everything of the shape of a cephx key is taken out of text, and prose is left", () => {
  expect(redact(`a ${CEPHX}, b`)).toBe("a [secret], b");
  expect(redact("AQUARIUM and AQ==")).toBe("AQUARIUM and AQ==");
});
