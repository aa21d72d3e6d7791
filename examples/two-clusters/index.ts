/**
 * Two Ceph clusters on one cloud: images, volumes, backups and guests' disks in the first, a second store of images and a second backend of volumes in
 * the other, so that volumes there are clones of images there.
 */
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration } from "pulumi-ceph-openstack";

const config = new pulumi.Config();

const rbd = new CephOpenStackIntegration("rbd", {
  cluster: { fsid: config.require("fsid"), admin: "mon1" },
  clusters: { site2: { fsid: config.require("site2Fsid"), admin: "mon1-site2" } },
  openstackRelease: "2025.1",
  // Of one name in both clusters: a key of one's own each.
  pools: {
    ...{ images: {}, volumes: {}, backups: {}, vms: {} },
    "images-site2": { cluster: "site2", name: "images" },
    "volumes-site2": { cluster: "site2", name: "volumes" },
  },
  glance: {
    hosts: ["ctl1"],
    stores: [
      { name: "rbd", pool: "images" },
      { name: "site2", pool: "images-site2" },
    ],
  },
  cinder: {
    hosts: ["vol1"],
    backends: [
      { name: "ceph", pool: "volumes" },
      { name: "ceph-site2", pool: "volumes-site2" },
    ],
  },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1", "cmp2"] },
  // One more gives client.cinder of the second cluster, and it alone, a fresh key.
  keyGenerations: { "cinder@site2": 1 },
  manage: { checks: true },
});

export const { secretUuid, clusters, entities, verified } = rbd;
