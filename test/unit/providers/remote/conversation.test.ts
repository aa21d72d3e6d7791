import { afterEach, describe, expect, test } from "@jest/globals";
import type { Program } from "../../../../providers/remote/machine";
import { said, stage } from "../../../support/ssh-operator";

const { server, who, clear } = stage();
afterEach(clear);

const program = (text: string): Program => ({ name: "test", text });
const plain = { become: false };

describe("a conversation", () => {
  test("answers line by line and ends when its input ends", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const talk = await machine.open({
      program: program('while read -r l; do echo "got $l"; done; echo bye >&2; exit 4'),
      ...plain,
    });
    const lines: string[] = [];
    const answered = new Promise<void>((resolve) => {
      talk.onLine((line) => {
        if (lines.push(line) === 2) resolve();
      });
    });
    await talk.send("one");
    await talk.send("two");
    await answered;
    const end = new Promise((resolve) => talk.onEnd(resolve));
    talk.end();
    expect(await end).toEqual({ code: 4, stderr: "bye\n" });
    expect(lines).toEqual(["got one", "got two"]);
    await expect(talk.send("three")).rejects.toMatchObject({ code: "cut" });
  });

  test("is told when the connection is lost", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const talk = await machine.open({ program: program("cat"), ...plain });
    const end = new Promise<{ failure?: Error }>((resolve) => talk.onEnd(resolve));
    far.cut();
    expect((await end).failure).toMatchObject({ code: "cut" });
  });

  test("takes one channel, and the others go on", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const talk = await machine.open({ program: program("cat"), ...plain });
    await Promise.all(Array.from({ length: 20 }, () => said(machine, ":")));
    expect(far.counts.mostChannels).toBeLessThanOrEqual(8);
    talk.end();
  });

  test("that sends a line without an end is ended, and told so", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const text = "yes abcdefghijklmnop | tr -d '\\n' | head -c 200000000";
    const talk = await machine.open({ program: program(text), ...plain });
    const end = await new Promise<{ failure?: Error }>((resolve) => talk.onEnd(resolve));
    expect(String(end.failure?.message)).toContain("sent more than 64 MiB in one line and was ended");
    await expect(talk.send("more")).rejects.toMatchObject({ code: "cut" });
  });

  test("gets long lines whole, however they are cut on the way", async () => {
    const far = await server();
    const machine = who({ far }).remote().machine("far");
    const text = "echo short; head -c 5000000 /dev/zero | tr '\\0' 'é'; echo; echo €";
    const talk = await machine.open({ program: program(text), ...plain });
    const lines: string[] = [];
    talk.onLine((line) => lines.push(line));
    await new Promise((resolve) => talk.onEnd(resolve));
    expect(lines.map((line) => line.length)).toEqual([5, 5_000_000, 1]);
    expect(lines[2]).toBe("€");
  });
});
