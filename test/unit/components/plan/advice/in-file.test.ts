/** What the options of one file say together. */
import { Output } from "@pulumi/pulumi";
import { describe, expect, test } from "@jest/globals";
import { adviceInFile } from "../../../../../components/plan/advice/in-file";
import type { Sections } from "../../../../../components/releases/index";
import { isSilenced, spoken } from "../../../../../providers/formats/openstack/finding";
import type { Project } from "../../../../../providers/formats/openstack/index";
import type { Series } from "../../../../../providers/formats/openstack/series";

const found = (project: Project, sections: Sections, series: Series = "zed") =>
  adviceInFile({ project, series }, sections);

const adviceOn = (project: Project, sections: Sections, silence: readonly string[] = []): string[] =>
  found(project, sections)
    .filter((one) => !isSilenced(silence, one.section, one))
    .map((one) => spoken(one.section, one));

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
      "[DEFAULT] force_raw_images is false, and with images_type rbd nova-compute does not start so since Train",
    ],
    [
      "images that are downloaded beside being cloned",
      "nova",
      { glance: { enable_rbd_download: true }, libvirt: { images_type: "rbd" } },
      "[glance] enable_rbd_download is for disks on the host itself",
    ],
    [
      "a default store that there is none of",
      "glance",
      { ...stores, glance_store: { default_backend: "ceph" } },
      "[glance_store] default_backend ceph is none of enabled_backends, rbd",
    ],
    [
      "the staging area of one store, beside several",
      "glance",
      { ...stores, DEFAULT: { ...stores.DEFAULT, node_staging_uri: "file:///x" } },
      "[DEFAULT] node_staging_uri is passed over beside enabled_backends",
    ],
    [
      "images that are never cloned",
      "glance",
      { ...stores, image_conversion: { output_format: "qcow2" } },
      "[image_conversion] output_format qcow2 makes images that are never cloned",
    ],
    [
      "defaults of stores that Zed does not read",
      "glance",
      { ...stores, backend_defaults: { rbd_store_chunk_size: 8 } },
      "[backend_defaults] is read by nobody",
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

test.each<readonly [Project, Series, Sections, boolean]>([
  ["nova", "stein", { DEFAULT: { force_raw_images: false }, libvirt: { images_type: "rbd" } }, false],
  ["nova", "train", { DEFAULT: { force_raw_images: false }, libvirt: { images_type: "rbd" } }, true],
  ["glance", "train", { ...stores, glance_store: { default_backend: "x" } }, true],
  ["cinder", "queens", { DEFAULT: { enabled_backends: "ceph", cluster: "c" } }, true],
])("what cannot work is told from what is doubtful: %s of %s, %j", (project, series, sections, fatal) => {
  expect(found(project, sections, series).map((one) => one.fatal === true)).toEqual([fatal]);
});

test.each<readonly [Project, Series, Sections]>([
  ["cinder", "rocky", { DEFAULT: { enabled_backends: "ceph", cluster: "c" } }],
  ["glance", "flamingo", { ...stores, backend_defaults: { rbd_store_chunk_size: 8 } }],
  ["cinder", "queens", { ...backends, backend_defaults: { rbd_max_clone_depth: 5 } }],
])("nothing is said where the release has it: %s of %s %j", (project, series, sections) => {
  expect(found(project, sections, series)).toEqual([]);
});
