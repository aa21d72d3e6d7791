/** What a section gets wrong for the release that reads it. The facts: the projects' own releases. */
import { describe, expect, test } from "@jest/globals";
import { lintSection } from "../../../../../providers/formats/openstack/lint";
import type { Project } from "../../../../../providers/formats/openstack/index";
import { findings } from "../../../../support/lint-findings";
import { rows, type Given } from "../../../../support/lint-rows";
import { doubtful, fatal } from "../../../../support/lint-rows-rbd";
import type { Series } from "../../../../../providers/formats/openstack/series";

/** Each finding as "option text". */
const said = (...given: Parameters<typeof findings>): string[] =>
  findings(...given).map(({ option, text }) => `${option} ${text}`);

describe("a warning about what is", () => {
  test.each([...rows, ...doubtful])(
    "%s: %s, %s [%s] %j",
    (_, project, series, section, options, expected) => {
      const all = said(project, series, section, options);
      expect(all).toHaveLength(1);
      expect(all[0]).toContain(expected);
    },
  );
});

test.each(fatal)("what cannot work is told from what is doubtful: %s, %s, %s [%s] %j", (...row) => {
  const [, project, series, section, options, expected] = row;
  const all = findings(project, series, section, options);
  expect(all).toEqual([expect.objectContaining({ fatal: true })]);
  expect(said(project, series, section, options)).toEqual([expect.stringContaining(expected)]);
});

test.each(doubtful)(
  "and is allowed where it is doubtful alone: %s",
  (_, project, series, section, options) => {
    expect(findings(project, series, section, options).some((one) => one.fatal === true)).toBe(false);
  },
);

describe("nothing is said of what is right", () => {
  test.each<readonly [Project, Series, string, Given]>([
    [
      "nova",
      "zed",
      "libvirt",
      { images_type: "rbd", "images-rbd-pool": "vms", disk_cachemodes: "network=writeback" },
    ],
    ["nova", "zed", "mdev_nvidia-35", { device_addresses: "0000:84:00.0" }],
    ["nova", "zed", "oslo_messaging_rabbit", { rabbit_ha_queues: "true", heartbeat_in_pthread: "true" }],
    [
      "nova",
      "zed",
      "keystone_authtoken",
      { auth_type: "password", www_authenticate_uri: "http://k:5000", username: "nova" },
    ],
    ["nova", "yoga", "pci", { passthrough_whitelist: '{"address":"0000:41:00.0","physical_network":"a,b"}' }],
    [
      "cinder",
      "zed",
      "DEFAULT",
      { transport_url: "rabbit://a:b@c:5672/", my_ip: "$host", debug: "True", enabled_backends: "ceph,lvm" },
    ],
    ["cinder", "zed", "backend_defaults", { rbd_max_clone_depth: "5" }],
    ["nova", "zed", "Libvirt", { images_type: "rbd" }],
    ["nova", "rocky", "DEFAULT", { rabbit_host: "controller", rabbit_userid: "nova", rabbit_port: "5672" }],
    ["cinder", "zed", "ceph", { rbd_secret_uuid: "457eb67633da42ec9a8c9293d545c337", rbd_user: "clients" }],
    ["nova", "zed", "libvirt", { rbd_secret_uuid: "$rbd_user", images_type: "default" }],
    ["nova", "zed", "libvirt", { disk_cachemodes: "file=default, network=writeback,block=none" }],
    ["cinder", "zed", "iscsi", { volume_driver: "cinder.volume.drivers.ceph.rbd_iscsi.RBDISCSIDriver" }],
    ["glance", "zed", "fast", { store_description: "Pool #1, SSD", rbd_store_pool: "images" }],
    [
      "cinder",
      "zed",
      "ceph",
      { volume_driver: "cinder.volume.drivers.rbd.RBDDriver", volume_backend_name: "a" },
    ],
    [
      "cinder",
      "zed",
      "ceph",
      { rbd_cluster_name: "far", rbd_ceph_conf: "/etc/ceph/far.conf", rbd_user: "x" },
    ],
    ["cinder", "zed", "ceph", { rbd_pool: "v", replication_device: ["backend_id:far,user:cinder"] }],
    ["cinder", "zed", "DEFAULT", { backup_ceph_stripe_unit: "4096", backup_ceph_stripe_count: "4" }],
    ["cinder", "zed", "DEFAULT", { backup_ceph_stripe_unit: "0", backup_ceph_stripe_count: "0" }],
    ["cinder", "zed", "DEFAULT", { allowed_direct_url_schemes: "file,cinder" }],
    ["nova", "zed", "libvirt", { images_type: "qcow2", inject_key: "true", disk_cachemodes: "file=none" }],
    ["nova", "zed", "libvirt", { images_type: "rbd", inject_key: "false", inject_partition: "-2" }],
    ["nova", "zed", "libvirt", { live_migration_with_native_tls: "true", live_migration_scheme: "tls" }],
    [
      "cinder",
      "zed",
      "lvm",
      {
        volume_driver: "cinder.volume.drivers.lvm.LVMVolumeDriver",
        volume_group: "vg",
        target_helper: "lioadm",
        lvm_type: "auto",
      },
    ],
    ["cinder", "flamingo", "glance", { auth_type: "password", auth_url: "http://k:5000" }],
    ["glance", "queens", "glance_store", { stores: "rbd", default_store: "rbd", rbd_store_pool: "images" }],
    ["glance", "zed", "file", { filesystem_store_datadir: "/var/lib/glance/images" }],
    [
      "glance",
      "zed",
      "DEFAULT",
      { enabled_backends: "a:rbd,b:file", enabled_import_methods: "[glance-direct,web-download]" },
    ],
    ["glance", "zed", "os_glance_staging_store", { filesystem_store_datadir: "/var/lib/glance/staging" }],
    ["nova", "zed", "DEFAULT", { lock_path: "/run/lock/nova", logdir: "/var/log/nova" }],
    ["cinder", "zed", "DEFAULT", { notification_driver: "messagingv2", policy_file: "policy.yaml" }],
    ["cinder", "zed", "key_manager", { api_class: "castellan.key_manager.barbican_key_manager.X" }],
    ["nova", "train", "database", { connection: "mysql+pymysql://n:p@db/nova", max_overflow: "50" }],
    ["nova", "zed", "nova_sys_admin", { helper_command: "sudo nova-rootwrap" }],
    ["nova", "zed", "vif_plug_ovs_privileged", { helper_command: "sudo nova-rootwrap" }],
    ["nova", "zed", "os_vif_ovs", { isolate_vif: "True" }],
    ["cinder", "zed", "privsep_osbrick", { helper_command: "sudo cinder-rootwrap" }],
  ])("%s, %s [%s] %j", (project, series, section, options) => {
    expect(said(project, series, section, options)).toEqual([]);
  });
});

test("a value that is not known, or a secret, is not judged, and its name is", () => {
  const given = [
    { name: "images_type", value: undefined },
    { name: "imges_type", value: undefined },
  ];
  expect(
    lintSection({ project: "nova", series: "zed" }, "libvirt", given).map(({ option }) => option),
  ).toEqual(["imges_type"]);
});

test.each<readonly [Project, Series, string, string, string]>([
  ["glance", "epoxy", "fast", "description", "did you mean store_description?"],
  ["nova", "epoxy", "libvirt", "libvirt_images_type", "did you mean images_type?"],
  ["nova", "stein", "DEFAULT", "rabbit_host", "is gone since Stein: transport_url in [DEFAULT]"],
  ["nova", "epoxy", "oslo_messaging_rabbit", "rabbit_password", "is gone since Stein: transport_url"],
  ["nova", "epoxy", "LIBVIRT", "imges_type", "did you mean images_type?"],
])("what stands in a file is told with what stands there today: %s of %s, [%s] %s", (...row) => {
  const [project, series, section, option, expected] = row;
  const beside = section === "fast" ? { rbd_store_pool: "images" } : {};
  const all = said(project, series, section, { ...beside, [option]: "x" });
  expect(all).toEqual([expect.stringContaining(expected)]);
});

test.each(["constructor", "toString", "__proto__"])("an option or section may be called %s", (name) => {
  const odd: Given = Object.fromEntries([[name, "x"]]);
  for (const project of ["glance", "cinder", "nova"] as const) {
    expect(said(project, "zed", "DEFAULT", odd)).toEqual([expect.stringMatching(/is no option/)]);
    for (const section of ["keystone_authtoken", "backend_defaults", name])
      expect(() => said(project, "zed", section, odd)).not.toThrow();
  }
});

test.each<readonly [Series, string]>([
  ["queens", "iscsi_helper is an old name that still counts: it is target_helper now"],
  ["zed", "iscsi_helper is an old name that counts no more: it is target_helper now"],
])("an old name is told with the new one, whether %s still takes it or not", (series, expected) => {
  const volume_driver = "cinder.volume.drivers.lvm.LVMVolumeDriver";
  expect(said("cinder", series, "lvm", { volume_driver, iscsi_helper: "lioadm" })).toEqual([expected]);
});
