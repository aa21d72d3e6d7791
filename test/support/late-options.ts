/** Options that were there all along, and of which a default, a choice or a secret changed in a point release. The facts: the first release of each series. */
import type { Project } from "../../providers/formats/openstack/index.js";
import type { Series } from "../../providers/formats/openstack/series.js";

export type Standing = readonly [Project, Series, section: string, option: string, value: string];

export const standing: readonly Standing[] = [
  ["cinder", "antelope", "coordination", "backend_url", "etcd3+http://e:2379"],
  ["cinder", "bobcat", "coordination", "backend_url", "etcd3+http://e:2379"],
  ["cinder", "train", "DEFAULT", "default_volume_type", "ceph"],
  ["cinder", "ussuri", "DEFAULT", "default_volume_type", "ceph"],
  ["cinder", "victoria", "DEFAULT", "host", "vol1"],
  ["cinder", "wallaby", "DEFAULT", "host", "vol1"],
  ["cinder", "train", "DEFAULT", "glance_num_retries", "3"],
  ["cinder", "ussuri", "DEFAULT", "glance_num_retries", "3"],
  ["cinder", "victoria", "ceph", "rbd_exclusive_cinder_pool", "true"],
  ["cinder", "queens", "key_manager", "fixed_key", "00"],
  ["cinder", "rocky", "key_manager", "fixed_key", "00"],
  ["cinder", "train", "pure", "pure_host_personality", "esxi"],
  ["nova", "train", "glance", "num_retries", "3"],
  ["nova", "ussuri", "glance", "num_retries", "3"],
  ["nova", "queens", "key_manager", "fixed_key", "00"],
  ["nova", "rocky", "key_manager", "fixed_key", "00"],
  ["nova", "rocky", "libvirt", "num_nvme_discover_tries", "5"],
  ["glance", "yoga", "DEFAULT", "pipe_handle", "3"],
];
