/**
 * What this package keeps in a cluster's `config-key` store about the things that it made or took over there: who owns them, and what state
 * cannot hold. One read yields all of them.
 */

import { RECORDS } from "../clients/ceph/index.js";
import { parseRecord, type Origin, type OwnershipRecord } from "./record.js";

export type { Origin };

/** A pool's record, under its name. */
export type PoolRecord = OwnershipRecord;

/** An entity's record. */
export type EntityRecord = OwnershipRecord & { readonly generation: number };

export const poolRecordKey = (name: string): string => `${RECORDS}pool/${name}`;
export const entityRecordKey = (entity: string): string => `${RECORDS}auth/${entity}`;
export const profileRecordKey = (name: string): string => `${RECORDS}erasure-code-profile/${name}`;
export const ruleRecordKey = (name: string): string => `${RECORDS}crush-rule/${name}`;

/** What the owner of a CRUSH rule claims. */
export const ruleClaim = (name: string, fsid: string): string => `CRUSH rule ${name} of cluster ${fsid}`;

/** Undefined for what is no record of ours. */
export const readPoolRecord = (text: string | undefined): PoolRecord | undefined =>
  text === undefined ? undefined : parseRecord(text);

/** Undefined for what is no record of ours. */
export const readEntityRecord = (text: string | undefined): EntityRecord | undefined => {
  const record = text === undefined ? undefined : parseRecord(text);
  return record?.generation === undefined ? undefined : { ...record, generation: record.generation };
};

/** The records of all pools, with their keys. */
export const poolRecords = (
  records: ReadonlyMap<string, string>,
): readonly { readonly key: string; readonly record: PoolRecord }[] => {
  const prefix = poolRecordKey("");
  return [...records].flatMap(([key, text]) => {
    const record = key.startsWith(prefix) ? readPoolRecord(text) : undefined;
    return record === undefined ? [] : [{ key, record }];
  });
};

/** The record of the pool with this number, and its key: also after somebody renamed the pool by hand. */
export const recordOfPool = (
  records: ReadonlyMap<string, string>,
  pool: { readonly id?: number; readonly name: string },
): { key: string; record: PoolRecord } | undefined => {
  const all = poolRecords(records);
  const own = poolRecordKey(pool.name);
  const byNumber = all.filter(({ record }) => record.id !== undefined && record.id === pool.id);
  return (
    // One under another name first: a rename that was cut leaves it, and whoever finds it moves it.
    byNumber.find(({ key }) => key !== own) ??
    byNumber[0] ??
    // Without a number: a create that was cut before it knew. With another one: the record of a pool that is gone.
    all.find(({ key, record }) => key === own && (record.id === undefined || pool.id === undefined))
  );
};
