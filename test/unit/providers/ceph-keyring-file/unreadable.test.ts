/** A keyring file that Ceph cannot read. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
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
});
