/**
 * Zed (2022.2), as Debian 12 has it.
 * @see https://docs.openstack.org/glance/zed/configuration/glance_api.html
 * @see https://docs.openstack.org/cinder/zed/configuration/block-storage/drivers/ceph-rbd-volume-driver.html
 * @see https://docs.openstack.org/nova/zed/configuration/config.html#libvirt
 */
import type { BackendFacts, BackupFacts, ComputeFacts, Release, Sections, StoreFacts } from "./release.js";

const store = ({ pool, user, conf }: StoreFacts) => ({
  rbd_store_pool: pool,
  rbd_store_user: user,
  rbd_store_ceph_conf: conf,
  rbd_store_chunk_size: 8,
});

const glance = (stores: readonly StoreFacts[]): Sections => ({
  DEFAULT: {
    enabled_backends: stores.map(({ name }) => `${name}:rbd`).join(","),
    // Nova and Cinder clone only what they can locate. On an endpoint that users reach, see OSSN-0090.
    show_image_direct_url: true,
  },
  // With enabled_backends the API does not start without it.
  glance_store: { default_backend: stores[0]?.name ?? "" },
  ...Object.fromEntries(stores.map((one) => [one.name, store(one)])),
  paste_deploy: { flavor: "keystone" },
});

const backend = ({ name, pool, user, conf, secretUuid }: BackendFacts) => ({
  volume_driver: "cinder.volume.drivers.rbd.RBDDriver",
  volume_backend_name: name,
  rbd_pool: pool,
  rbd_ceph_conf: conf,
  rbd_flatten_volume_from_snapshot: false,
  rbd_max_clone_depth: 5,
  rbd_store_chunk_size: 4,
  rados_connect_timeout: -1,
  rbd_user: user,
  rbd_secret_uuid: secretUuid,
});

const cinder = (backends: readonly BackendFacts[]): Sections => ({
  DEFAULT: { enabled_backends: backends.map(({ name }) => name).join(",") },
  ...Object.fromEntries(backends.map((one) => [one.name, backend(one)])),
});

const cinderBackup = ({ pool, user, conf }: BackupFacts): Sections => ({
  DEFAULT: {
    backup_driver: "cinder.backup.drivers.ceph.CephBackupDriver",
    backup_ceph_conf: conf,
    backup_ceph_user: user,
    backup_ceph_pool: pool,
    backup_ceph_chunk_size: 134_217_728,
    backup_ceph_stripe_unit: 0,
    backup_ceph_stripe_count: 0,
    restore_discard_excess_bytes: true,
  },
});

const nova = ({ pool, user, conf, secretUuid }: ComputeFacts): Sections => ({
  libvirt: {
    images_type: "rbd",
    images_rbd_pool: pool,
    images_rbd_ceph_conf: conf,
    rbd_user: user,
    rbd_secret_uuid: secretUuid,
    // Without it QEMU does not flush, and librbd's cache stays write-through.
    disk_cachemodes: "network=writeback",
  },
});

export const zed: Release = { name: "zed", version: "2022.2", glance, cinder, cinderBackup, nova };
