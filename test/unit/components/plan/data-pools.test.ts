/** An erasure-coded data pool beside a replicated one: what follows of it in the cluster and on hosts. */
import { describe, expect, test } from "@jest/globals";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import type { Entry } from "../../../../components/plan/entry";
import { planOf } from "../../../../components/plan/plan";
import { integrationTopology } from "../../../../components/topology/integration";

const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  pools: {
    images: { dataPool: "images-data" },
    "images-data": { type: "erasure" },
    volumes: { dataPool: "volumes-data" },
    "volumes-data": { type: "erasure", erasureCodeProfile: "k4m2" },
    backups: {},
    vms: {},
  },
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["bak1"] },
  nova: { hosts: ["cmp1"], user: "nova" },
  manage: { services: true, checks: true },
};
const entries = (more: Partial<CephOpenStackIntegrationArgs> = {}) =>
  planOf(integrationTopology("rbd", { ...args, ...more })).entries;

const named = <K extends Entry["kind"]>(kind: K, name: string, all = entries()) => {
  const isIt = (entry: Entry): entry is Extract<Entry, { kind: K }> =>
    entry.kind === kind && entry.name === name;
  const found = all.find(isIt);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

describe("caps of both pools, by release", () => {
  const caps = (user: string, cephRelease = "reef") =>
    named("CephAuthEntity", `rbd-auth-${user}`, entries({ cephRelease })).args.caps;

  test("who owns a pool writes where its data is; the manager is asked by the images' pool alone", () => {
    expect(caps("glance")).toEqual({
      mon: "profile rbd",
      osd: ["profile rbd pool=images", "profile rbd pool=images-data"],
      mgr: ["profile rbd pool=images"],
    });
    expect(Object.keys(caps("glance", "nautilus"))).toEqual(["mon", "osd"]);
  });

  test.each([
    ["cinder", ["volumes", "volumes-data"], ["images", "images-data"]],
    ["nova", ["vms"], ["images", "images-data"]],
    ["cinder-backup", ["backups"], ["volumes", "volumes-data"]],
  ])("%s reads the data of what it reads, and no more", (user, owns, reads) => {
    expect(caps(user)).toMatchObject({
      osd: [
        ...owns.map((pool) => `profile rbd pool=${pool}`),
        ...reads.map((pool) => `profile rbd-read-only pool=${pool}`),
      ],
    });
  });

  test("a data pool that is written is not also read", () => {
    const one = { ...args.pools, volumes: { dataPool: "images-data" } };
    const all = entries({ pools: one });
    expect(named("CephAuthEntity", "rbd-auth-cinder", all).args.caps).toMatchObject({
      osd: [
        ...["volumes", "images-data"].map((pool) => `profile rbd pool=${pool}`),
        "profile rbd-read-only pool=images",
      ],
    });
  });
});

test("the data pool is made before the pool of the images, and the user after both", () => {
  expect(named("CephPool", "rbd-pool-volumes").dependsOn).toEqual(["CephPool rbd-pool-volumes-data"]);
  expect(named("CephPool", "rbd-pool-volumes").args).not.toHaveProperty("dataPool");
  expect(named("CephPool", "rbd-pool-volumes-data").args).toMatchObject({ allowEcOverwrites: true });
  const waits = named("CephAuthEntity", "rbd-auth-cinder").dependsOn;
  for (const pool of ["volumes", "volumes-data", "images", "images-data"])
    expect(waits).toContain(`CephPool rbd-pool-${pool}`);
});

describe("ceph.conf", () => {
  const options = (host: string, all = entries()) =>
    named("CephConfigFile", `rbd-${host}-conf`, all).args.options;
  const volumes = { "client.cinder": { rbd_default_data_pool: "volumes-data" } };

  test.each([
    ["ctl1", { "client.glance": { rbd_default_data_pool: "images-data" } }],
    ["vol1", volumes],
    // A volume is restored by Cinder's user there.
    ["bak1", volumes],
    ["cmp1", undefined],
  ])("of %s has the default of the users whose keys are there", (host, expected) => {
    expect(options(host)).toEqual(expected);
  });

  test("of a cluster with a name of its own says the keyring in the same section", () => {
    const cluster = { ...args.cluster, name: "east" };
    expect(named("CephConfigFile", "rbd-vol1-conf", entries({ cluster })).args.options).toEqual({
      "client.cinder": { ...volumes["client.cinder"], keyring: "/etc/ceph/east.client.cinder.keyring" },
    });
  });

  test("the program's own option wins", () => {
    const cephConf = { "client.cinder": { rbd_default_data_pool: "mine" } };
    expect(options("vol1", entries({ cephConf }))).toEqual(cephConf);
  });

  test("in a further cluster it is in the conf of that one alone", () => {
    const all = entries({
      clusters: { site2: { fsid: "7c1f6f0e-1111-4222-8333-444455556666", admin: "mon2" } },
      pools: {
        ...{ images: {}, volumes: {}, backups: {}, vms: {} },
        far: { cluster: "site2", dataPool: "far-data" },
        "far-data": { cluster: "site2", name: "volumes-data", type: "erasure" },
      },
      cinder: {
        hosts: ["vol1"],
        backends: [
          { name: "a", pool: "volumes" },
          { name: "b", pool: "far" },
        ],
      },
    });
    expect(options("vol1", all)).toBeUndefined();
    expect(named("CephConfigFile", "rbd-vol1-conf@site2", all).args.options).toMatchObject(volumes);
  });

  test("that it says another data pool is the reason of a restart, on the hosts that read it", () => {
    const reasons = (host: string, role: string) =>
      Object.entries(named("Service", `rbd-${host}-${role}-service`).args.triggers ?? {}).filter(([what]) =>
        what.includes("data_pool"),
      );
    expect(reasons("vol1", "cinder")).toEqual([
      ["ceph.conf [client.cinder] rbd_default_data_pool", "volumes-data"],
    ]);
    expect(reasons("cmp1", "nova")).toEqual([]);
  });
});

test("checks write by the images' pool; data pools of others are closed, and those that are read are not written", () => {
  const { can, cannot } = named("ClientCheck", "rbd-vol1-cinder-check").args;
  expect(can).toEqual({ write: ["volumes"], clone: ["images"] });
  expect(cannot).toEqual({
    read: ["backups", "vms"],
    write: ["backups", "vms", "images", "images-data"],
  });
  expect(named("ClientCheck", "rbd-ctl1-glance-check").args.cannot).toMatchObject({
    read: ["volumes", "volumes-data", "backups", "vms"],
  });
});
