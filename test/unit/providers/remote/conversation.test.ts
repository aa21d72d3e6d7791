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
});
