/** Sections that are right by every option's name and type, and wrong on RBD; each with what is said, and whether it is refused. */
import type { Row } from "./lint-rows";

const volume_driver = "cinder.volume.drivers.rbd.RBDDriver";
const backend = { volume_driver, volume_backend_name: "ceph", rbd_pool: "volumes", rbd_user: "cinder" };

export const doubtful: readonly Row[] = [
  [
    "the keyring of another cluster",
    "cinder",
    "zed",
    "far",
    { rbd_cluster_name: "far", rbd_ceph_conf: "/etc/ceph/ceph.conf", rbd_user: "vol" },
    "rbd_cluster_name far looks for the keyring far.client.vol.keyring, and rbd_ceph_conf /etc/ceph/ceph.conf is of another cluster",
  ],
  [
    "no secret's uuid",
    "cinder",
    "zed",
    "ceph",
    backend,
    "rbd_secret_uuid is missing: its default, the fsid, came with 2023.1 and Zed's 21.2.0",
  ],
  [
    "no name for volume types",
    "cinder",
    "epoxy",
    "ceph",
    { volume_driver, rbd_pool: "volumes" },
    "volume_backend_name is missing: to volume types the backend is called RBD then",
  ],
  [
    "no cloning",
    "cinder",
    "zed",
    "ceph",
    { rbd_pool: "v", rbd_max_clone_depth: "0" },
    "rbd_max_clone_depth switches cloning off",
  ],
  [
    "a replica's user, too early",
    "cinder",
    "stein",
    "ceph",
    { rbd_pool: "v", replication_device: ["backend_id:far,conf:/etc/ceph/far.conf,user:cinder"] },
    "replication_device holds user or secret_uuid, which count since Train alone",
  ],
  [
    "direct URLs of RBD",
    "cinder",
    "zed",
    "DEFAULT",
    { allowed_direct_url_schemes: "file,rbd" },
    "allowed_direct_url_schemes does nothing for rbd",
  ],
  [
    "an old directory",
    "cinder",
    "zed",
    "DEFAULT",
    { volume_tmp_dir: "/x" },
    "volume_tmp_dir is gone since Ocata",
  ],
  [
    "half a striping",
    "cinder",
    "zed",
    "DEFAULT",
    { backup_ceph_stripe_unit: "65536" },
    "backup_ceph_stripe_unit goes with backup_ceph_stripe_count alone",
  ],
  [
    "lost writes",
    "nova",
    "zed",
    "libvirt",
    { disk_cachemodes: "network=unsafe" },
    "disk_cachemodes says unsafe: what guests have flushed is lost with their host",
  ],
  [
    "no cache of the network",
    "nova",
    "zed",
    "libvirt",
    { images_type: "rbd", disk_cachemodes: "file=directsync" },
    "disk_cachemodes says nothing of network, and images_type is rbd",
  ],
  [
    "files injected",
    "nova",
    "zed",
    "libvirt",
    { images_type: "rbd", inject_key: "True", inject_partition: "-1" },
    "inject_key is for disks on the host itself",
  ],
  [
    "discards that end on the way",
    "nova",
    "zed",
    "libvirt",
    { images_type: "rbd", hw_disk_discard: "ignore" },
    "hw_disk_discard is ignore, and images_type is rbd",
  ],
];

export const fatal: readonly Row[] = [
  [
    "a module of backup",
    "cinder",
    "zed",
    "DEFAULT",
    { backup_driver: "cinder.backup.drivers.ceph" },
    "backup_driver names a module, which does not load since Stein",
  ],
  [
    "a reserved store",
    "glance",
    "zed",
    "DEFAULT",
    { enabled_backends: "rbd:rbd, os_glance_x:rbd" },
    "enabled_backends names a store os_glance_",
  ],
  [
    "half a striping, the other said to be none",
    "cinder",
    "zed",
    "DEFAULT",
    { backup_ceph_stripe_unit: "0", backup_ceph_stripe_count: "16" },
    "backup_ceph_stripe_count goes with backup_ceph_stripe_unit alone",
  ],
  [
    "two ways to encrypt a migration",
    "nova",
    "victoria",
    "libvirt",
    { live_migration_tunnelled: "true", live_migration_with_native_tls: "1" },
    "live_migration_tunnelled goes with live_migration_with_native_tls in no release since Stein",
  ],
];
