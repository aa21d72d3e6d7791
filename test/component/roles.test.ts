import { expect, test } from "@jest/globals";
import type { Resource } from "@pulumi/pulumi";
import { CinderBackend, CinderBackup, GlanceStore, NovaCompute } from "../../index";
import { registered } from "../support/mocks";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const common = { cluster, openstackRelease: "zed" };

const namesOf = async (program: () => Resource) =>
  (await registered(program)).resources.map(({ name }) => name);

test("a store alone brings ceph.conf, keyring and all sections of its host", async () => {
  const names = await namesOf(
    () => new GlanceStore("s", { ...common, hosts: ["ctl1"], user: "glance", pool: "images" }),
  );
  expect(names).toEqual([
    "s",
    "s-ctl1-conf",
    "s-ctl1-glance-DEFAULT",
    "s-ctl1-glance-glance_store",
    "s-ctl1-glance-paste_deploy",
    "s-ctl1-glance-rbd",
    "s-ctl1-keyring-glance",
  ]);
});

test("a backend alone enables itself; without clientFiles it brings no files", async () => {
  const names = await namesOf(
    () =>
      new CinderBackend("b", {
        ...common,
        hosts: ["vol1"],
        user: "cinder",
        pool: "volumes",
        clientFiles: false,
      }),
  );
  expect(names).toEqual(["b", "b-vol1-cinder-DEFAULT", "b-vol1-cinder-ceph"]);
});

test("cinder-backup alone brings the keyrings of the users whose volumes it reads", async () => {
  const volumeUsers = [{ user: "cinder", entity: { entity: "client.cinder" } }];
  const names = await namesOf(
    () =>
      new CinderBackup("k", {
        ...common,
        hosts: ["vol1"],
        user: "cinder-backup",
        pool: "backups",
        volumeUsers,
      }),
  );
  expect(names).toEqual([
    "k",
    "k-vol1-cinder-backup-DEFAULT",
    "k-vol1-conf",
    "k-vol1-keyring-cinder",
    "k-vol1-keyring-cinder-backup",
  ]);
});

test("compute alone brings the secret", async () => {
  const names = await namesOf(
    () => new NovaCompute("n", { ...common, hosts: ["cmp1"], user: "cinder", pool: "vms" }),
  );
  expect(names).toEqual([
    "n",
    "n-cmp1-conf",
    "n-cmp1-keyring-cinder",
    "n-cmp1-nova-libvirt",
    "n-cmp1-secret",
  ]);
});
