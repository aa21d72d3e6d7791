/**
 * A cloud that Kolla-Ansible deploys, on a Ceph cluster of cephadm. Pools and users are made by tools in cephadm's container; ceph.conf, keyrings and files of
 * options go to the deployment host; what belongs into globals.yml and passwords.yml is in the output `handOver`. No host of the cloud is touched.
 */
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration } from "pulumi-ceph-openstack";

const config = new pulumi.Config();

const rbd = new CephOpenStackIntegration("rbd", {
  cluster: {
    fsid: config.require("fsid"),
    admin: config.require("admin"),
    // Ceph's tools are in a container; leave it out where `cephadm install ceph-common` has put them on the host.
    prefix: ["cephadm", "shell", "--"],
  },
  openstackRelease: "2025.1",
  layout: "kolla",
  deploymentHost: { host: config.require("deploymentHost"), owner: "kolla" },
  // Where guests use Ceph already: cinder_rbd_secret_uuid of passwords.yml, as `secretUuid` (docs/layouts.md).
  glance: { hosts: [] },
  cinder: { hosts: [] },
  cinderBackup: { hosts: [] },
  nova: { hosts: [] },
});

/** What to do with it: docs/layouts.md, Kolla-Ansible. */
export const handOver = rbd.handOver;
