/**
 * The CRUSH rule that Ceph makes by the way with an erasure-coded pool for which none is named. It is no resource of the program, so it goes with
 * the pool where nobody else has it.
 */
import { removeUnusedRule } from "../clients/ceph/unused-rule.js";
import { whyLeft } from "../ownership/adoption.js";
import { poolRecords, ruleClaim, ruleRecordKey, type PoolRecord } from "../ownership/cluster-records.js";
import { parseRecord } from "../ownership/record.js";
import type { PoolTask } from "./life.js";

/** The same from Ceph 14 on: `osd pool create` in https://github.com/ceph/ceph/blob/v16.2.15/src/mon/OSDMonitor.cc */
const impliedRule = ({ pool }: PoolTask): string | undefined => {
  const { name, type, crushRule, erasureCodeProfile = "default" } = pool;
  if (type !== "erasure" || crushRule !== undefined) return undefined;
  return erasureCodeProfile === "default" ? "erasure-code" : name;
};

/** What the record of a pool that is about to be made says of its rule: nothing where that was there before. */
export const ruleInRecord = async (task: PoolTask): Promise<Pick<PoolRecord, "rule">> => {
  const rule = impliedRule(task);
  if (rule === undefined) return {};
  const [rules, records] = await Promise.all([task.ceph.rules(), task.ceph.records()]);
  const isThere = [...rules.values()].includes(rule);
  // Pools of ours share the rule of the default profile: the last one takes it along. And one that was cut leaves it behind, with its record.
  const isOurs = poolRecords(records).some(({ record }) => record.rule === rule);
  return isThere && !isOurs ? {} : { rule };
};

/** Takes the rule away that was made with the pool of this record, which is gone. Yields why one stays, in words. */
export const removeOwnRule = async (
  { ceph, acting }: PoolTask,
  { rule }: PoolRecord,
): Promise<string | undefined> => {
  if (rule === undefined) return undefined;
  const text = (await ceph.recordsNow()).get(ruleRecordKey(rule));
  const record = text === undefined ? undefined : parseRecord(text);
  // Of a rule that a program has taken over without a change there is no record: what a check of this run claims is seen all the same.
  const left = whyLeft(acting, { record, claim: ruleClaim(rule, ceph.fsid), goes: false });
  const why = left ?? (await removeUnusedRule(ceph, rule));
  return why === undefined ? undefined : `its CRUSH rule ${rule} stays: ${why}`;
};
