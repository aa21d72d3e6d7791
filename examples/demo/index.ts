/** Pools, users, keyrings and options for Glance, Cinder, cinder-backup and Nova on a controller, a volume host and two compute hosts. */
import * as pulumi from "@pulumi/pulumi";
import { CephAuthEntity, CephKeyringFile, CephPool, ConfigSection } from "pulumi-ceph-openstack";

const config = new pulumi.Config();
const cluster = { fsid: config.require("fsid"), admin: config.require("admin") };
const conf = "/etc/ceph/ceph.conf";
// One libvirt secret serves all compute hosts; its uuid stands in the domains and never changes.
const rbdSecretUuid = "3c1a8f5e-6d0b-4f37-9d1c-0a5b8f6e2d41";

const pool = (name: string) => new CephPool(name, { cluster, size: 2, minSize: 1, pgNum: { initial: 8 } });
const images = pool("images");
const volumes = pool("volumes");
const backups = pool("backups");
const vms = pool("vms");

const rbd = ({ name }: CephPool) => pulumi.interpolate`profile rbd pool=${name}`;
const readOnly = ({ name }: CephPool) => pulumi.interpolate`profile rbd-read-only pool=${name}`;
const user = (name: string, caps: Record<"osd" | "mgr", pulumi.Input<string>[]>) =>
  new CephAuthEntity(name, { cluster, entity: `client.${name}`, caps: { mon: "profile rbd", ...caps } });
const glance = user("glance", { osd: [rbd(images)], mgr: [rbd(images)] });
const cinder = user("cinder", {
  osd: [rbd(volumes), rbd(vms), readOnly(images)],
  mgr: [rbd(volumes), rbd(vms)],
});
const backup = user("cinder-backup", { osd: [rbd(backups), readOnly(volumes)], mgr: [rbd(backups)] });

interface KeyringPlace {
  host: string;
  owner: string;
}
const keyring = (name: string, { entity, keyGeneration }: CephAuthEntity, place: KeyringPlace) =>
  new CephKeyringFile(name, { cluster, entity, keyGeneration, ...place });
keyring("ctl1-glance", glance, { host: "ctl1", owner: "glance" });
keyring("vol1-cinder", cinder, { host: "vol1", owner: "cinder" });
keyring("vol1-cinder-backup", backup, { host: "vol1", owner: "cinder" });

type Options = Record<string, pulumi.Input<string | number | boolean>>;
const sectionsOf = (host: string, path: string) => (section: string, options: Options) =>
  new ConfigSection(`${host}-${section}`, { host, path, section, options });

const glanceApi = sectionsOf("ctl1", "/etc/glance/glance-api.conf");
glanceApi("DEFAULT", { enabled_backends: "rbd:rbd", show_image_direct_url: true });
glanceApi("glance_store", { default_backend: "rbd" });
glanceApi("rbd", {
  rbd_store_pool: images.name,
  rbd_store_user: "glance",
  rbd_store_ceph_conf: conf,
  rbd_store_chunk_size: 8,
});
glanceApi("paste_deploy", { flavor: "keystone" });

const cinderConf = sectionsOf("vol1", "/etc/cinder/cinder.conf");
cinderConf("DEFAULT", {
  enabled_backends: "ceph",
  backup_driver: "cinder.backup.drivers.ceph.CephBackupDriver",
  backup_ceph_conf: conf,
  backup_ceph_user: "cinder-backup",
  backup_ceph_pool: backups.name,
  backup_ceph_chunk_size: 134217728,
  backup_ceph_stripe_unit: 0,
  backup_ceph_stripe_count: 0,
  restore_discard_excess_bytes: true,
});
cinderConf("ceph", {
  volume_driver: "cinder.volume.drivers.rbd.RBDDriver",
  volume_backend_name: "ceph",
  rbd_pool: volumes.name,
  rbd_ceph_conf: conf,
  rbd_flatten_volume_from_snapshot: false,
  rbd_max_clone_depth: 5,
  rbd_store_chunk_size: 4,
  rados_connect_timeout: -1,
  rbd_user: "cinder",
  rbd_secret_uuid: rbdSecretUuid,
});

for (const host of ["cmp1", "cmp2"]) {
  keyring(`${host}-cinder`, cinder, { host, owner: "nova" });
  sectionsOf(host, "/etc/nova/nova.conf")("libvirt", {
    images_type: "rbd",
    images_rbd_pool: vms.name,
    images_rbd_ceph_conf: conf,
    rbd_user: "cinder",
    rbd_secret_uuid: rbdSecretUuid,
    disk_cachemodes: "network=writeback",
  });
}
