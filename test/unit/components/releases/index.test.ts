import { describe, expect, test } from "@jest/globals";
import { releaseOf, releaseProblem } from "../../../../components/releases/index";

const zed = releaseOf("zed");
const conf = "/etc/ceph/ceph.conf";
const uuid = "11111111-1111-4111-8111-111111111111";

describe("Zed", () => {
  test("Glance: stores by name, the first is the default", () => {
    const store = (name: string, pool: string) => ({ name, pool, user: "glance", conf });
    expect(zed.glance([store("fast", "ssd"), store("slow", "hdd")])).toEqual({
      DEFAULT: { enabled_backends: "fast:rbd,slow:rbd", show_image_direct_url: true },
      glance_store: { default_backend: "fast" },
      fast: {
        rbd_store_pool: "ssd",
        rbd_store_user: "glance",
        rbd_store_ceph_conf: conf,
        rbd_store_chunk_size: 8,
      },
      slow: {
        rbd_store_pool: "hdd",
        rbd_store_user: "glance",
        rbd_store_ceph_conf: conf,
        rbd_store_chunk_size: 8,
      },
      paste_deploy: { flavor: "keystone" },
    });
  });

  test("Cinder: a section per backend", () => {
    const backend = { name: "ceph", pool: "volumes", user: "cinder", conf, secretUuid: uuid };
    expect(zed.cinder([backend])).toEqual({
      DEFAULT: { enabled_backends: "ceph" },
      ceph: {
        volume_driver: "cinder.volume.drivers.rbd.RBDDriver",
        volume_backend_name: "ceph",
        rbd_pool: "volumes",
        rbd_ceph_conf: conf,
        rbd_flatten_volume_from_snapshot: false,
        rbd_max_clone_depth: 5,
        rbd_store_chunk_size: 4,
        rados_connect_timeout: -1,
        rbd_user: "cinder",
        rbd_secret_uuid: uuid,
      },
    });
  });

  test("cinder-backup: the class path, and no option that cinder-volume has", () => {
    const { DEFAULT = {} } = zed.cinderBackup({ pool: "backups", user: "cinder-backup", conf });
    expect(DEFAULT).toEqual({
      backup_driver: "cinder.backup.drivers.ceph.CephBackupDriver",
      backup_ceph_conf: conf,
      backup_ceph_user: "cinder-backup",
      backup_ceph_pool: "backups",
      backup_ceph_chunk_size: 134217728,
      backup_ceph_stripe_unit: 0,
      backup_ceph_stripe_count: 0,
      restore_discard_excess_bytes: true,
    });
    const volume = Object.keys(zed.cinder([])["DEFAULT"] ?? {});
    expect(Object.keys(DEFAULT).filter((option) => volume.includes(option))).toEqual([]);
  });

  test("Nova: disks in the pool, as cinder's user, by the secret", () => {
    expect(zed.nova({ pool: "vms", user: "cinder", conf, secretUuid: uuid })).toEqual({
      libvirt: {
        images_type: "rbd",
        images_rbd_pool: "vms",
        images_rbd_ceph_conf: conf,
        rbd_user: "cinder",
        rbd_secret_uuid: uuid,
        disk_cachemodes: "network=writeback",
      },
    });
  });
});

describe("before Train", () => {
  test("Glance has one store, in the section of all stores", () => {
    expect(releaseOf("stein").glance([{ name: "rbd", pool: "images", user: "glance", conf }])).toEqual({
      DEFAULT: { show_image_direct_url: true },
      glance_store: {
        stores: "rbd",
        default_store: "rbd",
        rbd_store_pool: "images",
        rbd_store_user: "glance",
        rbd_store_ceph_conf: conf,
        rbd_store_chunk_size: 8,
      },
      paste_deploy: { flavor: "keystone" },
    });
  });
});

test("a release that is none is refused with those there are, the oldest and the newest among them", () => {
  const said = /openstackRelease "zod" is not known; there are queens \(2018\.1\), .*hibiscus \(2026\.2\)/;
  expect(releaseProblem("zod")).toMatch(said);
  expect(() => releaseOf("zod")).toThrow(said);
});

test("a release's number that is no text is told so, since 2025.10 and 2025.1 are one number", () => {
  expect(releaseProblem(2025.1)).toBe('openstackRelease 2025.1 must be text: "2025.1"');
  expect(releaseProblem(7)).toMatch(/openstackRelease 7 is not known; there are/);
});

test.each(["Yoga", "2025.1", "queens"])("%s is served", (name) => {
  expect(releaseProblem(name)).toBeUndefined();
});
