/** cinder-backup where cinder-volume is none of the program, with volumes in more than one cluster. */
import { expect, test } from "@jest/globals";
import type { Resource } from "@pulumi/pulumi";
import { CephOpenStackIntegration, CinderBackup, type CinderBackupArgs } from "../../index";
import { registered } from "../support/mocks";

const FSID = "6c1f6f0e-1111-4222-8333-444455556666";
const cluster = { fsid: FSID, admin: "mon1" };
const site2 = { fsid: FSID.replace("6", "7"), admin: "mon2", name: "site2", adminName: "ceph" };

/** Inputs by name. */
const made = async (program: () => Resource): Promise<Readonly<Record<string, Record<string, unknown>>>> =>
  Object.fromEntries((await registered(program)).resources.map(({ name, inputs }) => [name, inputs]));

const alone = (volumeUsers: CinderBackupArgs["volumeUsers"]) => () =>
  new CinderBackup("k", {
    cluster,
    openstackRelease: "zed",
    hosts: ["vol1"],
    user: "cinder-backup",
    pool: "backups",
    ...(volumeUsers === undefined ? {} : { volumeUsers }),
  });

const CINDER = { user: "cinder", entity: { entity: "client.cinder" } };

test("alone it brings conf and keyring of each cluster that its users' volumes are in, by names that do not meet", async () => {
  const resources = await made(alone([CINDER, { ...CINDER, cluster: site2 }]));
  expect(Object.keys(resources)).toEqual([
    "k",
    "k-vol1-cinder-backup-DEFAULT",
    "k-vol1-conf",
    "k-vol1-conf@site2",
    "k-vol1-keyring-cinder",
    "k-vol1-keyring-cinder-backup",
    "k-vol1-keyring-cinder@site2",
  ]);
  expect(resources["k-vol1-conf@site2"]).toMatchObject({
    cluster: site2,
    // The services tell librados no name of a cluster.
    options: { "client.cinder": { keyring: "/etc/ceph/site2.client.cinder.keyring" } },
  });
  expect(resources["k-vol1-conf"]).not.toHaveProperty("options.client.cinder");
  expect(resources["k-vol1-keyring-cinder@site2"]).toMatchObject({ cluster: site2, entity: "client.cinder" });
  expect(resources["k-vol1-keyring-cinder"]).toMatchObject({ cluster, entity: "client.cinder" });
});

test("a user's cluster that is the backups' own makes no second file", async () => {
  const names = Object.keys(await made(alone([{ ...CINDER, cluster: { ...cluster } }])));
  expect(names.filter((name) => name.includes("@"))).toEqual([]);
  expect(names.filter((name) => name.endsWith("conf"))).toEqual(["k-vol1-conf"]);
});

test.each([
  [{ ...site2, name: "ceph" }, 'two clusters are called "ceph"'],
  [{ ...cluster, name: "east" }, `two clusters have the fsid ${FSID}: they are one`],
  [{ fsid: "site2" }, "volumeUsers.0.cluster.fsid must be the cluster's fsid"],
])("a user's cluster %j is refused", (other, words) => {
  expect(alone([{ ...CINDER, cluster: other }])).toThrow(words);
});

test("in an integration, elsewhere than cinder-volume, it reads the volumes of its own cluster, and has conf and keyring of each backend's", async () => {
  const backends = [
    { name: "near", pool: "volumes" },
    { name: "far", pool: "far" },
  ];
  const resources = await made(
    () =>
      new CephOpenStackIntegration("rbd", {
        cluster,
        clusters: { site2: { fsid: site2.fsid, admin: "mon2" } },
        openstackRelease: "zed",
        pools: { volumes: {}, far: { cluster: "site2" }, backups: { cluster: "site2" } },
        cinder: { hosts: ["vol1"], backends },
        cinderBackup: { hosts: ["bak1"] },
      }),
  );
  expect(resources["rbd-auth-cinder-backup@site2"]).toMatchObject({
    caps: { osd: ["profile rbd pool=backups", "profile rbd-read-only pool=far"] },
  });
  expect(Object.keys(resources).filter((name) => /^rbd-bak1-(?:keyring|conf)/.test(name))).toEqual([
    "rbd-bak1-conf",
    "rbd-bak1-conf@site2",
    "rbd-bak1-keyring-cinder",
    "rbd-bak1-keyring-cinder-backup@site2",
    "rbd-bak1-keyring-cinder@site2",
  ]);
});
