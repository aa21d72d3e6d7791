/** What `ceph osd pool ls detail -f json`, `ceph osd crush rule dump` and `ceph version -f json` tell. Pure. */

import { parseJson } from "./door.js";

/** A pool as the cluster has it. */
export interface PoolDetail {
  readonly id: number;
  readonly name: string;
  readonly type: "replicated" | "erasure";
  readonly size: number;
  readonly minSize: number;
  /** Number of its CRUSH rule. */
  readonly rule: number;
  /** Placement groups, as desired by whoever set them last: Ceph moves there by and by. */
  readonly pgNum: number;
  readonly pgAutoscaleMode: string;
  readonly flags: readonly string[];
  readonly quotaMaxBytes: number;
  readonly quotaMaxObjects: number;
  readonly erasureCodeProfile: string;
  /** Options that were set, by Ceph's name. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly applications: readonly string[];
  /** Names of pool snapshots (`ceph osd pool mksnap`). */
  readonly snapshots: readonly string[];
  /** Everything else that is plain, by Ceph's own name. */
  readonly other: Readonly<Record<string, string | number | boolean>>;
}

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? { ...value } : {};

/** The same of each item of a list; none where it is no list. */
export const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];

const number = (fields: Fields, key: string): number => {
  const value = fields[key];
  return typeof value === "number" ? value : 0;
};

const text = (fields: Fields, key: string): string => {
  const value = fields[key];
  return typeof value === "string" ? value : "";
};

const scalars = (fields: Fields): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]): [string, string | number | boolean][] =>
      typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? [[key, value]]
        : [],
    ),
  );

/** `type` of a pool: TYPE_REPLICATED 1, TYPE_ERASURE 3. @see https://github.com/ceph/ceph/blob/main/src/osd/osd_types.h */
const ERASURE = 3;

const detail = (value: unknown): PoolDetail => {
  const pool = fieldsOf(value);
  const snapshots = Array.isArray(pool["pool_snaps"])
    ? pool["pool_snaps"].map((snap: unknown) => text(fieldsOf(snap), "name"))
    : [];
  return {
    id: number(pool, "pool_id"),
    name: text(pool, "pool_name"),
    type: number(pool, "type") === ERASURE ? "erasure" : "replicated",
    size: number(pool, "size"),
    minSize: number(pool, "min_size"),
    rule: number(pool, "crush_rule"),
    pgNum: number(pool, "pg_num_target") || number(pool, "pg_num"),
    pgAutoscaleMode: text(pool, "pg_autoscale_mode"),
    flags: text(pool, "flags_names").split(","),
    quotaMaxBytes: number(pool, "quota_max_bytes"),
    quotaMaxObjects: number(pool, "quota_max_objects"),
    erasureCodeProfile: text(pool, "erasure_code_profile"),
    options: scalars(fieldsOf(pool["options"])),
    applications: Object.keys(fieldsOf(pool["application_metadata"])),
    snapshots,
    other: scalars(pool),
  };
};

export const parseDetails = (out: string): readonly PoolDetail[] => {
  const pools = parseJson(out);
  return Array.isArray(pools) ? pools.map(detail) : [];
};

/** Names of CRUSH rules by number. */
export const parseRules = (out: string): ReadonlyMap<number, string> => {
  const rules = parseJson(out);
  return new Map(
    (Array.isArray(rules) ? rules : []).map((rule: unknown) => [
      number(fieldsOf(rule), "rule_id"),
      text(fieldsOf(rule), "rule_name"),
    ]),
  );
};

/** The number of the release; 0 where it cannot be told. */
export const parseRelease = (out: string): number =>
  Number(/^ceph version (\d+)\./.exec(text(fieldsOf(parseJson(out)), "version"))?.[1] ?? 0);
