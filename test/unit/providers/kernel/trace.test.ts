import { expect, test } from "@jest/globals";
import { traced } from "../../../../providers/kernel/trace.js";
import type { Machine } from "../../../../providers/remote/machine.js";

const program = { name: "read-file", text: "cat" };

test("a trace names host, program and exit code, and neither input nor output", async () => {
  const machine: Machine = {
    name: "ctl1",
    run: async () => ({ code: 3, stdout: Buffer.from("secret-out"), stderr: "secret-err" }),
    open: () => Promise.reject(new Error("secret-why")),
  };
  const said: string[] = [];
  const found = traced(machine, (line) => said.push(line));
  await found.run({ program, args: ["/etc/x"], stdin: "secret-in" });
  await found.open({ program }).catch(() => undefined);
  expect(said).toEqual([
    expect.stringMatching(/^ctl1: read-file, \d+ ms, exit 3$/),
    expect.stringMatching(/^ctl1: read-file could not be opened, \d+ ms$/),
  ]);
});
