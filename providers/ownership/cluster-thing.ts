/**
 * The life of what goes by its name alone in a cluster (a CRUSH rule, an erasure-code profile): found, made, taken over, changed, removed. Its
 * record is written before and after, so that a run may be cut anywhere and repeated.
 */
import type { Ceph } from "../clients/ceph/index.js";
import type { Adopt, OnDelete } from "../kernel/common.js";
import type { Props } from "../kernel/json.js";
import { Failure, isFailure } from "../remote/failure.js";
import { admit, differencesOf, whyLeft, type ActingOwner } from "./adoption.js";
import { ordered, parseRecord, type OwnershipRecord } from "./record.js";

/** One thing, in its cluster, for one who asks. */
export interface ClusterThing {
  readonly ceph: Pick<Ceph, "records" | "recordsNow" | "setRecord" | "removeRecord">;
  readonly acting: ActingOwner;
  /** In words: "CRUSH rule ssd". */
  readonly thing: string;
  /** What its owner claims. */
  readonly claim: string;
  /** Of its record. */
  readonly key: string;
  readonly creating: boolean;
  readonly adopt: Adopt | "only" | undefined;
  readonly onDelete: OnDelete | undefined;
  /** What to do where it is there and differs, beside saying so in the program. */
  readonly cure: string;
  /** What is managed, as desired. */
  readonly desired: Props;
  /** Names of the managed keys in which what is found differs from what is desired. */
  differing(managed: Props): readonly string[];
  find(): Promise<Props | undefined>;
  /** Names of all things of its kind. */
  names(): Promise<readonly string[]>;
  /** Makes it. */
  make(): Promise<void>;
  /** Brings one that is there to what is desired. */
  change(): Promise<void>;
  /** Throws where it cannot be made, or where one that is there cannot be changed so. Nothing is written before it. */
  refuse(differences: readonly string[] | undefined): Promise<void>;
  /** Takes it away. Yields why it could not, where it is in use. */
  takeAway(): Promise<string | undefined>;
}

export interface FoundThing {
  readonly managed: Props;
  readonly facts: Props;
  readonly extra: OwnershipRecord | undefined;
}

const recordIn = (
  records: ReadonlyMap<string, string>,
  { key }: ClusterThing,
): OwnershipRecord | undefined => {
  const text = records.get(key);
  return text === undefined ? undefined : parseRecord(text);
};

const recordOf = async (task: ClusterThing): Promise<OwnershipRecord | undefined> =>
  recordIn(await task.ceph.records(), task);

export const findThing = async (task: ClusterThing): Promise<FoundThing | undefined> => {
  const [managed, record] = await Promise.all([task.find(), recordOf(task)]);
  if (managed === undefined) return undefined;
  return { managed, facts: { origin: record?.origin ?? "adopted" }, extra: record };
};

const write = ({ ceph, key }: ClusterThing, record: OwnershipRecord): Promise<void> =>
  ceph.setRecord(key, ordered(record));

const again = async (task: ClusterThing): Promise<FoundThing> => {
  const found = await findThing(task);
  if (found !== undefined) return found;
  throw new Failure({
    code: "not-converged",
    what: `${task.thing} has gone while it was set up`,
    cure: "Run again.",
  });
};

const missing = async ({ thing, names }: ClusterThing): Promise<Failure> =>
  new Failure({
    code: "refused",
    what: `there is no ${thing} in the cluster, and it is to be there (adopt: "only"); there are ${[...(await names())].sort().join(", ") || "none"}`,
    cure: "Correct the name, make it, or let the program make it.",
  });

/** Record first, then the thing. */
const make = async (task: ClusterThing): Promise<void> => {
  const { ceph, acting, thing, claim, creating, adopt, cure } = task;
  const old = await recordOf(task);
  if (old !== undefined) admit(acting, { thing, record: old, claim, creating, adopt, differences: [], cure });
  await task.refuse(undefined);
  // One that was adopted, and taken away to be made anew when a run was cut, is still one that was there.
  const origin = old?.origin ?? "created";
  await write(task, { version: 1, ...acting.titles(old).during, origin });
  try {
    await task.make();
  } catch (error) {
    // Only where it is certain that there is none of ours; after a cut nobody knows, and the record makes the next run complete it.
    if (isFailure(error) && error.code === "command")
      await (old === undefined ? ceph.removeRecord(task.key) : write(task, old));
    throw error;
  }
};

/** An adoption that changes nothing writes no record, unless a destroy is to remove the thing: that needs one. */
const needsRecord = (
  { onDelete }: ClusterThing,
  there: OwnershipRecord | undefined,
  { wanted, changes }: { wanted: OwnershipRecord; changes: boolean },
): boolean =>
  there === undefined
    ? changes || onDelete === "remove"
    : JSON.stringify(ordered(there)) !== JSON.stringify(ordered(wanted));

const take = async (task: ClusterThing, { managed, extra: old }: FoundThing): Promise<void> => {
  const { acting, thing, claim, creating, adopt, cure } = task;
  const differences = differencesOf(task.differing(managed), managed, task.desired);
  admit(acting, { thing, record: old, claim, creating, adopt, differences, cure });
  const changes = differences.length > 0;
  if (changes) await task.refuse(differences);
  const wanted = { version: 1, ...acting.titles(old).during, origin: old?.origin ?? "adopted" } as const;
  if (needsRecord(task, old, { wanted, changes })) await write(task, wanted);
  if (changes) await task.change();
};

/** Makes the thing, or brings it to what is desired. Yields it as a new look finds it. */
export const convergeThing = async (
  task: ClusterThing,
  found: FoundThing | undefined,
): Promise<FoundThing> => {
  if (found === undefined && task.creating && task.adopt === "only") throw await missing(task);
  await (found === undefined ? make(task) : take(task, found));
  const after = await again(task);
  if (after.extra?.before === undefined) return after;
  const { before: _before, ...done } = after.extra;
  await write(task, done);
  return again(task);
};

const KEPT = 'it was there before (or onDelete is "keep")';

/** Why it is to stay, by what the program says of it. */
const isToStay = ({ onDelete }: ClusterThing, record: OwnershipRecord | undefined): boolean =>
  (onDelete ?? (record?.origin === "created" ? "remove" : "keep")) === "keep";

/**
 * Removes what was made, or anything where `onDelete` says so. What is in use stays, and its record with it: the next `up` of the program finds
 * it as its own. Yields why one stays.
 */
export const removeThing = async (task: ClusterThing): Promise<string | undefined> => {
  const { ceph, acting, claim } = task;
  const [there, records] = await Promise.all([task.find(), ceph.recordsNow()]);
  const record = recordIn(records, task);
  const goes = there !== undefined && !isToStay(task, record);
  const left = whyLeft(acting, { record, claim, goes });
  if (left !== undefined) return left;
  const stays = goes ? await task.takeAway() : undefined;
  if (record !== undefined && stays === undefined) await ceph.removeRecord(task.key);
  return there === undefined || goes ? stays : KEPT;
};
