/**
 * What cinder-volume and cinder-backup want in cinder.conf.
 * @see https://docs.openstack.org/cinder/zed/configuration/block-storage/drivers/ceph-rbd-volume-driver.html
 * @see https://docs.openstack.org/cinder/zed/configuration/block-storage/backup/ceph-backup-driver.html
 */
import type { BackendFacts, BackupFacts, Sections } from "./release.js";
import type { Series } from "../../providers/formats/openstack/series.js";
import { optionsIn, type Table } from "./table.js";

const volume: Table<readonly BackendFacts[]> = {
  enabled_backends: { value: (backends) => backends.map(({ name }) => name).join(",") },
};

const backend: Table<BackendFacts> = {
  volume_driver: { value: () => "cinder.volume.drivers.rbd.RBDDriver" },
  volume_backend_name: { value: ({ name }) => name },
  rbd_pool: { value: ({ pool }) => pool },
  rbd_ceph_conf: { value: ({ conf }) => conf },
  // Cinder and os-brick look for the keyring of a cluster of that name, and each takes it for "ceph" else.
  rbd_cluster_name: {
    value: ({ clusterName = "ceph" }) => (clusterName === "ceph" ? undefined : clusterName),
  },
  rbd_flatten_volume_from_snapshot: { value: () => false },
  rbd_max_clone_depth: { value: () => 5 },
  // MiB
  rbd_store_chunk_size: { value: () => 4 },
  // Seconds; -1 leaves it to ceph.conf.
  rados_connect_timeout: { value: () => -1 },
  rbd_user: { value: ({ user }) => user },
  // Its default is the fsid from 21.2.0 and 22.0.0 on; before, it was none. Said explicitly it is one rule for all.
  rbd_secret_uuid: { value: ({ secretUuid }) => secretUuid },
};

const backup: Table<BackupFacts> = {
  // The class: the module's path, as older pages have it, does not load since Stein.
  backup_driver: { value: () => "cinder.backup.drivers.ceph.CephBackupDriver" },
  backup_ceph_conf: { value: ({ conf }) => conf },
  backup_ceph_user: { value: ({ user }) => user },
  backup_ceph_pool: { value: ({ pool }) => pool },
  // Bytes
  backup_ceph_chunk_size: { value: () => 134_217_728 },
  backup_ceph_stripe_unit: { value: () => 0 },
  backup_ceph_stripe_count: { value: () => 0 },
  restore_discard_excess_bytes: { value: () => true },
};

export const cinder = (series: Series, backends: readonly BackendFacts[]): Sections => ({
  DEFAULT: optionsIn(volume, series, backends),
  ...Object.fromEntries(backends.map((one) => [one.name, optionsIn(backend, series, one)])),
});

export const cinderBackup = (series: Series, facts: BackupFacts): Sections => ({
  DEFAULT: optionsIn(backup, series, facts),
});
