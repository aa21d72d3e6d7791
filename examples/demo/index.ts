/**
 * Ceph as the storage of Glance, Cinder, cinder-backup and Nova on a controller, a volume host and compute hosts, with all that is managed
 * beside pools, users and files: packages, restarts, proofs, and directories of the guests.
 */
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration } from "pulumi-ceph-openstack";

const config = new pulumi.Config();
const computes = Array.from({ length: config.getNumber("computes") ?? 2 }, (_, n) => `cmp${String(n + 1)}`);
// The benchmark leaves out what nobody does by hand.
const whole = config.getBoolean("benchmark") !== true;
const pool = { size: 2, minSize: 1, pgNum: { initial: 8 } };

const rbd = new CephOpenStackIntegration("rbd", {
  cluster: { fsid: config.require("fsid"), admin: config.require("admin") },
  openstackRelease: config.get("openstackRelease") ?? "zed",
  pools: { images: pool, volumes: pool, backups: pool, vms: pool },
  glance: { hosts: ["ctl1"], stores: [{ name: "rbd", pool: "images" }] },
  cinder: { hosts: ["vol1"], backends: [{ name: "ceph", pool: "volumes" }] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: computes },
  keyGenerations: { cinder: config.getNumber("cinderKeyGeneration") ?? 1 },
  manage: {
    packages: true,
    services: { probes: { glance: { tcp: 9292 } } },
    checks: whole,
    directories: whole,
  },
});

// For other stacks, by StackReference: examples/consumer.
export const fsid = rbd.fsid;
export const secretUuid = rbd.secretUuid;
export const pools = rbd.pools;
export const cinderBackends = rbd.cinderBackends;
export const imageProperties = rbd.imageProperties;
// Whether each service has proven by its own key what it can do and what it cannot.
export const verified = rbd.verified;
