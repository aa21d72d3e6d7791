/** The end of a pool: deleted, forgotten, or left to whose it is. */
import { whyLeft } from "../ownership/adoption.js";
import { recordOfPool } from "../ownership/cluster-records.js";
import { deletePool } from "./changes.js";
import type { PoolTask } from "./life.js";

/**
 * Deletes the pool where `onDelete` says so, else forgets it. Yields what became of one that stays, in words.
 * @throws Failure `refused` when it has content and no `forceDestroy`
 */
export const removePool = async (task: PoolTask, poolId: number): Promise<string | undefined> => {
  const { ceph, acting, pool: desired } = task;
  const [pools, records] = await Promise.all([ceph.pools(), ceph.recordsNow()]);
  const pool = pools.find(({ id }) => id === poolId);
  const deletes = pool !== undefined && desired.onDelete === "remove";
  const recorded = recordOfPool(records, { id: poolId, name: desired.name });
  const claim = task.claim(pool?.name ?? desired.name);
  const left = whyLeft(acting, { record: recorded?.record, claim, goes: deletes });
  if (left !== undefined) return `is left: ${left}`;
  if (deletes) await deletePool(ceph, pool, desired.forceDestroy === true);
  if (recorded !== undefined) await ceph.removeRecord(recorded.key);
  return pool === undefined || deletes ? undefined : 'and its data are kept (onDelete: "keep")';
};
