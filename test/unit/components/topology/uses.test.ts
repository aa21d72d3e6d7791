import { expect, test } from "@jest/globals";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import { userPools, type UserPools } from "../../../../components/topology/uses";

const base = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
};
const [glance, cinder, cinderBackup, nova] = [
  { hosts: ["ctl1"] },
  { hosts: ["vol1"] },
  { hosts: ["vol1"] },
  { hosts: ["cmp1"] },
];
const two = [
  { name: "ssd", pool: "fast" },
  { name: "hdd", pool: "slow" },
];

test.each<[string, Partial<CephOpenStackIntegrationArgs>, UserPools[]]>([
  [
    "all roles: the documented split",
    { glance, cinder, cinderBackup, nova },
    [
      { user: "glance", owns: ["images"], reads: [] },
      { user: "cinder", owns: ["volumes", "vms"], reads: ["images"] },
      { user: "cinder-backup", owns: ["backups"], reads: ["volumes"] },
    ],
  ],
  ["glance alone", { glance }, [{ user: "glance", owns: ["images"], reads: [] }]],
  ["nova alone runs as cinder's user", { nova }, [{ user: "cinder", owns: ["vms"], reads: [] }]],
  [
    "pools of roles whose hosts are elsewhere count, so that clones work",
    { nova, pools: { images: { existing: "glance-images" }, volumes: {}, vms: {}, backups: false } },
    [{ user: "cinder", owns: ["volumes", "vms"], reads: ["images"] }],
  ],
  [
    "cinder without nova owns the guests' pool too: its user is nova's",
    { cinder, pools: { volumes: {}, vms: { existing: "nova-vms" } } },
    [{ user: "cinder", owns: ["volumes", "vms"], reads: [] }],
  ],
  [
    "two backends: both are owned, both are backed up",
    { cinder: { ...cinder, backends: two }, cinderBackup },
    [
      { user: "cinder", owns: ["fast", "slow"], reads: [] },
      { user: "cinder-backup", owns: ["backups"], reads: ["fast", "slow"] },
    ],
  ],
  [
    "a pool that is owned is not named a second time to be read",
    { glance, cinder: { ...cinder, backends: [{ name: "ceph", pool: "images" }] } },
    [
      { user: "glance", owns: ["images"], reads: [] },
      { user: "cinder", owns: ["images"], reads: [] },
    ],
  ],
  [
    "backends with users of their own: each owns its pool and clones from images, and both are backed up",
    {
      glance,
      cinder: { ...cinder, backends: two.map((one) => ({ ...one, user: `cinder-${one.name}` })) },
      cinderBackup,
      nova,
    },
    [
      { user: "glance", owns: ["images"], reads: [] },
      { user: "cinder-ssd", owns: ["fast"], reads: ["images"] },
      { user: "cinder-hdd", owns: ["slow"], reads: ["images"] },
      { user: "cinder", owns: ["vms"], reads: ["images"] },
      { user: "cinder-backup", owns: ["backups"], reads: ["fast", "slow"] },
    ],
  ],
  [
    "a user of Nova's own owns the guests' disks, and Cinder's does not",
    { glance, cinder, nova: { ...nova, user: "nova" } },
    [
      { user: "glance", owns: ["images"], reads: [] },
      { user: "cinder", owns: ["volumes"], reads: ["images"] },
      { user: "nova", owns: ["vms"], reads: ["images"] },
    ],
  ],
  [
    "a store with a user of its own owns its pool alone",
    {
      glance: {
        ...glance,
        stores: [
          { name: "a", pool: "images" },
          { name: "b", pool: "edge", user: "edge" },
        ],
      },
      nova,
    },
    [
      { user: "glance", owns: ["images"], reads: [] },
      { user: "edge", owns: ["edge"], reads: [] },
      { user: "cinder", owns: ["vms"], reads: ["images", "edge"] },
    ],
  ],
  [
    "with clone v2 Glance reads where its images are cloned",
    { glance: { ...glance, cloneV2: true }, cinder, nova },
    [
      { user: "glance", owns: ["images"], reads: ["volumes", "vms"] },
      { user: "cinder", owns: ["volumes", "vms"], reads: ["images"] },
    ],
  ],
  [
    "two backends in one pool own it once",
    {
      cinder: {
        ...cinder,
        backends: [
          { name: "a", pool: "volumes" },
          { name: "b", pool: "volumes" },
        ],
      },
    },
    [{ user: "cinder", owns: ["volumes"], reads: [] }],
  ],
  [
    "nothing is granted or cloned from one cluster to another",
    {
      clusters: { site2: { fsid: "7c1f6f0e-1111-4222-8333-444455556666", admin: "mon2" } },
      pools: { images: {}, fast: {}, backups: {}, vms: { cluster: "site2" }, slow: { cluster: "site2" } },
      glance: { ...glance, cloneV2: true },
      cinder: { ...cinder, backends: two },
      cinderBackup,
      nova,
    },
    [
      { user: "glance", owns: ["images"], reads: ["fast"] },
      { user: "cinder", owns: ["fast"], reads: ["images"] },
      { user: "cinder-backup", owns: ["backups"], reads: ["fast"] },
      { user: "cinder", cluster: "site2", owns: ["slow", "vms"], reads: [] },
    ],
  ],
  [
    "pools of roles whose hosts are elsewhere count in their own cluster",
    {
      clusters: { site2: { fsid: "7c1f6f0e-1111-4222-8333-444455556666", admin: "mon2" } },
      pools: { images: { cluster: "site2" }, volumes: {}, vms: { cluster: "site2" } },
      nova,
    },
    [{ user: "cinder", cluster: "site2", owns: ["vms"], reads: ["images"] }],
  ],
])("%s", (_name, args, users) => {
  expect(userPools({ ...base, ...args })).toEqual(users);
});
