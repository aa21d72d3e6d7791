/** Several clusters: what is refused, and what a short program comes to. */
import { describe, expect, test } from "@jest/globals";
import { Output } from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import { integrationTopology } from "../../../../components/topology/integration";

const FSID = "6c1f6f0e-1111-4222-8333-444455556666";
const OTHER = "7c1f6f0e-1111-4222-8333-444455556666";
const site2 = { fsid: OTHER, admin: "mon1-site2" };
const pools = { images: {}, volumes: {}, vms: {}, far: { cluster: "site2", name: "volumes" } };
const good: CephOpenStackIntegrationArgs = {
  cluster: { fsid: FSID, admin: "mon1" },
  clusters: { site2 },
  openstackRelease: "zed",
  pools,
  glance: { hosts: ["ctl1"] },
  cinder: {
    hosts: ["vol1"],
    backends: [
      { name: "ceph", pool: "volumes" },
      { name: "far", pool: "far" },
    ],
  },
  nova: { hosts: ["cmp1"] },
};

const problems = (args: object): string => {
  try {
    integrationTopology("rbd", { ...good, ...args });
    return "";
  } catch (error) {
    return String(error);
  }
};

test("a cluster is called by its key in /etc/ceph, and ceph on its own admin host", () => {
  const { clusters } = integrationTopology("rbd", good);
  expect(clusters.map(({ key, cluster, conf }) => ({ key, cluster, conf }))).toEqual([
    { key: undefined, cluster: good.cluster, conf: "/etc/ceph/ceph.conf" },
    { key: "site2", cluster: { ...site2, name: "site2", adminName: "ceph" }, conf: "/etc/ceph/site2.conf" },
  ]);
});

test("what it says of itself is over what is said of all", () => {
  const [first, second] = integrationTopology("rbd", {
    ...good,
    cephRelease: "quincy",
    adopt: "never",
    clusters: {
      site2: {
        ...site2,
        ...{ name: "far", adminName: "far", cephRelease: "nautilus", adopt: "overwrite" },
        cephConf: { client: { rbd_cache: false } },
      },
    },
  }).clusters;
  expect(first).toMatchObject({ cephRelease: "quincy", adopt: "never" });
  expect(second).toEqual({
    key: "site2",
    cluster: { ...site2, name: "far", adminName: "far" },
    conf: "/etc/ceph/far.conf",
    cephRelease: "nautilus",
    adopt: "overwrite",
    cephConf: { client: { rbd_cache: false } },
  });
  expect(second).not.toHaveProperty(["cluster", "cephRelease"]);
});

test("users of one name in two clusters are two, each with its own generation, key and UUID", () => {
  const { users } = integrationTopology("rbd", {
    ...good,
    keyGenerations: { cinder: 2, "cinder@site2": 5 },
  });
  const cinders = users.filter(({ name }) => name === "cinder");
  expect(cinders.map(({ key, keyGeneration, at }) => [key, keyGeneration, at.cluster.fsid])).toEqual([
    ["cinder", 2, FSID],
    ["cinder@site2", 5, OTHER],
  ]);
  expect(new Set(cinders.map(({ secretUuid }) => secretUuid)).size).toBe(2);
});

test("the integration's secretUuid is that of Cinder's user in the first cluster alone", () => {
  const uuid = "11111111-1111-4111-8111-111111111111";
  const { users } = integrationTopology("rbd", { ...good, secretUuid: uuid });
  expect(users.filter(({ secretUuid }) => secretUuid === uuid).map(({ key }) => key)).toEqual(["cinder"]);
});

describe("what is wrong is said in the program's words", () => {
  test.each<[string, object, string]>([
    [
      "two clusters of one name",
      { clusters: { site2: { ...site2, name: "ceph" } } },
      'two clusters are called "ceph": both would have /etc/ceph/ceph.conf',
    ],
    [
      "a key that is another's name",
      { cluster: { fsid: FSID, admin: "mon1", name: "site2" } },
      'two clusters are called "site2"',
    ],
    ["two clusters of one fsid", { clusters: { site2: { ...site2, fsid: FSID } } }, `have the fsid ${FSID}`],
    [
      "a pool of a cluster that is not there",
      { pools: { ...pools, far: { cluster: "site3" } } },
      'pools.far.cluster "site3" is none of clusters; there are site2',
    ],
    [
      "a pool of a cluster where there are none",
      { clusters: undefined },
      'pools.far.cluster "site2" is none of clusters; there are none',
    ],
    ["no fsid", { clusters: { site2: { admin: "m" } } }, "clusters.site2.fsid must be the cluster's fsid"],
    ["no admin", { clusters: { site2: { fsid: OTHER } } }, "clusters.site2.admin must name a host"],
    [
      "a field that is none",
      { clusters: { site2: { ...site2, pools: {} } } },
      "clusters.site2.pools is no argument here; there are fsid, admin",
    ],
    ["a key that is no name", { clusters: { "a b": site2 } }, 'key "a b" must be of letters'],
    ["a name that is none", { clusters: { site2: { ...site2, name: "../x" } } }, 'name "../x" must be of'],
    [
      "no cluster at all",
      { clusters: { site2: "mon1" } },
      'clusters.site2 "mon1" must be a map: { fsid, admin',
    ],
    ["a list of clusters", { clusters: [site2] }, "clusters (a list) must be clusters by key"],
    [
      "an unknown release",
      { clusters: { site2: { ...site2, cephRelease: "luminous" } } },
      'clusters.site2.cephRelease "luminous" is not known',
    ],
    [
      "a setting that a pool's own cluster has not",
      {
        clusters: { site2: { ...site2, cephRelease: "nautilus" } },
        pools: { ...pools, far: { cluster: "site2", bulk: true } },
      },
      "pools.far.bulk came with pacific (16), and cephRelease is nautilus",
    ],
    [
      "an adopt that is none",
      { clusters: { site2: { ...site2, adopt: "maybe" } } },
      'clusters.site2.adopt "maybe" must be',
    ],
    [
      "a user called as one of a further cluster",
      { nova: { hosts: ["cmp1"], user: "cinder@site2" } },
      'nova: user "cinder@site2" is what a user of a further cluster is called here',
    ],
    [
      "a generation of a user that is not there",
      { keyGenerations: { "glance@site2": 2 } },
      "keyGenerations.glance@site2 is no user here; there are glance, cinder, cinderBackup, cinder@site2",
    ],
    [
      "a UUID of two users of one name",
      {
        secretUuid: "11111111-1111-4111-8111-111111111111",
        cinder: {
          hosts: ["vol1"],
          backends: [
            { name: "ceph", pool: "volumes" },
            { name: "far", pool: "far", secretUuid: "11111111-1111-4111-8111-111111111111" },
          ],
        },
      },
      "is given to the libvirt secrets of two users",
    ],
    [
      "an existing pool that is more than that and its cluster",
      { pools: { ...pools, far: { existing: "v", cluster: "site2", size: 2 } } },
      "pools.far is an existing pool and not managed: size would have no effect",
    ],
    [
      "a cluster that is an Output",
      { pools: { ...pools, far: { cluster: Output.create("site2") } } },
      "pools.far.cluster must be plain",
    ],
  ])("%s", (_name, args, said) => {
    expect(problems(args)).toContain(said);
  });

  test("what may be an Output of a pool of another cluster still may, and options of its ceph.conf", () => {
    const cephConf = { client: { rbd_cache: Output.create(true) } };
    expect(
      problems({
        clusters: { site2: { ...site2, cephConf } },
        pools: { ...pools, far: { cluster: "site2", name: Output.create("v") } },
      }),
    ).toBe("");
  });

  test("a user with an @ is fine where no cluster is called so", () => {
    expect(problems({ nova: { hosts: ["cmp1"], user: "nova@rack1" } })).toBe("");
  });
});
