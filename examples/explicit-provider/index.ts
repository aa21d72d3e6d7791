/**
 * Volumes on two Ceph clusters. The hosts nearby are reached as the stack's configuration and OpenSSH's say; those of the other site through a
 * bastion with another login, by a provider of their own.
 */
import * as pulumi from "@pulumi/pulumi";
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephOpenStackProvider,
  CephPool,
  ConfigSection,
} from "pulumi-ceph-openstack";

const config = new pulumi.Config();

/** A cluster, and a host of cinder-volume that uses it. */
interface Site {
  readonly name: string;
  readonly fsid: string;
  readonly admin: string;
  readonly host: string;
}

const volumesAt = ({ name, fsid, admin, host }: Site, opts: pulumi.CustomResourceOptions = {}) => {
  const cluster = { fsid, admin };
  const pool = new CephPool(`${name}-volumes`, { cluster, name: "volumes" }, opts);
  const rbd = pulumi.interpolate`profile rbd pool=${pool.name}`;
  const cinder = new CephAuthEntity(
    `${name}-cinder`,
    // One more `keyGeneration` gives a fresh key, once; the keyring follows.
    { cluster, entity: "client.cinder", caps: { mon: "profile rbd", osd: rbd, mgr: rbd }, keyGeneration: 1 },
    opts,
  );
  const { entity, keyGeneration } = cinder;
  const conf = new CephConfigFile(`${name}-conf`, { host, cluster, path: "/etc/ceph/ceph.conf" }, opts);
  new CephKeyringFile(`${name}-keyring`, { host, cluster, entity, keyGeneration, owner: "cinder" }, opts);
  new ConfigSection(
    `${name}-backend`,
    {
      host,
      path: "/etc/cinder/cinder.conf",
      section: name,
      options: {
        volume_driver: "cinder.volume.drivers.rbd.RBDDriver",
        volume_backend_name: name,
        rbd_pool: pool.name,
        rbd_ceph_conf: conf.path,
        rbd_user: "cinder",
      },
    },
    opts,
  );
  return { pool: pool.name, poolId: pool.poolId };
};

const siteB = new CephOpenStackProvider("site-b", {
  proxyJump: config.require("bastion"),
  sshUser: config.require("farUser"),
});

export const near = volumesAt({
  name: "near",
  fsid: config.require("nearFsid"),
  admin: config.require("nearAdmin"),
  host: config.require("nearVolumeHost"),
});
export const far = volumesAt(
  {
    name: "far",
    fsid: config.require("farFsid"),
    admin: config.require("farAdmin"),
    host: config.require("farVolumeHost"),
  },
  { provider: siteB },
);
