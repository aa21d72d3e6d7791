/**
 * A compute host by somebody who has no administrator of the Ceph cluster: its people have handed over fsid, monitors and one keyring file, and
 * nothing here asks the cluster. The key goes from that file to its places and is in no state.
 */
import * as pulumi from "@pulumi/pulumi";
import { CephConfigFile, CephKeyringFile, ConfigSection, LibvirtSecret } from "pulumi-ceph-openstack";

const config = new pulumi.Config();
const host = config.require("host");
const cluster = { fsid: config.require("fsid") }; // no `admin`: everything that would ask it is given below
const entity = "client.cinder";
const keyFrom = { host: config.require("keyHost"), path: config.require("keyPath") };

const path = "/etc/ceph/ceph.conf";
const conf = new CephConfigFile("conf", { host, cluster, path, monHost: config.require("monHost") });
const keyring = new CephKeyringFile("keyring", { host, cluster, entity, keyFrom, owner: "nova" });
const uuid = config.require("uuid"); // guests hold it: the same as in cinder.conf and on every compute host
const secret = new LibvirtSecret("secret", { host, cluster, entity, keyFrom, uuid });

const nova = { host, path: "/etc/nova/nova.conf" };

new ConfigSection("nova-default", { ...nova, section: "DEFAULT", options: { force_raw_images: true } });
new ConfigSection(
  "nova-libvirt",
  {
    ...nova,
    section: "libvirt",
    options: {
      images_type: "rbd",
      images_rbd_pool: "vms",
      images_rbd_ceph_conf: conf.path,
      rbd_user: "cinder",
      rbd_secret_uuid: secret.uuid,
      disk_cachemodes: "network=writeback",
    },
  },
  { dependsOn: keyring },
);

/** Another one here than the cluster's people tell you: the handed-over file holds an old key. */
export const keyFingerprint = keyring.keyFingerprint;
