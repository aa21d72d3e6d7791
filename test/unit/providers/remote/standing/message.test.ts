/** What is sent to a shell that stays, by every shell that may be /bin/sh on a host. */
import { spawn, spawnSync } from "node:child_process";
import { afterEach, describe, expect, test } from "@jest/globals";
import { framed, tapOn } from "../../../../../providers/remote/standing/framed";
import { runMessage, type Order } from "../../../../../providers/remote/standing/message";
import { READY, STANDING_TEXT } from "../../../../../providers/remote/standing/text";

const SHELLS = [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"]].filter(
  ([shell = ""]) => spawnSync(shell, ["--help"]).error === undefined,
);
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

const start = async ([shell = "", ...flags]: readonly string[]) => {
  const child = spawn(shell, [...flags, "-c", STANDING_TEXT, "standing"], {
    env: { ...process.env, LC_ALL: "C" },
  });
  ends.push(() => child.stdin.end());
  const [out, err] = [tapOn(child.stdout), tapOn(child.stderr)];
  const ready = await new Promise<string>((resolve) => out.listen((chunk) => resolve(chunk.toString())));
  expect(ready).toBe(`${READY}\n`);
  let count = 0;
  return async (order: Pick<Order, "text"> & Partial<Order>) => {
    const mark = `+${(count += 1)}+`;
    const bound = { most: 10_000_000, flooded: () => undefined };
    const both = [framed(out, mark, bound), framed(err, mark, bound)] as const;
    child.stdin.write(
      runMessage({ name: "test", args: [], stdin: Buffer.alloc(0), outlives: false, mark, ...order }),
    );
    const [first, second] = await Promise.all(both);
    return { stdout: first.bytes, stderr: second.bytes, code: first.code };
  };
};

describe.each(SHELLS.map((shell) => ({ shell, by: shell.join(" ") })))("by $by", ({ shell }) => {
  test("a payload of every byte arrives as it is", async () => {
    const run = await start(shell);
    const stdin = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
    expect((await run({ text: "cat", stdin })).stdout.equals(stdin)).toBe(true);
    for (const text of ["", "\n", "\n\n", "\\0000\\", "%s%b", "'\"$(id)`id`", "-n", "no end"])
      expect((await run({ text: "cat", stdin: Buffer.from(text) })).stdout.toString()).toBe(text);
  });

  test("arguments and text arrive as they are", async () => {
    const run = await start(shell);
    const bytes = String.fromCharCode(...Array.from({ length: 127 }, (_, index) => index + 1));
    const args = ["", " ", "it's", "''", "a\nb\n", "\\", "$HOME", "*", "é€", "-e", bytes];
    const { stdout } = await run({ text: `printf '%s|' "$0" "$@" # it's "é"`, name: "na me", args });
    expect(stdout.toString()).toBe(["na me", ...args].map((word) => `${word}|`).join(""));
  });

  test("what looks like the end of a program is not it", async () => {
    const run = await start(shell);
    expect((await run({ text: "cat", stdin: Buffer.from("+2+ 000\n") })).stdout.toString()).toBe("+2+ 000\n");
    const { stdout, code } = await run({ text: "printf '+2+ 00'; exit 4" });
    expect([stdout.toString(), code]).toEqual(["+2+ 00", 4]);
  });

  test("no mark and no payload is among the arguments or in the environment of any process", async () => {
    const run = await start(shell);
    const look = "sleep 0.05; cat /proc/[0-9]*/cmdline /proc/self/environ 2>/dev/null | tr '\\0' ' '";
    const { stdout } = await run({
      text: `cat >/dev/null; ${look}`,
      stdin: Buffer.from(`hush-${process.pid}-payload`),
    });
    expect(stdout.toString()).not.toContain(`hush-${process.pid}-payload`);
    expect(stdout.toString()).not.toContain("K=+");
  });
});
