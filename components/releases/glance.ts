/**
 * What Glance wants in glance-api.conf.
 * @see https://docs.openstack.org/glance/zed/configuration/glance_api.html
 * @see https://docs.openstack.org/glance/zed/admin/multistores.html
 */
import type { Sections, StoreFacts } from "./release.js";
import { orderOf, type Series } from "../../providers/formats/openstack/series.js";
import { optionsIn, type Table } from "./table.js";

const api: Table<readonly StoreFacts[]> = {
  // Rocky has it as an experiment.
  enabled_backends: { since: "train", value: (stores) => stores.map(({ name }) => `${name}:rbd`).join(",") },
  // Nova and Cinder clone only what they can locate. On an endpoint that users reach, see OSSN-0090.
  show_image_direct_url: { value: () => true },
};

/** Before Train there is one store, and its options stand in the section of all stores. */
const oneStore: Table<undefined> = {
  stores: { until: "stein", value: () => "rbd" },
  default_store: { until: "stein", value: () => "rbd" },
};

const stores: Table<readonly StoreFacts[]> = {
  // With enabled_backends the API does not start without it.
  default_backend: { since: "train", value: ([first]) => first?.name ?? "" },
};

const store: Table<StoreFacts> = {
  rbd_store_pool: { value: ({ pool }) => pool },
  rbd_store_user: { value: ({ user }) => user },
  rbd_store_ceph_conf: { value: ({ conf }) => conf },
  // MiB
  rbd_store_chunk_size: { value: () => 8 },
};

const paste: Table<undefined> = {
  // keystone+cachemanagement would keep copies of raw images on the controller's own disk.
  flavor: { value: () => "keystone" },
};

export const glance = (series: Series, given: readonly StoreFacts[]): Sections => {
  const [first] = given;
  const isOne = orderOf(series) < orderOf("train");
  const own = isOne && first !== undefined ? optionsIn(store, series, first) : {};
  return {
    DEFAULT: optionsIn(api, series, given),
    glance_store: { ...optionsIn(oneStore, series, undefined), ...optionsIn(stores, series, given), ...own },
    ...(isOne ? {} : Object.fromEntries(given.map((one) => [one.name, optionsIn(store, series, one)]))),
    paste_deploy: optionsIn(paste, series, undefined),
  };
};
