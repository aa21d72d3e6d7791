/** What the options of one file say together. */
import { Output } from "@pulumi/pulumi";
import { describe, expect, test } from "@jest/globals";
import { adviceOn } from "../../../../components/plan/advice";
import type { Sections } from "../../../../components/releases/index";
import type { Project } from "../../../../providers/formats/openstack/index";

const stores = { DEFAULT: { enabled_backends: "rbd:rbd" }, rbd: { rbd_store_pool: "images" } };
const backends = { DEFAULT: { enabled_backends: "ceph" }, ceph: { rbd_pool: "volumes" } };

type Row = readonly [what: string, Project, Sections, said: string];

describe("a warning about", () => {
  test.each<Row>([
    [
      "a backend that is not enabled",
      "cinder",
      { ...backends, lvm: { volume_driver: "x.LVMVolumeDriver" } },
      "[lvm] is read by nobody: enabled_backends names ceph",
    ],
    [
      "a store that is not enabled",
      "glance",
      { ...stores, disk: { filesystem_store_datadir: "/x" } },
      "[disk] is read by nobody: enabled_backends names rbd",
    ],
    [
      "both forms of stores",
      "glance",
      { ...stores, glance_store: { stores: "rbd" } },
      "[glance_store] stores is of the time before enabled_backends",
    ],
    [
      "an image cache",
      "glance",
      { ...stores, paste_deploy: { flavor: "keystone+cachemanagement" } },
      "[paste_deploy] flavor keystone+cachemanagement keeps copies",
    ],
    [
      "active-active with one active host",
      "cinder",
      { DEFAULT: { enabled_backends: "ceph", cluster: "c" }, ceph: { rbd_pool: "v", backend_host: "rbd:v" } },
      "[ceph] backend_host makes one active host of many",
    ],
    [
      "images that are not raw",
      "nova",
      { DEFAULT: { force_raw_images: false }, libvirt: { images_type: "rbd" } },
      "[DEFAULT] force_raw_images false keeps nova-compute from starting",
    ],
  ])("%s", (_, project, sections, said) => {
    expect(adviceOn(project, sections)).toEqual([expect.stringContaining(said)]);
  });
});

test.each<[Project, Sections]>([
  ["glance", stores],
  [
    "glance",
    {
      ...stores,
      glance_store: { default_backend: "rbd" },
      os_glance_staging_store: { filesystem_store_datadir: "/x" },
    },
  ],
  ["cinder", backends],
  ["cinder", { ...backends, DEFAULT: { enabled_backends: ["ceph", "lvm"] }, lvm: { volume_driver: "x" } }],
  [
    "cinder",
    { ...backends, DEFAULT: { enabled_backends: Output.create("lvm,ceph") }, lvm: { volume_driver: "x" } },
  ],
  ["cinder", { ...backends, coordination: { backend_url: "etcd3+http://c:2379" } }],
  ["nova", { DEFAULT: { force_raw_images: false }, libvirt: { images_type: "qcow2" } }],
])("nothing is said of what is right: %s %j", (project, sections) => {
  expect(adviceOn(project, sections)).toEqual([]);
});

test.each(["[lvm]", "force_raw_images", "DEFAULT/force_raw_images"])("%s is silenced by name", (name) => {
  const project = name === "[lvm]" ? "cinder" : "nova";
  const sections: Sections =
    project === "cinder"
      ? { ...backends, lvm: { volume_driver: "x" } }
      : { DEFAULT: { force_raw_images: "False" }, libvirt: { images_type: "rbd" } };
  expect(adviceOn(project, sections)).toHaveLength(1);
  expect(adviceOn(project, sections, [name])).toEqual([]);
});
