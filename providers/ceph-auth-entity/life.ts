/** The life of a cephx entity in its cluster: found, made, taken over, its caps set, its key rotated, removed; records first. */
import type { AdoptEntity, OnDelete } from "../kernel/common.js";
import { same, type Props } from "../kernel/json.js";
import { fingerprint } from "../formats/keyring.js";
import { defined } from "../clients/defined.js";
import { Failure, isFailure } from "../remote/failure.js";
import { admit, whyLeft, type ActingOwner } from "../ownership/adoption.js";
import { entityRecordKey, readEntityRecord, type EntityRecord } from "../ownership/cluster-records.js";
import type { KeyHolders } from "../ownership/key-holders.js";
import type { After } from "../ownership/key-place.js";
import { ordered } from "../ownership/record.js";
import type { Ceph, Entity } from "../clients/ceph/index.js";
import { admitEntity, admitted, AS_RECORDED, sayAdoption } from "./admission.js";
import { blocklistOf, capsCommand, capsFound, keyring, type EntityCaps } from "./caps.js";
import { isGone, refuseLower, refuseMissingPools, whyNeeded } from "./refusals.js";
import { rotate } from "./rotation.js";

/** What takes the place of `AS_RECORDED` when it is not. */
const ANOTHER_KEY = "another key";
const CUT = "a rotation that was cut";

/** One entity, in its cluster, for one who asks. */
export interface EntityTask {
  readonly ceph: Ceph;
  readonly acting: ActingOwner;
  readonly entity: string;
  /** What its owner claims. */
  readonly claim: string;
  readonly caps: EntityCaps;
  /** The generation desired, and the one in state; undefined in a create. */
  readonly generation: number;
  readonly stateGeneration: number | undefined;
  readonly creating: boolean;
  /** It was there once, by what state says. */
  readonly wasThere: boolean;
  /** Who holds its key. */
  readonly holders: KeyHolders;
  readonly adopt: AdoptEntity | undefined;
  readonly onDelete: OnDelete | undefined;
  readonly exportKey: boolean;
  /** Says what an adoption changes. */
  note(text: string): void;
  /** Names of the managed keys in which what is found differs from what is desired. */
  differing(managed: Props): readonly string[];
}

/** What a look at an entity hands to the write after it. The key never leaves the process. */
interface EntityLook {
  readonly key: string;
  /** Its caps as the cluster has them. */
  readonly caps: Entity["caps"];
  readonly record: EntityRecord | undefined;
}

export interface FoundEntity {
  readonly managed: Props;
  readonly facts: Props;
  readonly extra: EntityLook;
}

const recordIn = (records: ReadonlyMap<string, string>, { entity }: EntityTask): EntityRecord | undefined =>
  readEntityRecord(records.get(entityRecordKey(entity)));

const recordOf = async (task: EntityTask): Promise<EntityRecord | undefined> =>
  recordIn(await task.ceph.records(), task);

/** The generation of a rotation that has set this key and was cut. */
const cutGeneration = (record: EntityRecord | undefined, print: string): number | undefined => {
  const { pending } = record ?? {};
  return (pending?.fingerprint ?? print) === print ? pending?.generation : undefined;
};

/** Of a key that is not recorded as made or adopted by this package nothing is known but what state says of it. */
const keyFound = (
  { stateGeneration, generation }: EntityTask,
  key: string,
  record: EntityRecord | undefined,
): Props => {
  const print = fingerprint(key);
  const cut = cutGeneration(record, print);
  if (cut !== undefined) return { keyGeneration: cut, keyState: CUT };
  const recorded = record?.fingerprint ?? print;
  return {
    keyGeneration: record?.generation ?? stateGeneration ?? generation,
    keyState: recorded === print ? AS_RECORDED : ANOTHER_KEY,
  };
};

export const findEntity = async (task: EntityTask): Promise<FoundEntity | undefined> => {
  const [there, record] = await Promise.all([task.ceph.entity(task.entity), recordOf(task)]);
  if (there === undefined) return undefined;
  return {
    managed: { caps: capsFound(there.caps), ...keyFound(task, there.key, record) },
    facts: {
      keyFingerprint: fingerprint(there.key),
      origin: record?.origin ?? "adopted",
      ...(task.exportKey ? { key: there.key } : {}),
    },
    extra: { key: there.key, caps: there.caps, record },
  };
};

const wordFor = ({ ceph, caps }: EntityTask, there: Entity["caps"] = {}) =>
  blocklistOf(caps, there, () => ceph.release());

const again = async (task: EntityTask): Promise<FoundEntity> => {
  const found = await findEntity(task);
  if (found !== undefined) return found;
  throw new Failure({
    code: "not-converged",
    what: `${task.entity} has gone while it was set up`,
    cure: "Run again.",
  });
};

const write = (task: EntityTask, record: EntityRecord): Promise<void> =>
  task.ceph.setRecord(entityRecordKey(task.entity), ordered(record));

/** The keys that clients may have in place of a new one. Of an entity that was adopted as it was, and has gone since, nobody knows the key. */
const keysBefore = (old: EntityRecord | undefined): After =>
  old?.fingerprint === undefined ? "any" : [old.fingerprint];

/** The record of an entity that is not there holds up whoever else would make it; `adopt` is about those that are there. */
const refuseAnothers = (task: EntityTask, old: EntityRecord | undefined): void => {
  const { acting, entity, claim, creating, adopt } = task;
  if (old !== undefined)
    admit(acting, { thing: entity, record: old, claim, creating, adopt: admitted(adopt), differences: [] });
};

/** Whether anybody waits for its key: somebody deleted it, and who held the one before is told of the new one, as after a rotation. */
const isAwaited = async ({ holders }: EntityTask, old: EntityRecord | undefined): Promise<boolean> =>
  old?.fingerprint !== undefined || (await holders.areThere());

/** Record first, then the entity with a key of the cluster's making, then the key's fingerprint into the record. */
const make = async (task: EntityTask): Promise<FoundEntity> => {
  const { ceph, acting, entity, generation } = task;
  const old = await recordOf(task);
  refuseAnothers(task, old);
  const { after } = acting.titles(undefined);
  const record: EntityRecord = { version: 1, ...after, origin: "created", generation };
  const awaited = await isAwaited(task, old);
  const during = { ...record, ...defined({ fingerprint: old?.fingerprint }), pending: { generation } };
  const word = await wordFor(task);
  await write(task, awaited ? during : record);
  try {
    await ceph.changeEntities({ ...capsCommand("auth get-or-create", task, word), format: "json" });
  } catch (error) {
    if (isFailure(error) && error.code === "command")
      await (old === undefined ? ceph.removeRecord(entityRecordKey(entity)) : write(task, old));
    throw error;
  }
  const { key } = (await again(task)).extra;
  if (awaited) await task.holders.give({ key, after: keysBefore(old) });
  await write(task, { ...record, fingerprint: fingerprint(key) });
  return again(task);
};

/** `wanted`: the record as it is to be, but for the key. */
const turn = async (
  task: EntityTask,
  { key, record, caps }: EntityLook,
  wanted: EntityRecord,
): Promise<void> => {
  const word = await wordFor(task, caps);
  const step = {
    holders: task.holders,
    record: (next: EntityRecord) => write(task, next),
    setKey: (next: string) => task.ceph.changeEntities({ prefix: "auth import" }, keyring(task, next, word)),
  };
  const now = { ...wanted, generation: record?.generation ?? task.stateGeneration ?? 1 };
  return rotate(step, { old: key, was: record?.fingerprint, now, generation: wanted.generation });
};

/** An adoption that changes nothing writes no record, unless a destroy is to remove the entity: that needs one. */
const needsRecord = (
  { onDelete }: EntityTask,
  there: EntityRecord | undefined,
  { wanted, changed }: { wanted: EntityRecord; changed: readonly string[] },
): boolean => (there === undefined ? changed.length > 0 || onDelete === "remove" : !same(there, wanted));

/** Takes over or changes an entity that is there. */
const take = async (task: EntityTask, { managed, extra }: FoundEntity): Promise<void> => {
  const { acting } = task;
  const changed = task.differing(managed);
  const { record: old } = extra;
  const standing = { managed, record: old, changed };
  admitEntity(task, standing);
  refuseLower(task, managed["keyGeneration"]);
  sayAdoption(task, standing);
  const record: EntityRecord = {
    version: 1,
    ...acting.titles(old).during,
    origin: old?.origin ?? "adopted",
    generation: task.generation,
    fingerprint: fingerprint(extra.key),
  };
  // Before another begins: what the cut one has not reached holds a key that no record will know.
  if (managed["keyState"] === CUT) await task.holders.give({ key: extra.key, after: keysBefore(old) });
  if (changed.includes("keyGeneration")) return turn(task, extra, record);
  if (needsRecord(task, old, { wanted: record, changed })) await write(task, record);
  if (changed.includes("caps"))
    await task.ceph.changeEntities(capsCommand("auth caps", task, await wordFor(task, extra.caps)));
};

/** Makes the entity, or brings it to what is desired. Yields it as a new look finds it. */
export const convergeEntity = async (
  task: EntityTask,
  found: FoundEntity | undefined,
): Promise<FoundEntity> => {
  if (found === undefined || task.differing(found.managed).includes("caps")) await refuseMissingPools(task);
  if (found === undefined) {
    if (task.wasThere) throw isGone(task);
    return make(task);
  }
  await take(task, found);
  const after = await again(task);
  const { record } = after.extra;
  if (record?.before === undefined) return after;
  const { before: _before, ...done } = record;
  await write(task, done);
  return again(task);
};

const staysBehind = ({ onDelete }: EntityTask, record: EntityRecord | undefined): boolean =>
  (onDelete ?? (record?.origin === "created" ? "remove" : "keep")) === "keep";

/**
 * Removes what was made, or anything where `onDelete` says so; an adopted entity stays, and its record goes. One whose key is needed stays with its record:
 * who makes it again finds it as ours. Yields why one stays.
 */
export const removeEntity = async (task: EntityTask): Promise<string | undefined> => {
  const { ceph, acting, entity } = task;
  const [there, records] = await Promise.all([ceph.entity(entity), ceph.recordsNow()]);
  const record = recordIn(records, task);
  const kept = there !== undefined && staysBehind(task, record);
  const goes = there !== undefined && !kept;
  const left =
    whyLeft(acting, { record, claim: task.claim, goes }) ?? (goes ? await whyNeeded(task) : undefined);
  if (left !== undefined) return left;
  if (goes) await ceph.changeEntities({ prefix: "auth rm", entity });
  if (record !== undefined) await ceph.removeRecord(entityRecordKey(entity));
  return kept ? 'it was there before (or onDelete is "keep")' : undefined;
};
