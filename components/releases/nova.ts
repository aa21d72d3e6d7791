/**
 * What nova-compute wants in nova.conf.
 * @see https://docs.openstack.org/nova/zed/configuration/config.html#libvirt
 */
import type { ComputeFacts, Sections } from "./release.js";
import type { Series } from "../../providers/formats/openstack/series.js";
import { optionsIn, type Table } from "./table.js";

const libvirt: Table<ComputeFacts> = {
  images_type: { value: () => "rbd" },
  images_rbd_pool: { value: ({ pool }) => pool },
  images_rbd_ceph_conf: { value: ({ conf }) => conf },
  rbd_user: { value: ({ user }) => user },
  rbd_secret_uuid: { value: ({ secretUuid }) => secretUuid },
  // Without it QEMU does not flush, and librbd's cache stays write-through.
  disk_cachemodes: { value: () => "network=writeback" },
};

export const nova = (series: Series, facts: ComputeFacts): Sections => ({
  libvirt: optionsIn(libvirt, series, facts),
});
