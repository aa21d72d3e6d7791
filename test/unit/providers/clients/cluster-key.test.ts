import { expect, test } from "@jest/globals";
import { existsSync, writeFileSync } from "node:fs";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeHost } from "../../../support/fake-host";
import { runOf } from "../../../support/run-of";

const KEY = newKey();

test.each([
  ["lost its end", KEY.slice(0, 30)],
  ["has a blank in it", `${KEY.slice(0, 12)} ${KEY.slice(12)}`],
  ["is of another length", Buffer.from("no key of Ceph's").toString("base64")],
])(
  "a key of keyFrom that %s is refused before anything is written, and nothing of it is shown",
  async (_, key) => {
    const [host, source] = [fakeHost({ name: "vol1" }), fakeHost({ name: "mon1" })];
    writeFileSync(source.path("keyring"), `[client.cinder]\n\tkey = ${key}\n`);
    const path = host.path("cinder.keyring");
    const desired = {
      host: "vol1",
      cluster: { fsid: "11111111-2222-4333-8444-555555555555" },
      entity: "client.cinder",
      owner: "root",
      path,
      keyFrom: { host: "mon1", path: source.path("keyring") },
    };
    const failed: unknown = await runOf({ vol1: host, mon1: source })
      .of(cephKeyringFile)
      .create(desired)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: "refused",
      message: expect.stringContaining("is no keyring that Ceph can read"),
    });
    expect(String(failed)).not.toContain(key.slice(0, 12));
    expect(existsSync(path)).toBe(false);
    expect(host.records()).toEqual([]);
  },
);
