/** The end of a pool: deleted, forgotten, or left to whose it is. */
import { whyLeft } from "../ownership/adoption.js";
import type { PoolDetail } from "../clients/ceph/pool-detail.js";
import { recordOfPool, type PoolRecord } from "../ownership/cluster-records.js";
import { deletePool } from "./changes.js";
import type { PoolTask } from "./life.js";
import { removeOwnRule } from "./own-rule.js";

/** Deletes the pool, and what was made with it, also where the pool is gone already: a delete was cut between the two. */
const takeAway = async (
  task: PoolTask,
  pool: PoolDetail | undefined,
  record: PoolRecord | undefined,
): Promise<string | undefined> => {
  if (pool !== undefined) await deletePool(task.ceph, pool, task.pool.forceDestroy === true);
  const ruleStays = record === undefined ? undefined : await removeOwnRule(task, record);
  return ruleStays === undefined ? undefined : `is deleted; ${ruleStays}`;
};

/** No pool has the number -1. */
const identityOf = ({ poolId = -1, pool: { name } }: PoolTask) => ({ id: poolId, name });

/**
 * Deletes the pool where `onDelete` says so, else forgets it. Yields what stays, in words.
 * @throws Failure `refused` when it has content and no `forceDestroy`
 */
export const removePool = async (task: PoolTask): Promise<string | undefined> => {
  const { ceph, acting, pool: desired } = task;
  const known = identityOf(task);
  const [pools, records] = await Promise.all([ceph.pools(), ceph.recordsNow()]);
  const pool = pools.find(({ id }) => id === known.id);
  const deletes = desired.onDelete === "remove";
  const recorded = recordOfPool(records, known);
  const claim = task.claim(pool?.name ?? desired.name);
  const left = whyLeft(acting, { record: recorded?.record, claim, goes: pool !== undefined && deletes });
  if (left !== undefined) return `is left: ${left}`;
  const kept = pool === undefined ? undefined : 'and its data are kept (onDelete: "keep")';
  const stays = deletes ? await takeAway(task, pool, recorded?.record) : kept;
  if (recorded !== undefined) await ceph.removeRecord(recorded.key);
  return stays;
};
