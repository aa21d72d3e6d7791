import { afterEach, describe, expect, test } from "@jest/globals";
import type { Program } from "../../../../providers/remote/machine";
import { rememberSecret } from "../../../../providers/remote/redact";
import { said, stage } from "../../../support/ssh-operator";

const { server, who, clear } = stage();
afterEach(clear);

const program = (text: string): Program => ({ name: "test", text });
const plain = { become: false };

describe("a program", () => {
  test("gets its input and arguments byte for byte, and its outputs and exit code come back", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const stdin = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 256));
    const source = 'cat; printf "%s|" "$0" "$@" >&2; exit 7';
    const args = ["", "a b", "it's", "!x", "new\nline\n", "é€", "\\n", "*"];
    const result = await machine.run({ program: program(source), args, stdin, ...plain });
    expect(result.code).toBe(7);
    expect(Buffer.from(result.stdout).equals(stdin)).toBe(true);
    expect(result.stderr).toBe(`${["test", ...args].join("|")}|`);
  });

  test("that shows a secret in its errors does not show it to us", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    rememberSecret("hush-4711");
    const result = await machine.run({ program: program("cat >&2"), stdin: "key is hush-4711", ...plain });
    expect(result.stderr).toBe("key is [secret]");
  });

  test("that does not read its input is not an error", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const result = await machine.run({
      program: program("exit 3"),
      stdin: Buffer.alloc(5_000_000),
      ...plain,
    });
    expect(result.code).toBe(3);
  });

  test("that is ended by a signal has no exit code", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const result = await machine.run({ program: program("kill -KILL $$"), ...plain });
    expect(result).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  test("that takes too long is given up, and the connection serves the next", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const late = machine.run({ program: program("sleep 20"), timeoutSeconds: 1, ...plain });
    await expect(late).rejects.toMatchObject({ code: "timeout" });
    expect(await said(machine, "echo next")).toBe("next\n");
    expect(far.counts.connections).toBe(1);
  });

  test("has English messages and the sbin directories in its search path", async () => {
    const far = await server({ env: { PATH: "/usr/bin:/bin", LANG: "de_DE.UTF-8" } });
    const machine = who({ far }).remote().machine("far");
    const expected = "/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin C\n";
    expect(await said(machine, 'echo "$PATH $LC_ALL"')).toBe(expected);
  });
});

describe("a program that says too much", () => {
  const flood = "yes abcdefghijklmnop | head -c 700000000";

  test.each([
    ["standard output", flood, "more than 64 MiB on standard output"],
    ["standard error", `${flood} >&2`, "more than 4 MiB on standard error"],
  ])("on %s is ended, and the memory that it takes has a bound", async (_where, text, what) => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const before = process.memoryUsage().rss;
    const failed = machine.run({ program: program(text), ...plain });
    await expect(failed).rejects.toMatchObject({ code: "command", parts: { host: "far", command: "test" } });
    await expect(failed).rejects.toThrow(what);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    expect(await said(machine, "echo next")).toBe("next\n");
  });

  test("is ended at a bound of the request's own", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const request = { program: program('head -c "$1" /dev/zero'), maxOutputBytes: 2048, ...plain };
    await expect(machine.run({ ...request, args: ["5000"] })).rejects.toThrow("more than 2 KiB");
    expect((await machine.run({ ...request, args: ["1900"] })).stdout).toHaveLength(1900);
  });
});

describe("a server that answers keep-alives and no request for a program", () => {
  test("fails a program within its time", async () => {
    const far = await server({ deafTo: "exec" });
    const machine = who({ far }).remote().machine("far");
    const failed = machine.run({ program: program("echo"), timeoutSeconds: 1, ...plain });
    await expect(failed).rejects.toMatchObject({ code: "timeout" });
    await expect(failed).rejects.toThrow("did not start the program within 1 s");
  });

  test("or opens no channel: the same", async () => {
    const far = await server({ deafTo: "session" });
    const machine = who({ far }).remote().machine("far");
    const failed = machine.run({ program: program("echo"), timeoutSeconds: 1, ...plain });
    await expect(failed).rejects.toThrow("did not start the program within 1 s");
    await expect(
      machine.open({ program: program("cat"), timeoutSeconds: 1, ...plain }),
    ).rejects.toMatchObject({
      code: "timeout",
    });
  });
});
