/**
 * What Glance wants in glance-api.conf.
 * @see https://docs.openstack.org/glance/zed/configuration/glance_api.html
 * @see https://docs.openstack.org/glance/zed/admin/multistores.html
 */
import type { Compat, Sections, StoreFacts } from "./release.js";
import { orderOf, type Series } from "../../providers/formats/openstack/series.js";
import { optionsIn, type Table } from "./table.js";

const api: Table<readonly StoreFacts[]> = {
  // Nova and Cinder clone only what they can locate. On an endpoint that users reach, see OSSN-0090.
  show_image_direct_url: { value: () => true },
};

/** The form of one store: its options stand in the section of all stores. Before Train there is no other. */
const oneStore: Table<undefined> = {
  stores: { value: () => "rbd" },
  default_store: { value: () => "rbd" },
};

/** The form of several stores, each with a section of its own. Rocky and Stein have it as an experiment. */
const several: Table<readonly StoreFacts[]> = {
  enabled_backends: { since: "train", value: (stores) => stores.map(({ name }) => `${name}:rbd`).join(",") },
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

/** How Glance's stores are written: before Train, and as the classic procedure has it, there is one. */
export const storesForm = (series: Series, compat?: Compat): "one" | "several" =>
  compat === "classic" || orderOf(series) < orderOf("train") ? "one" : "several";

export const glance = (
  series: Series,
  given: readonly StoreFacts[],
  form: "one" | "several" = storesForm(series),
): Sections => {
  const [first] = given;
  const paste_deploy = optionsIn(paste, series, undefined);
  if (form === "one") {
    const own = first === undefined ? {} : optionsIn(store, series, first);
    const glance_store = { ...optionsIn(oneStore, series, undefined), ...own };
    return { DEFAULT: optionsIn(api, series, given), glance_store, paste_deploy };
  }
  return {
    DEFAULT: { ...optionsIn(several, series, given), ...optionsIn(api, series, given) },
    glance_store: optionsIn(stores, series, given),
    ...Object.fromEntries(given.map((one) => [one.name, optionsIn(store, series, one)])),
    paste_deploy,
  };
};
