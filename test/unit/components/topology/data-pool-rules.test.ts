import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import { integrationTopology } from "../../../../components/topology/integration";
import { problemsOf } from "../../../../components/topology/rules";

const fsid = "6c1f6f0e-1111-4222-8333-444455556666";
const good: CephOpenStackIntegrationArgs = {
  cluster: { fsid, admin: "mon1" },
  clusters: { site2: { fsid: fsid.replace("6", "7"), admin: "mon2" } },
  openstackRelease: "zed",
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"], user: "nova" },
};
const ec = { type: "erasure" } as const;
const pools = { images: {}, volumes: { dataPool: "data" }, data: ec, vms: {} };
/** As a program without types would hand them over. */
const problems = (more: object, args: object = {}): string[] =>
  problemsOf({ ...good, ...args, pools: { ...pools, ...more } });

test.each<[string, object]>([
  ["an erasure-coded pool holds the data of a replicated one", {}],
  ["it is there already, and not managed", { data: { existing: "vol-data" } }],
  ["the pool of the images is there already", { volumes: { existing: "vols", dataPool: "data" } }],
  ["several pools have their data in one", { images: { dataPool: "data" }, vms: { dataPool: "data" } }],
  ["its type is decided by another resource", { data: { type: pulumi.output("erasure") } }],
  [
    "it is in a further cluster with the pool of the images",
    {
      volumes: { cluster: "site2", dataPool: "data" },
      data: { cluster: "site2", ...ec },
    },
  ],
  ["an erasure-coded pool is nobody's", { other: ec }],
])("allowed: %s", (_, more) => {
  expect(problems(more)).toEqual([]);
});

const omap = (who: string, key: string, why: string) =>
  `${who} uses pool "${key}" for images, ${why}: RBD keeps their metadata in omap, which such a pool has not; use a replicated pool with dataPool: "${key}"`;

describe("each rule is the only one that speaks", () => {
  test.each<[string, object, string]>([
    [
      "a data pool that there is none of",
      { volumes: { dataPool: "dat" } },
      'pools.volumes.dataPool "dat" is no pool here; there are images, volumes, data, vms',
    ],
    [
      "a data pool that is said not to be there",
      { data: false },
      'pools.volumes.dataPool "data" is no pool here; there are images, volumes, data, vms',
    ],
    [
      "a data pool in another cluster",
      { data: { ...ec, cluster: "site2" } },
      'pools.volumes.dataPool "data" is in clusters.site2, and volumes in cluster: an image is in one cluster with its data',
    ],
    [
      "a data pool that is replicated",
      { data: {} },
      'pools.volumes.dataPool "data" is no erasure-coded pool: give pools.data type: "erasure"; one that is there already is { existing: "…" }',
    ],
    [
      "a data pool without overwrites",
      { data: { ...ec, allowEcOverwrites: false } },
      "pools.data.allowEcOverwrites must be true, or left out: RBD writes parts of objects, and the data of volumes is in it",
    ],
    [
      "a data pool that has one itself",
      { data: { ...ec, dataPool: "more" }, more: ec },
      omap('dataPool "more"', "data", "which is erasure-coded"),
    ],
    ["images of Glance", { images: ec }, omap('glance store "rbd"', "images", "which is erasure-coded")],
    ["disks of Nova", { vms: ec }, omap("nova", "vms", "which is erasure-coded")],
    [
      "images in a pool that is there already and holds the data of another",
      { vms: { existing: "v" }, volumes: { dataPool: "vms" } },
      omap("nova", "vms", "which is the data pool of volumes"),
    ],
    [
      "a data pool that is known later",
      { volumes: { dataPool: pulumi.output("data") } },
      "pools.volumes.dataPool must be plain, and this is an Output",
    ],
  ])("%s", (_, more, problem) => {
    const found = problems(more);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  test("a pool under the key of a role whose hosts are none of this program", () => {
    expect(problems({ images: ec }, { glance: undefined })).toEqual([
      omap("client.nova", "images", "which is erasure-coded"),
    ]);
  });
});

describe("a user has one default", () => {
  const cure =
    "and a user has one rbd_default_data_pool: give these pools one dataPool, or uses of them users of their own (nova.user, `user` of a backend or a store)";

  test("Cinder's user, who runs Nova's disks too, is refused where only its volumes have a data pool", () => {
    expect(problems({}, { nova: { hosts: ["cmp1"] } })).toEqual([
      `client.cinder makes images in volumes (data in data), vms (data in itself), ${cure}`,
    ]);
    expect(problems({ vms: { dataPool: "data" } }, { nova: { hosts: ["cmp1"] } })).toEqual([]);
  });

  test("backends with different data pools are refused, unless one has a user of its own", () => {
    const more = { fast: { dataPool: "other" }, other: ec };
    const backend = (user: object) => ({
      cinder: {
        hosts: ["vol1"],
        backends: [
          { name: "a", pool: "volumes" },
          { name: "b", pool: "fast", ...user },
        ],
      },
    });
    expect(problems(more, backend({}))).toEqual([
      `client.cinder makes images in volumes (data in data), fast (data in other), ${cure}`,
    ]);
    expect(problems(more, backend({ user: "cinder-fast" }))).toEqual([]);
  });

  test("of two clusters each has its own", () => {
    const cinder = {
      hosts: ["vol1"],
      backends: [
        { name: "a", pool: "volumes" },
        { name: "b", pool: "far" },
      ],
    };
    expect(problems({ far: { cluster: "site2" } }, { cinder })).toEqual([]);
  });
});

test("the pool of the images knows that of their data, which is written over; a pool that is there is not touched", () => {
  const topology = (data: object) => integrationTopology("rbd", { ...good, pools: { ...pools, data } }).pools;
  const made = topology({ ...ec, name: "vol-data" });
  expect(made.map(({ key, data }) => [key, data?.name])).toContainEqual(["volumes", "vol-data"]);
  expect(made.find(({ key }) => key === "volumes")?.spec).toEqual({});
  expect(made.find(({ key }) => key === "data")?.spec).toEqual({
    type: "erasure",
    name: "vol-data",
    allowEcOverwrites: true,
  });
  expect(topology({ existing: "d" }).find(({ key }) => key === "data")?.spec).toEqual({ existing: "d" });
});
