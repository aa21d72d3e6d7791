/**
 * What this package keeps in a cluster's `config-key` store about the things that it made or took over there: who owns them, and what state
 * cannot hold. One read yields all of them.
 */

import { RECORDS } from "../clients/ceph/index.js";

export type Origin = "created" | "adopted";

/** A pool's record, under its name. */
export interface PoolRecord {
  readonly owner: string;
  readonly origin: Origin;
  /** The pool's number; left out from before its creation until it is known. */
  readonly id?: number;
}

/** An entity's record. */
export interface EntityRecord {
  readonly owner: string;
  readonly origin: Origin;
  /** Generation of the key. */
  readonly generation: number;
  /** Fingerprint of the key of that generation; left out from before its creation until it is known. */
  readonly fingerprint?: string;
}

export const poolRecordKey = (name: string): string => `${RECORDS}pool/${name}`;
export const entityRecordKey = (entity: string): string => `${RECORDS}auth/${entity}`;

const fields = (text: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const common = (value: Readonly<Record<string, unknown>>): { owner: string; origin: Origin } | undefined => {
  const { owner, origin } = value;
  return typeof owner === "string" && (origin === "created" || origin === "adopted")
    ? { owner, origin }
    : undefined;
};

/** Undefined for what is no record of ours. */
export const readPoolRecord = (text: string | undefined): PoolRecord | undefined => {
  const value = fields(text) ?? {};
  const { id } = value;
  const base = common(value);
  return base && { ...base, ...(typeof id === "number" ? { id } : {}) };
};

/** Undefined for what is no record of ours. */
export const readEntityRecord = (text: string | undefined): EntityRecord | undefined => {
  const value = fields(text) ?? {};
  const { generation, fingerprint } = value;
  const base = common(value);
  if (base === undefined || typeof generation !== "number") return undefined;
  return { ...base, generation, ...(typeof fingerprint === "string" ? { fingerprint } : {}) };
};

/** The record of the pool with this number, and its key: also after somebody renamed the pool by hand. */
export const recordOfPool = (
  records: ReadonlyMap<string, string>,
  pool: { readonly id?: number; readonly name: string },
): { key: string; record: PoolRecord } | undefined => {
  const prefix = poolRecordKey("");
  const all = [...records].flatMap(([key, text]) => {
    const record = key.startsWith(prefix) ? readPoolRecord(text) : undefined;
    return record === undefined ? [] : [{ key, record }];
  });
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
