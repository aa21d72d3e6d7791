/**
 * Stretch mode: two datacenters and a tiebreaker, as many copies of everything in each.
 * @see https://docs.ceph.com/en/latest/rados/operations/stretch-mode/
 */
import { parseJson } from "./door.js";
import { mon, must, type Ask } from "./orders.js";
import { fieldsOf } from "./pool-detail.js";

export interface Stretch {
  /** Copies that each pool of a cluster in stretch mode has; undefined where it is in no such mode. */
  stretchSize(): Promise<number | undefined>;
}

export const stretchOf = (ask: Ask): Stretch => ({
  async stretchSize() {
    const dump = fieldsOf(parseJson(await must(ask, mon({ prefix: "osd dump", format: "json" }))));
    if (fieldsOf(dump["stretch_mode"])["stretch_mode_enabled"] !== true) return undefined;
    return Number(await must(ask, mon({ prefix: "config get", who: "mon", key: "mon_stretch_pool_size" })));
  },
});
