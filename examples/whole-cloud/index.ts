/**
 * Ceph Reef and OpenStack 2024.1 on Ubuntu: three controllers, two volume hosts and forty computes, with pools and a cephx user that were there
 * before, a second backend with a user of its own, restarts in waves and proofs. And another region, behind a bastion, that Kolla-Ansible deploys.
 */
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration, CephOpenStackProvider } from "pulumi-ceph-openstack";

const config = new pulumi.Config();
const computes = Array.from({ length: 40 }, (_, n) => `cmp${String(n + 1)}`);

const rbd = new CephOpenStackIntegration("rbd", {
  cluster: { fsid: config.require("fsid"), admin: ["mon1", "mon2", "mon3"] },
  cephRelease: "reef",
  openstackRelease: "2024.1",
  layout: "ubuntu",
  // Those that are there are taken as they are. client.glance is refused if its caps are others, with each difference; adopt: "overwrite" changes them.
  pools: { images: {}, volumes: {}, fast: { crushRule: "nvme" }, backups: {}, vms: { bulk: true } },
  glance: { hosts: ["ctl1", "ctl2", "ctl3"] },
  cinder: {
    hosts: ["vol1", "vol2"],
    backends: [
      // Of a backend that is there already the host that it has now: its volumes hold it.
      { name: "ceph", pool: "volumes", backendHost: "rbd-ceph" },
      { name: "fast", pool: "fast", user: "cinder-fast", backendHost: "rbd-fast" },
    ],
  },
  cinderBackup: { hosts: ["vol1", "vol2"] },
  nova: { hosts: computes },
  manage: {
    services: { batch: { nova: 5 }, probes: { glance: { tcp: 9292 } } },
    checks: true,
    // A cloud of clouds.yaml; the images are there.
    images: { cloud: "admin", names: ["debian-12", "ubuntu-24.04"] },
  },
});

const bastion = new CephOpenStackProvider("bastion", { proxyJump: "bastion-south" });
const south = new CephOpenStackIntegration(
  "south",
  {
    cluster: { fsid: config.require("southFsid"), admin: "mon1-south" },
    openstackRelease: "2024.1",
    layout: "kolla",
    deploymentHost: { host: "deploy-south", owner: "kolla" },
    glance: { hosts: [] },
    cinder: { hosts: [] },
    cinderBackup: { hosts: [] },
    nova: { hosts: [] },
  },
  { providers: [bastion] },
);

export const { secretUuid, cinderBackends, verified } = rbd;
export const handOver = south.handOver;
