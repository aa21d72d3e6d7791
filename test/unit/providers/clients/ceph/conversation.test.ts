import { describe, expect, test } from "@jest/globals";
import { openConversation } from "../../../../../providers/clients/ceph/conversation";
import { CEPH_PROGRAM, CEPH_PYTHON } from "../../../../../providers/clients/ceph/program";
import { wayOf } from "../../../../../providers/clients/ceph/way";
import type { Conversation, Machine, RunRequest } from "../../../../../providers/remote/machine";
import { readSettings } from "../../../../../providers/remote/settings";

const cluster = {
  fsid: "f",
  prefix: ["podman", "exec", "-i", "mon"],
  entity: "client.ops",
  conf: "/etc/ceph/a b.conf",
};
const way = wayOf(
  cluster,
  readSettings(() => undefined, {}),
);
type End = Parameters<Parameters<Conversation["onEnd"]>[0]>[0];

/** A machine whose program says and does as told. */
const scripted = () => {
  const sent: string[] = [];
  const opened: Omit<RunRequest, "stdin">[] = [];
  let say: (line: string) => void = () => undefined;
  let end: (how: End) => void = () => undefined;
  const machine: Machine = {
    name: "mon1",
    run: () => Promise.reject(new Error("not used")),
    open(request) {
      opened.push(request);
      return Promise.resolve({
        send: (line) => Promise.resolve(void sent.push(line)),
        onLine: (to) => void (say = to),
        onEnd: (to) => void (end = to),
        end: () => end({ code: 0, stderr: "" }),
      });
    },
  };
  return {
    machine,
    sent,
    opened,
    say: (message: unknown) => say(typeof message === "string" ? message : JSON.stringify(message)),
    end: (how: End) => end(how),
  };
};
const tick = () => new Promise((wait) => setImmediate(wait));
const greeted = async () => {
  const far = scripted();
  const opening = openConversation(far.machine, way);
  await tick();
  far.say({ hello: true, fsid: "f" });
  const door = await opening;
  if (door === undefined) throw new Error("no door");
  return { far, door };
};
const fsid = { do: "mon", command: { prefix: "fsid" } } as const;

describe("a conversation", () => {
  test("runs the constant program behind the prefix, with entity and files as arguments of their own", async () => {
    const { far } = await greeted();
    expect(far.opened).toEqual([
      {
        program: CEPH_PROGRAM,
        args: [
          CEPH_PYTHON,
          "client.ops",
          "ceph",
          "/etc/ceph/a b.conf",
          "",
          "10",
          "60",
          "podman",
          "exec",
          "-i",
          "mon",
        ],
      },
    ]);
  });

  test("matches answers by id, whatever their order, and passes over lines that are none", async () => {
    const { far, door } = await greeted();
    const [one, two] = [door.ask(fsid), door.ask(fsid)];
    await tick();
    far.say("Inferring fsid from the daemons");
    far.say({ id: 2, code: 0, out: "second", text: "" });
    far.say({ id: 1, code: 2, out: "", text: "first" });
    expect(await one).toMatchObject({ code: 2, text: "first" });
    expect(await two).toMatchObject({ code: 0, out: "second" });
  });

  test("that ends fails everyone who waits, and is open no more", async () => {
    const { far, door } = await greeted();
    const waiting = door.ask(fsid).catch((error: unknown) => error);
    await tick();
    far.end({ code: 1, stderr: "Traceback: something" });
    expect(await waiting).toMatchObject({
      code: "cut",
      message: expect.stringContaining("Traceback: something"),
    });
    expect(door.isOpen()).toBe(false);
  });

  test("that ends at once since a prefix gives it no input says what that prefix wants", async () => {
    const { far, door } = await greeted();
    const waiting = door.ask(fsid).catch((error: unknown) => error);
    await tick();
    far.end({ code: 0, stderr: "" });
    expect(await waiting).toMatchObject({ message: expect.stringContaining("want `-i`") });
  });

  test("where no python3 has rados yields none", async () => {
    const far = scripted();
    const opening = openConversation(far.machine, way);
    await tick();
    far.end({ code: 64, stderr: "" });
    expect(await opening).toBeUndefined();
  });

  test.each([
    [{ hello: false, code: 110, text: "timed out" }, "unreachable"],
    [{ hello: false, code: 13, text: "RADOS permission denied" }, "command"],
  ])("that cannot connect to the cluster says why: %j", async (hello, code) => {
    const far = scripted();
    const opening = openConversation(far.machine, way).catch((error: unknown) => error);
    await tick();
    far.say(hello);
    expect(await opening).toMatchObject({
      code,
      message: expect.stringContaining(`cannot connect to the cluster: ${hello.text}`),
    });
  });
});
