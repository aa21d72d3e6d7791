/** How often a create looks: what `observe` saw is what `apply` begins with, also where nothing is there. */
import { expect, test } from "@jest/globals";
import { mkdirSync } from "node:fs";
import { cephConfigFile } from "../../../../providers/ceph-config-file/index";
import { configSection } from "../../../../providers/config-section/index";
import { directory } from "../../../../providers/directory/index";
import { fakeHost } from "../../../support/fake-host";
import { keySite } from "../../../support/key-site";
import { runOf } from "../../../support/run-of";

const countOf = (list: readonly string[], name: string): number => list.filter((one) => one === name).length;

test("a keyring and a secret that are not there are looked at once before they are made", async () => {
  const { vol1, cmp1 } = await keySite();
  expect(vol1.ran).toEqual(["files-look", "files-write"]);
  expect(countOf(cmp1.ran, "virsh-look")).toBe(1);
  expect(countOf(cmp1.ran, "files-look")).toBe(2);
});

test("so are a ceph.conf, a directory and a section of a file", async () => {
  const host = fakeHost({ name: "ctl1" });
  mkdirSync(host.path("etc"));
  const cluster = { fsid: "11111111-2222-4333-8444-555555555555" };
  await runOf({ ctl1: host })
    .of(cephConfigFile)
    .create({ host: "ctl1", cluster, path: host.path("etc", "ceph.conf"), monHost: "10.0.0.1" });
  await runOf({ ctl1: host })
    .of(directory)
    .create({ host: "ctl1", path: host.path("etc", "guests") });
  const path = host.path("etc", "cinder.conf");
  await runOf({ ctl1: host })
    .of(configSection)
    .create({ host: "ctl1", path, section: "ceph", options: { rbd_pool: "volumes" }, createFile: {} });
  expect(host.ran).toEqual([1, 2, 3].flatMap(() => ["files-look", "files-write"]));
});
