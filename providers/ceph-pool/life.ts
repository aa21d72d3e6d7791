/** The life of a pool in its cluster: found, made, taken over, renamed, set, removed; its record is written before and after. */
import type { Adopt, OnDelete } from "../kernel/common.js";
import { same, type Props } from "../kernel/json.js";
import { Failure, isFailure } from "../remote/failure.js";
import { admit, differencesOf, type ActingOwner } from "../ownership/adoption.js";
import {
  applicationsOf,
  closeGap,
  creation,
  lookCloser,
  refuseImpossible,
  refuseOfAnother,
  refuseUnknownProfile,
  refuseUnknownRule,
  type DesiredPool,
} from "./changes.js";
import type { PoolDetail } from "../clients/ceph/pool-detail.js";
import { removeOwnRule, ruleInRecord } from "./own-rule.js";
import { refuseTooNew } from "./releases.js";
import { foundSettings, comparedSettings } from "./settings.js";
import {
  poolRecordKey,
  readPoolRecord,
  recordOfPool,
  type PoolRecord,
} from "../ownership/cluster-records.js";
import { ordered } from "../ownership/record.js";
import type { Ceph } from "../clients/ceph/index.js";

/** What a program wants of a pool. */
export interface Pool extends DesiredPool {
  readonly name: string;
  readonly renamedFrom?: string;
  readonly type?: "replicated" | "erasure";
  readonly erasureCodeProfile?: string;
  readonly onDelete?: OnDelete;
  readonly forceDestroy?: boolean;
  readonly adopt?: Adopt | "only";
}

/** One pool, in its cluster, for one who asks. */
export interface PoolTask {
  readonly ceph: Ceph;
  readonly acting: ActingOwner;
  readonly pool: Pool;
  /** Its number, as state has it. */
  readonly poolId: number | undefined;
  readonly creating: boolean;
  /** What the owner of a pool of this name claims. */
  claim(name: string): string;
  /** Names of the managed keys in which what is found differs from what is desired. */
  differing(managed: Props): readonly string[];
}

/** What a look at a pool hands to the write after it. */
interface PoolLook {
  readonly pool: PoolDetail;
  readonly recorded: { readonly key: string; readonly record: PoolRecord } | undefined;
}

export interface FoundPool {
  readonly managed: Props;
  readonly facts: Props;
  readonly extra: PoolLook;
}

/** What is managed of a pool, as desired. */
export const comparedPool = (pool: Pool): Props => ({
  name: pool.name,
  ...(pool.type === undefined && pool.adopt === "only" ? {} : { type: pool.type ?? "replicated" }),
  ...(pool.erasureCodeProfile === undefined ? {} : { erasureCodeProfile: pool.erasureCodeProfile }),
  ...comparedSettings(pool),
  ...(pool.application === undefined && pool.adopt === "only" ? {} : { application: applicationsOf(pool) }),
  ...(pool.rbdInit === true ? { rbdInit: true } : {}),
});

/** `isNew`: made a moment ago. It holds nothing yet, and to ask what it holds would wait for its placement groups, a second of it. */
const look = async (
  { ceph, pool: desired }: PoolTask,
  pool: PoolDetail,
  isNew = false,
): Promise<FoundPool> => {
  const asked = isNew ? { ...desired, rbdInit: false } : desired;
  const [records, closer] = await Promise.all([ceph.records(), lookCloser(ceph, asked, pool)]);
  const recorded = recordOfPool(records, pool);
  const compared = comparedPool(desired);
  const all: Props = {
    name: pool.name,
    type: pool.type,
    ...(desired.erasureCodeProfile === undefined ? {} : { erasureCodeProfile: pool.erasureCodeProfile }),
    ...foundSettings(desired, pool, closer),
    application: applicationsOf(desired).filter((app) => pool.applications.includes(app)),
    ...(desired.rbdInit === true ? { rbdInit: closer.isRbd } : {}),
  };
  return {
    managed: Object.fromEntries(Object.entries(all).filter(([key]) => key in compared)),
    facts: { poolId: pool.id, origin: recorded?.record.origin ?? "adopted" },
    extra: { pool, recorded },
  };
};

/** By its number once that is known; in a create the pool of that name, else the one of `renamedFrom` where it is ours. */
export const findPool = async (task: PoolTask): Promise<FoundPool | undefined> => {
  const { ceph, acting, pool: desired, poolId } = task;
  const pools = await ceph.pools();
  const known = pools.find(({ id, name }) => (poolId === undefined ? name === desired.name : id === poolId));
  if (known !== undefined || poolId !== undefined) return known && look(task, known);
  const old = pools.find(({ name }) => name === desired.renamedFrom);
  if (old === undefined) return undefined;
  const record = recordOfPool(await ceph.records(), old)?.record;
  return acting.take(record, { thing: task.claim(old.name) }) === "mine" ? look(task, old) : undefined;
};

const gone = (what: string): Failure =>
  new Failure({ code: "not-converged", what: `the pool has gone while it was ${what}`, cure: "Run again." });

/** The record of a pool that is gone holds nobody up; one without a number, or of a pool that has another name by now, does. */
const refuseAnothersRecord = async (task: PoolTask): Promise<void> => {
  const { ceph, acting, pool } = task;
  const [records, pools] = await Promise.all([ceph.records(), ceph.pools()]);
  const record = readPoolRecord(records.get(poolRecordKey(pool.name)));
  if (record === undefined || !(record.id === undefined || pools.some(({ id }) => id === record.id))) return;
  admit(acting, {
    thing: `pool ${pool.name}`,
    record,
    claim: task.claim(pool.name),
    creating: true,
    adopt: pool.adopt,
    differences: [],
  });
};

const missing = async ({ ceph, pool }: PoolTask): Promise<Failure> => {
  const names = (await ceph.pools()).map(({ name }) => name).sort();
  return new Failure({
    code: "refused",
    what: `there is no pool ${pool.name} in the cluster, and it is to be there (adopt: "only"); there are ${names.join(", ") || "none"}`,
    cure: "Correct the name, make the pool, or let the program make it.",
  });
};

/** Record first, then the pool, then its number into the record. */
const make = async (task: PoolTask): Promise<FoundPool> => {
  const { ceph, acting, pool: desired } = task;
  if (desired.adopt === "only") throw await missing(task);
  await refuseAnothersRecord(task);
  await refuseUnknownProfile(ceph, desired);
  const key = poolRecordKey(desired.name);
  const { after } = acting.titles(undefined);
  const record: PoolRecord = { version: 1, ...after, origin: "created", ...(await ruleInRecord(task)) };
  await ceph.setRecord(key, ordered(record));
  try {
    if (!(await ceph.createPool(creation(desired.name, { ...desired, type: desired.type ?? "replicated" }))))
      throw new Failure({
        code: "conflict",
        what: `somebody else made pool ${desired.name} at the same moment`,
        cure: "Run again.",
      });
  } catch (error) {
    // Only where it is certain that there is none of ours; after a cut nobody knows, and the record makes the next run complete it.
    if (isFailure(error) && (error.code === "command" || error.code === "conflict")) {
      // Ceph makes the rule first, and leaves it where it then refuses the pool. Where that fails too, the reason for the pool is what is told.
      await removeOwnRule(task, record).catch(() => undefined);
      await ceph.removeRecord(key);
    }
    throw error;
  }
  const made = (await ceph.pools()).find(({ name }) => name === desired.name);
  if (made === undefined) throw gone("made");
  await ceph.setRecord(key, ordered({ ...record, id: made.id }));
  return look(task, made, true);
};

/** An adoption that changes nothing writes no record, unless a destroy is to remove the pool: that needs one. */
const recordsFor = ({ acting, pool: desired }: PoolTask, { extra }: FoundPool, changes: boolean) => {
  const { pool, recorded } = extra;
  if (recorded === undefined && !changes && desired.onDelete !== "remove") return undefined;
  const { origin = "adopted", rule } = recorded?.record ?? {};
  const common = { version: 1, origin, id: pool.id, ...(rule === undefined ? {} : { rule }) } as const;
  const { during, after } = acting.titles(recorded?.record);
  return { during: { ...common, ...during }, after: { ...common, ...after } };
};

/** Writes what is not there yet. */
const record = async ({ ceph, pool: desired }: PoolTask, there: PoolLook["recorded"], next: PoolRecord) => {
  const key = poolRecordKey(desired.name);
  if (there?.key === key && same(there.record, next)) return;
  await ceph.setRecord(key, ordered(next));
};

/** By the number that a failed create has left, a pool is found that need not be ours: under another name it is none of this program's. */
const refuseRename = (task: PoolTask, { pool, recorded }: PoolLook): void => {
  const { acting, pool: desired, claim, creating } = task;
  if (!creating || pool.name === desired.name) return;
  if (acting.take(recorded?.record, { thing: claim(pool.name) }) !== "nobody's") return;
  throw new Failure({
    code: "conflict",
    what: `pool ${pool.name} is there already and is not ours: it is not renamed to ${desired.name}`,
    cure: `Keep the name ${pool.name}.`,
  });
};

/** Records a pool that is there, where that is needed, and gives it its name. Yields the record for when all is done. */
const take = async (task: PoolTask, found: FoundPool): Promise<PoolRecord | undefined> => {
  const { ceph, acting, pool: desired, creating } = task;
  const { pool, recorded } = found.extra;
  const keys = task.differing(found.managed);
  const differences = differencesOf(keys, found.managed, comparedPool(desired));
  const thing = `pool ${pool.name}`;
  const claim = task.claim(recorded?.key.slice(poolRecordKey("").length) ?? pool.name);
  admit(acting, { thing, record: recorded?.record, claim, creating, adopt: desired.adopt, differences });
  refuseRename(task, found.extra);
  await refuseImpossible(ceph, desired, { pool, keys, words: differences });
  if (recorded === undefined) refuseOfAnother(desired, pool);
  const next = recordsFor(task, found, keys.length > 0);
  if (next !== undefined) await record(task, recorded, next.during);
  if (pool.name !== desired.name)
    await ceph.changePools({ prefix: "osd pool rename", srcpool: pool.name, destpool: desired.name });
  if (recorded !== undefined && recorded.key !== poolRecordKey(desired.name))
    await ceph.removeRecord(recorded.key);
  return next?.after;
};

/** Makes, takes over, renames and sets the pool. Yields it as a new look finds it. */
export const convergePool = async (task: PoolTask, found: FoundPool | undefined): Promise<FoundPool> => {
  const { ceph, pool: desired } = task;
  if (found === undefined && task.poolId !== undefined)
    throw new Failure({
      code: "refused",
      what: "the pool is gone",
      cure: "`pulumi up --refresh` makes a new, empty one.",
    });
  await refuseTooNew(ceph, desired);
  await refuseUnknownRule(ceph, desired);
  const record = found === undefined ? undefined : await take(task, found);
  const { managed, extra } = found ?? (await make(task));
  await closeGap(ceph, desired, {
    pool: { ...extra.pool, name: desired.name },
    changed: task.differing(managed),
  });
  const last = (await ceph.pools()).find(({ id }) => id === extra.pool.id);
  if (last === undefined) throw gone("set up");
  const after = await look(task, last);
  if (record === undefined || after.extra.recorded?.record.before === undefined) return after;
  await ceph.setRecord(poolRecordKey(desired.name), ordered(record));
  return look(task, last);
};
