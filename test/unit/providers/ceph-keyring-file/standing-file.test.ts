/** What stands there already: a keyring that Ceph cannot read, one with other rights, and a file that is none. */
import { describe, expect, test } from "@jest/globals";
import { chmodSync, existsSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeHost, type FakeHost } from "../../../support/fake-host";
import { failure } from "../../../support/failure";
import { runOf } from "../../../support/run-of";

const KEY = newKey();

const site = () => {
  const host = fakeHost({ name: "vol1" });
  const path = host.path("ceph.client.cinder.keyring");
  const keyFile = host.path("source.keyring");
  writeFileSync(keyFile, `[client.cinder]\n\tkey = ${KEY}\n`);
  const inputs = () => ({
    host: "vol1",
    cluster: { fsid: "11111111-2222-4333-8444-555555555555" },
    entity: "client.cinder",
    owner: userInfo().username,
    path,
    keyFrom: { host: "vol1", path: keyFile },
  });
  const file = () => runOf({ vol1: host }).of(cephKeyringFile);
  return { host, path, inputs, file, text: () => host.text(path) };
};

describe("a keyring file", () => {
  test.each([`Warning: chatter\n[client.cinder]\n\tkey = ${KEY}\n`, `[client.cinder]\n\tkey = ${KEY}`])(
    "with the right key that Ceph cannot read is written again (%#)",
    async (theirs) => {
      const { file, inputs, path, text } = site();
      writeFileSync(path, theirs);
      expect((await file().create(inputs())).outs["content"]).toBe("the cluster's key");
      expect(text()).toBe(`[client.cinder]\n\tkey = ${KEY}\n`);
    },
  );

  test("with the right key and other rights keeps its text and its time: nothing that a service reads has changed", async () => {
    const { file, inputs, path, host } = site();
    const theirs = `# by hand\n[client.cinder]\n\tkey = ${KEY}\n\tcaps mon = "profile rbd"\n`;
    writeFileSync(path, theirs);
    chmodSync(path, 0o644);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    await file().create(inputs());
    const { mode, mtimeMs } = statSync(path);
    expect([mode & 0o7777, mtimeMs]).toEqual([0o640, 1_700_000_000_000]);
    expect(host.text(path)).toBe(theirs);
  });

  test.each(["Welcome, and do not lose me\n", "# a note\n", "a = 1\n"])(
    "never takes the place of a file of something else: %j",
    async (theirs) => {
      const { file, inputs, path, host } = site();
      writeFileSync(path, theirs);
      await expect(file().create(inputs())).rejects.toThrow(
        /is there and is no keyring; what stands in it would be lost/,
      );
      expect(host.text(path)).toBe(theirs);
      expect(host.records()).toEqual([]);
    },
  );
});

/** What the next writing program does between its record and the file, and after the file. */
const STEPS = { "before the file": "still ||", "after the file": "sync . " };
const writing = (host: FakeHost, step: keyof typeof STEPS, does: string): void => {
  host.before = (request) => {
    const { name, text } = request.program;
    if (name !== "files-write") return request;
    host.before = (next) => next;
    return { ...request, program: { name, text: text.replace(STEPS[step], `${does}; ${STEPS[step]}`) } };
  };
};

const killed = async (step: keyof typeof STEPS) => {
  const made = site();
  writing(made.host, step, "kill -9 $$");
  await failure(made.file().create(made.inputs()));
  return made;
};

describe("a keyring file whose first create was killed", () => {
  const theirs = `[client.cinder]\n\tkey = ${newKey()}\n`;

  test("between record and file, and that a person made then, was there: it is taken over, and a destroy leaves it", async () => {
    const { file, host, inputs, path, text } = await killed("before the file");
    expect([host.records().length > 0, existsSync(path)]).toEqual([true, false]);
    writeFileSync(path, theirs);
    const made = await file().create(inputs());
    await file().remove(made);
    expect(text()).toContain(KEY);
    expect(host.records()).toEqual([]);
  });

  test("between record and file is made by the next one, and goes with a destroy", async () => {
    const { file, inputs, path } = await killed("before the file");
    await file().remove(await file().create(inputs()));
    expect(existsSync(path)).toBe(false);
  });

  test("between file and record is ours, and goes with a destroy", async () => {
    const { file, inputs, path } = await killed("after the file");
    expect(existsSync(path)).toBe(true);
    await file().remove(await file().create(inputs()));
    expect(existsSync(path)).toBe(false);
  });

  test("and in whose place is a file of something else by now leaves that alone", async () => {
    const { file, inputs, path, text } = await killed("before the file");
    writeFileSync(path, "do not lose me\n");
    expect(await failure(file().create(inputs()))).toMatch(/what stands in it would be lost/);
    expect(text()).toBe("do not lose me\n");
  });
});

test("a keyring file that a person makes in the very moment of ours was there, and a destroy leaves it", async () => {
  const { file, host, inputs, text } = site();
  writing(host, "before the file", `printf '[client.cinder]\\n\\tkey = ${newKey()}\\n' >"./$name"`);
  const made = await file().create(inputs());
  expect(text()).toContain(KEY);
  await file().remove(made);
  expect(text()).toContain(KEY);
});
