/** What Ceph cannot read: in the file itself, and in the file that a key comes from. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { existsSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeHost, type FakeHost } from "../../../support/fake-host";
import { runOf } from "../../../support/run-of";

const KEY = newKey();

const hosts: FakeHost[] = [];
afterEach(() => hosts.splice(0).forEach((host) => host.dispose()));

const site = () => {
  const host = fakeHost({ name: "vol1" });
  hosts.push(host);
  const path = host.path("ceph.client.cinder.keyring");
  const keyFile = host.path("source.keyring");
  const setKey = (key: string): void => writeFileSync(keyFile, `[client.cinder]\n\tkey = ${key}\n`);
  setKey(KEY);
  const inputs = () => ({
    host: "vol1",
    cluster: { fsid: "11111111-2222-4333-8444-555555555555" },
    entity: "client.cinder",
    owner: userInfo().username,
    path,
    keyFrom: { host: "vol1", path: keyFile },
  });
  const file = () => runOf({ vol1: host }).of(cephKeyringFile);
  return { host, path, inputs, file, setKey, text: () => host.text(path) };
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

  test.each([
    ["lost its end", KEY.slice(0, 30)],
    ["lost its last characters", KEY.slice(0, -4)],
    ["has a blank in it", `${KEY.slice(0, 20)} ${KEY.slice(20)}`],
    ["is no key", "hunter2"],
  ])("whose source holds a key that %s is refused before anything is written", async (_, stump) => {
    const { file, inputs, path, setKey, host } = site();
    setKey(stump);
    const made = file().create(inputs());
    await expect(made).rejects.toThrow(/is no keyring that Ceph can read[^]*no cephx key/);
    for (const part of stump.split(" ")) await expect(made).rejects.not.toThrow(part);
    expect(existsSync(path)).toBe(false);
    expect(host.records()).toEqual([]);
  });
});
