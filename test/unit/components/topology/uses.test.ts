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
      { user: "cinderBackup", owns: ["backups"], reads: ["volumes"] },
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
      { user: "cinderBackup", owns: ["backups"], reads: ["fast", "slow"] },
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
])("%s", (_name, args, users) => {
  expect(userPools({ ...base, ...args })).toEqual(users);
});
