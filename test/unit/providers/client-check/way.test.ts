/** The program of a check itself, by Python modules that stand for Ceph's. */
import { expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { clientCheck } from "../../../../providers/client-check/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeHost, type FakeHost } from "../../../support/fake-host";
import { fakeRados } from "../../../support/fake-rados";
import { runOf } from "../../../support/run-of";

const FSID = "11111111-2222-4333-8444-555555555555";

/** A host with a ceph.conf of these lines, and how a check there ends: with nothing, or with what is broken. */
const site = (lines: readonly string[], world: object = {}) => {
  const host = fakeHost({ name: "vol1" });
  const dir = host.path("ceph");
  mkdirSync(dir);
  const { python, images } = fakeRados(dir, ["volumes"], world);
  const conf = host.path("ceph.conf");
  writeFileSync(conf, ["[global]", `fsid = ${FSID}`, ...lines, ""].join("\n"));
  const run = runOf({ vol1: host });
  const inputs = (more: object = {}) => ({
    host: "vol1",
    cluster: { fsid: FSID },
    entity: "client.cinder",
    can: { write: ["volumes"] },
    user: String(userInfo().uid),
    conf,
    python,
    ...more,
  });
  const verdict = (more: object = {}): Promise<string> =>
    run
      .of(clientCheck)
      .create(inputs(more))
      .then(
        () => "",
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
  return { host, conf, images, verdict, said: run.said };
};

const withKeyring = (host: FakeHost, key: string): string => {
  const path = host.path("keyring");
  writeFileSync(path, `[client.cinder]\n\tkey = ${key}\n`);
  return path;
};

test("a key in ceph.conf's own section is the client's: no keyring is looked for", async () => {
  const { verdict, images } = site(["[client.cinder]", `key = ${newKey()}`]);
  expect(await verdict()).toBe("");
  expect(images()).toEqual([]);
});

test("a key in ceph.conf counts before a keyring that is there, and what is wrong with it is told of ceph.conf", async () => {
  const refused = newKey();
  const { host, conf, verdict } = site(["[client.cinder]", `key = ${refused}`], { refused });
  const said = await verdict({ keyring: withKeyring(host, newKey()) });
  expect(said).toMatch(`the cluster refuses the key of client.cinder that ${conf} holds (sha256:`);
  expect(said).not.toContain(refused);
});

test("a keyfile in ceph.conf holds the client's key, and is what is said to be missing", async () => {
  const { host, conf, verdict } = site([]);
  const keyfile = host.path("cinder.key");
  writeFileSync(conf, `[global]\nfsid = ${FSID}\n[client.cinder]\nkeyfile = ${keyfile}\n`);
  expect(await verdict()).toContain(`there is none for client.cinder; Ceph looks for it at ${keyfile}`);
  writeFileSync(keyfile, `${newKey()}\n`);
  expect(await verdict()).toBe("");
  writeFileSync(keyfile, "no key\n");
  expect(await verdict()).toContain(`${keyfile} holds no key that Ceph reads`);
});

test("where no monitor answers each address is told, of IPv6 too", async () => {
  const monitors = "[v2:[::1]:9/0,v1:[::1]:10/0] [::1]:11,127.0.0.1:9";
  const { host, verdict } = site([`mon_host = ${monitors}`], { mute: true });
  const said = await verdict({ keyring: withKeyring(host, newKey()) });
  for (const address of ["[::1]:9", "[::1]:10", "[::1]:11", "127.0.0.1:9"])
    expect(said).toMatch(new RegExp(`[ ,]${address.replace(/[[\].]/g, "\\$&")}: [A-Z]`));
});

test("a check whose time is over takes its image away, and says what was slow, once", async () => {
  const { host, verdict, images } = site([], { write: "late" });
  const said = await verdict({ keyring: withKeyring(host, newKey()), timeoutSeconds: 10 });
  expect(said.split("\n")[0]).toBe(
    "check of client.cinder on vol1: network: write in pool volumes: no answer within 4 s",
  );
  expect(images()).toEqual([]);
});

test("guests alone: by libvirt's secret; no ceph.conf, and nobody who says where the monitors are, is named", async () => {
  const { host, conf, verdict } = site([]);
  const virsh = host.path("virsh");
  writeFileSync(virsh, `#!/bin/sh\necho ${newKey()}\n`, { mode: 0o755 });
  const more = {
    user: undefined,
    guestsOnly: true,
    libvirtSecret: { uuid: "0b4a2bd6-5a38-4a4c-9b9f-1f3f6a5d8c11", virsh: [virsh] },
  };
  expect(await verdict(more)).toBe("");
  expect(host.ran).toEqual(["client-check-secret"]);
  expect(await verdict({ ...more, conf: `${conf}.none` })).toContain(`${conf}.none is not there`);
});
