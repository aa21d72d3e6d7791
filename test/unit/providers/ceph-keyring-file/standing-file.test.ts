/** What stands there already: a keyring that Ceph cannot read, one with other rights, and a file that is none. */
import { describe, expect, test } from "@jest/globals";
import { chmodSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeHost } from "../../../support/fake-host";
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
