import { describe, expect, test } from "@jest/globals";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeHost } from "../../../support/fake-host";
import { ownerOf, runOf } from "../../../support/run-of";

const FSID = "11111111-2222-4333-8444-555555555555";
const ME = userInfo().username;
const KEY = newKey();

/** A client host, and another whose keyring file is where keys come from. */
const site = () => {
  const host = fakeHost({ name: "vol1" });
  const source = fakeHost({ name: "mon1" });
  mkdirSync(host.path("etc"));
  const path = host.path("etc", "ceph.client.cinder.keyring");
  const keyFile = source.path("keyring");
  const setKey = (key: string): void =>
    writeFileSync(keyFile, `[client.cinder]\n\tkey = ${key}\n\tcaps mon = "profile rbd"\n`);
  setKey(KEY);
  const run = () => runOf({ vol1: host, mon1: source });
  const inputs = (more: object = {}) => ({
    host: "vol1",
    cluster: { fsid: FSID },
    entity: "client.cinder",
    owner: ME,
    path,
    keyFrom: { host: "mon1", path: keyFile },
    ...more,
  });
  const file = (owner?: string) => run().of(cephKeyringFile, owner);
  return { host, path, run, inputs, file, setKey, keyFile, text: () => host.text(path) };
};

describe("a keyring file", () => {
  test("is written whole, with owner and mode, and taken away again", async () => {
    const { file, inputs, text, path, host } = site();
    const made = await file().create(inputs());
    expect(made.id).toBe(`vol1:${path}`);
    expect(text()).toBe(`[client.cinder]\n\tkey = ${KEY}\n`);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(made.outs).toMatchObject({
      content: "the cluster's key",
      group: "the owner's group",
      mode: "0640",
    });
    expect((await file().diff(made, inputs())).changes).toBe(false);
    expect((await file().refresh(made))?.outs).toEqual(made.outs);
    await file().remove(made);
    expect(existsSync(path)).toBe(false);
    expect(host.records()).toEqual([]);
    await file().remove(made);
  });

  test("shows no key in state or on a command line", async () => {
    const { file, inputs, host } = site();
    const seen: string[] = [];
    host.before = (request) => {
      seen.push(JSON.stringify([request.program, request.args]));
      return request;
    };
    const made = await file().create(inputs());
    expect(JSON.stringify([made, seen])).not.toContain(KEY);
    expect(made.outs["keyFingerprint"]).toMatch(/^sha256:[0-9a-f]{16}$/);
  });

  test("has a path of its own by default, which is unknown where it follows from something unknown", async () => {
    const { file, inputs } = site();
    const { path: _path, ...rest } = inputs();
    expect((await file().check(rest))["path"]).toBe("/etc/ceph/ceph.client.cinder.keyring");
    const named = { ...rest, cluster: { fsid: FSID, name: "west" } };
    expect((await file().check(named))["path"]).toBe("/etc/ceph/west.client.cinder.keyring");
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect((await file().check({ ...rest, entity: unknown }))["path"]).toBe(unknown);
  });

  test.each([
    [`[client.cinder]\n\tkey = ${newKey()}\n`, "another key"],
    ["[client.cinder]\n", "no key"],
    ["", "no key"],
    [`[client.cinder]\n\tkey = ${KEY}\n[client.admin]\n\tkey = ${KEY}\n`, "a foreign entity"],
    [`Warning: chatter\n[client.cinder]\n\tkey = ${KEY}\n`, "a file that Ceph cannot read"],
    [`[client.cinder]\n\tkey = ${KEY}`, "a file that Ceph cannot read"],
  ])("that holds something else shows what, and never a key (%#)", async (text, found) => {
    const { file, inputs, path } = site();
    const made = await file().create(inputs());
    writeFileSync(path, text);
    const seen = await file().refresh(made);
    expect(seen?.outs["content"]).toBe(found);
    expect(JSON.stringify(seen)).not.toContain(KEY);
  });

  test("is repaired in content and mode", async () => {
    const { file, inputs, path, text } = site();
    const made = await file().create(inputs());
    writeFileSync(path, `[client.cinder]\n\tkey = ${newKey()}\n`);
    chmodSync(path, 0o644);
    const seen = await file().refresh(made);
    expect(seen?.outs).toMatchObject({ content: "another key", mode: "0644" });
    const again = await file().update(seen ?? made, inputs());
    expect(again.outs).toEqual(made.outs);
    expect(text()).toContain(KEY);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
  });

  test("follows a rotation", async () => {
    const { file, inputs, text, setKey } = site();
    const made = await file().create(inputs({ keyGeneration: 1 }));
    const next = newKey();
    setKey(next);
    expect((await file().refresh(made))?.outs["content"]).toBe("another key");
    const after = await file().update(made, inputs({ keyGeneration: 2 }));
    expect(text()).toContain(next);
    expect(after.outs["keyFingerprint"]).not.toBe(made.outs["keyFingerprint"]);
  });

  test("with the right key in another layout is left as it is, and stays on destroy", async () => {
    const { file, inputs, path, host } = site();
    const theirs = `# by hand\n[client.cinder]\nkey=${KEY}\ncaps mon = "profile rbd"\n`;
    writeFileSync(path, theirs, { mode: 0o640 });
    chmodSync(path, 0o640);
    const made = await file().create(inputs());
    expect(host.text(path)).toBe(theirs);
    await file().remove(made);
    expect(host.text(path)).toBe(theirs);
    expect(host.records()).toEqual([]);
  });

  test("that was there goes too when that is wanted", async () => {
    const { file, inputs, path } = site();
    writeFileSync(path, `[client.cinder]\n\tkey = ${newKey()}\n`);
    const made = await file().create(inputs({ onDelete: "remove" }));
    await file().remove(made);
    expect(existsSync(path)).toBe(false);
  });

  test("with a foreign entity is refused, naming it, and not touched", async () => {
    const { file, inputs, path, host } = site();
    const theirs = `[client.admin]\n\tkey = ${KEY}\n`;
    writeFileSync(path, theirs);
    await expect(file().create(inputs())).rejects.toThrow(/client\.admin/);
    expect(host.text(path)).toBe(theirs);
    expect(host.records()).toEqual([]);
  });

  test("takes a new entity at the same path, and is not taken for a foreign one, also when cut", async () => {
    const { file, inputs, setKey, text, host, keyFile } = site();
    const made = await file().create(inputs());
    const next = newKey();
    writeFileSync(keyFile, `[client.other]\n\tkey = ${next}\n`);
    const desired = inputs({ entity: "client.other" });
    host.before = (request) => {
      if (request.program.name === "files-write") throw new Error("the connection was lost");
      return request;
    };
    await expect(file().update(made, desired)).rejects.toThrow(/lost/);
    host.before = (request) => request;
    const after = await file().update(made, desired);
    expect(text()).toBe(`[client.other]\n\tkey = ${next}\n`);
    setKey(KEY);
    await file().remove(after);
    expect(readdirSync(host.path("etc"))).toEqual([]);
  });

  test("of an entity that the cluster does not have is an error that says what to do", async () => {
    const { file, inputs, keyFile, path } = site();
    writeFileSync(keyFile, "");
    await expect(file().create(inputs())).rejects.toThrow(/holds no key of client\.cinder[^]*CephAuthEntity/);
    expect(existsSync(path)).toBe(false);
  });

  test("that is gone is gone for a refresh, and is made again", async () => {
    const { file, inputs, path, text } = site();
    const made = await file().create(inputs());
    rmSync(path);
    expect(await file().refresh(made)).toBeUndefined();
    await file().create(inputs());
    expect(text()).toContain(KEY);
  });

  test("keeps its file over a logical rename; the new one takes it away later", async () => {
    const { run, file, inputs, path } = site();
    const old = await file(ownerOf("a")).create(inputs());
    const one = run();
    const made = await one.of(cephKeyringFile, ownerOf("b")).create(inputs());
    await one.of(cephKeyringFile, ownerOf("a")).remove(old);
    expect(existsSync(path)).toBe(true);
    await file(ownerOf("b")).remove(made);
    expect(existsSync(path)).toBe(false);
  });

  test("of another stack is refused, naming it", async () => {
    const { file, inputs } = site();
    await file(ownerOf("x", "site/other")).create(inputs());
    const said = /stack site\/other[^]*destroy was cut there[^]*takeOverFrom/;
    await expect(file().create(inputs())).rejects.toThrow(said);
  });

  test("in a directory that is not there is an error that says what to do", async () => {
    const { file, inputs, host } = site();
    await expect(file().create(inputs({ path: host.path("nowhere", "k") }))).rejects.toThrow(
      /directory[^]*not there/,
    );
  });

  test("made, cut after any program, then repeated or taken away, ends as undisturbed", async () => {
    for (const nth of [1, 2]) {
      const { file, inputs, host, text, path } = site();
      host.cutAfter(nth);
      await expect(file().create(inputs())).rejects.toThrow(/lost/);
      host.heal();
      const made = await file().create(inputs());
      expect(text()).toContain(KEY);
      host.cutAfter(nth);
      await expect(file().remove(made)).rejects.toThrow(/lost/);
      host.heal();
      await file().remove(made);
      expect(existsSync(path)).toBe(false);
      expect(host.records()).toEqual([]);
    }
  });

  test.each([
    [{ entity: "cinder" }, /client entity/],
    [{ mode: "640" }, /four octal/],
    [{ owner: "Not A User" }, /user/],
    [{ path: "x" }, /absolute/],
    [{ keyFrom: undefined }, /admin .*keyFrom/],
    [{ content: "x" }, /content/],
    [{ keyGeneration: 0 }, /whole number/],
  ])("%j is refused before anything is touched", async (more, reason) => {
    const { file, inputs, host } = site();
    expect((await file().problems(inputs(more))).join("\n")).toMatch(reason);
    expect(host.ran).toEqual([]);
  });
});
