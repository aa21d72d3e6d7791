/**
 * Pools that are stretched over two datacenters. While one of them is missing, their min_size is Ceph's: it halves it, and puts it back when both are there.
 * @see https://docs.ceph.com/en/latest/rados/operations/stretch-mode/
 */
import type { PoolDetail } from "../clients/ceph/pool-detail.js";
import type { Stretch } from "../clients/ceph/stretch.js";
import { Failure } from "../remote/failure.js";
import type { PoolSettings } from "./settings.js";

/** Whether copies must lie in several places of a kind before anything is served; a pool of Ceph 14 says nothing of it. */
const isStretched = ({ other }: PoolDetail): boolean =>
  Number(other["peering_crush_bucket_barrier"] ?? 0) > 0;

/** A datacenter is missing, or has not caught up yet: placement groups serve with what one has. */
export const isDegraded = (pool: PoolDetail): boolean =>
  isStretched(pool) && pool.other["peering_crush_bucket_count"] === 1;

/** A pool as it is compared: while a datacenter is missing, no min_size differs from what a program says. */
export const comparable = ({ minSize }: PoolSettings, pool: PoolDetail): PoolDetail =>
  isDegraded(pool) && minSize !== undefined ? { ...pool, minSize } : pool;

/** A sentence where a min_size is left to Ceph. */
export const leftToCeph = ({ minSize }: PoolSettings, pool: PoolDetail): string | undefined =>
  isDegraded(pool) && minSize !== undefined && minSize !== pool.minSize
    ? `a datacenter of the cluster's stretch mode is missing: min_size stays ${pool.minSize}, as Ceph has set it; when both are there Ceph sets its own again, and an \`up --refresh\` makes it ${minSize} where that is another`
    : undefined;

/** Ceph makes no pool of another size, and lets one be set: with it, all copies may lie in one datacenter. @throws Failure `refused` */
export const refuseOtherSize = async (
  ceph: Stretch,
  { size }: PoolSettings,
  { pool, changed }: { readonly pool: PoolDetail; readonly changed: readonly string[] },
): Promise<void> => {
  if (size === undefined || !changed.includes("size") || !isStretched(pool)) return;
  const one = await ceph.stretchSize();
  if (one === undefined || one === size) return;
  throw new Failure({
    code: "refused",
    what: `the cluster is in stretch mode: its pools have size ${one} (mon_stretch_pool_size), half of it in each datacenter; the program says ${size}, and ${pool.name} has ${pool.size}`,
    cure: `Give size: ${one}, or leave it out.`,
  });
};
