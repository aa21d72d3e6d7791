/** A secret that libvirtd keeps in memory only. */
import { expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { newKey } from "../../../../providers/formats/keyring";
import { parseSecretXml, secretUuid, secretXml } from "../../../../providers/formats/libvirt-secret";
import { libvirtSecret } from "../../../../providers/libvirt-secret/index";
import { fakeHost } from "../../../support/fake-host";
import { fakeVirsh } from "../../../support/fake-virsh";
import { runOf } from "../../../support/run-of";

const FSID = "11111111-2222-4333-8444-555555555555";
const KEY = newKey();

test("an ephemeral secret with the right key is no identical one; overwriting makes it a lasting one and keeps the rest", async () => {
  const host = fakeHost({ name: "cmp1" });
  const virsh = fakeVirsh(host.path("libvirt"));
  const uuid = secretUuid(FSID, "client.cinder");
  const there = { uuid, usage: "client.cinder secret", description: "by hand", private: false };
  writeFileSync(virsh.secret(uuid, "xml"), secretXml({ ...there, ephemeral: true }));
  writeFileSync(virsh.secret(uuid, "base64"), KEY);
  writeFileSync(host.path("keyring"), `[client.cinder]\nkey = ${KEY}\n`);
  const inputs = (more: object = {}) => ({
    host: "cmp1",
    cluster: { fsid: FSID },
    entity: "client.cinder",
    keyFrom: { host: "cmp1", path: host.path("keyring") },
    virsh: [virsh.command],
    ...more,
  });
  const secret = () => runOf({ cmp1: host }).of(libvirtSecret);
  await expect(secret().create(inputs())).rejects.toThrow(/in memory only \(ephemeral\)/);
  const made = await secret().create(inputs({ adopt: "overwrite" }));
  expect(made.outs["value"]).toBe("the cluster's key");
  expect(parseSecretXml(readFileSync(virsh.secret(uuid, "xml"), "utf8"))).toMatchObject({
    ...there,
    ephemeral: false,
  });
  expect(host.text(virsh.secret(uuid, "base64")).trim()).toBe(KEY);
});
