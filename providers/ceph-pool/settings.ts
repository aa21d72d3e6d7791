/**
 * What a pool's settings are called: in the program (`minSize`), in `ceph osd pool set` (`min_size`) and in `ceph osd pool ls detail`; what is
 * found of those that are desired, and the orders that close a gap. Pure.
 * @see https://docs.ceph.com/en/latest/rados/operations/pools/
 */
import type { Props } from "../kernel/json.js";
import { foundOption, type Asked } from "./options.js";
import { comparable, isDegraded } from "./stretch.js";
import type { MonCommand } from "../clients/ceph/door.js";
import type { PoolDetail } from "../clients/ceph/pool-detail.js";

/** A number of placement groups: at creation only, or for ever. */
export type PgNum = number | { readonly initial: number } | { readonly exact: number };

/** The settings that a program may want. */
export interface PoolSettings {
  readonly size?: number;
  readonly minSize?: number;
  readonly crushRule?: string;
  readonly pgNum?: PgNum;
  readonly pgAutoscaleMode?: string;
  readonly pgNumMin?: number;
  readonly pgNumMax?: number;
  readonly targetSizeRatio?: number;
  readonly targetSizeBytes?: number;
  readonly bulk?: boolean;
  readonly allowEcOverwrites?: boolean;
  readonly quota?: { readonly maxBytes?: number; readonly maxObjects?: number };
  readonly compression?: {
    readonly mode: string;
    readonly algorithm?: string;
    readonly requiredRatio?: number;
  };
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

type Scalar = string | number | boolean | undefined;
type Found = (pool: PoolDetail, rules: ReadonlyMap<number, string>) => Scalar;

// 0 unsets these options, and unset ones are not listed.
const option =
  (name: string): Found =>
  (pool) =>
    pool.options[name] ?? 0;
const flag =
  (name: string): Found =>
  (pool) =>
    pool.flags.includes(name);

/** Settings of one value each: Ceph's name, and where it is found. */
const SIMPLE = {
  size: ["size", (pool) => pool.size],
  minSize: ["min_size", (pool) => pool.minSize],
  crushRule: ["crush_rule", (pool, rules) => rules.get(pool.rule) ?? String(pool.rule)],
  pgAutoscaleMode: ["pg_autoscale_mode", (pool) => pool.pgAutoscaleMode],
  pgNumMin: ["pg_num_min", option("pg_num_min")],
  pgNumMax: ["pg_num_max", option("pg_num_max")],
  targetSizeRatio: ["target_size_ratio", option("target_size_ratio")],
  targetSizeBytes: ["target_size_bytes", option("target_size_bytes")],
  bulk: ["bulk", flag("bulk")],
  allowEcOverwrites: ["allow_ec_overwrites", flag("ec_overwrites")],
} as const satisfies Record<string, readonly [string, Found]>;

type Simple = keyof typeof SIMPLE;
const simpleKeys = Object.keys(SIMPLE).filter((key): key is Simple => key in SIMPLE);

const COMPRESSION = {
  mode: "compression_mode",
  algorithm: "compression_algorithm",
  requiredRatio: "compression_required_ratio",
} as const;
const compressionKeys = ["mode", "algorithm", "requiredRatio"] as const;
const quotaKeys = ["maxBytes", "maxObjects"] as const;
const QUOTA = { maxBytes: "max_bytes", maxObjects: "max_objects" } as const;

/** Keys of `ceph osd pool set` that have a field of their own, with its name (`pgp_num` follows `pg_num`). */
export const OWN_FIELDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SIMPLE).map(([field, [name]]) => [name, field] as const),
  ...Object.entries(COMPRESSION).map(([field, name]) => [name, `compression.${field}`] as const),
  ...["pg_num", "pgp_num", "pgp_num_actual"].map((name) => [name, "pgNum"] as const),
]);

/** A map of the entries that have a value. */
export const given = <T>(entries: readonly (readonly [string, T | undefined])[]): Record<string, T> =>
  Object.fromEntries(
    entries.flatMap(([key, value]): [string, T][] => (value === undefined ? [] : [[key, value]])),
  );

/** `{ key: value }` unless the map is empty. */
const unlessEmpty = (key: string, map: Props): Props => (Object.keys(map).length === 0 ? {} : { [key]: map });

const exactOf = (pgNum: PgNum | undefined): number | undefined =>
  typeof pgNum === "object" && "exact" in pgNum ? pgNum.exact : undefined;

/** What is desired and compared: a `pgNum` that counts at creation only is not. */
export const comparedSettings = (desired: PoolSettings): Props => ({
  ...given(simpleKeys.map((key) => [key, desired[key]])),
  ...(exactOf(desired.pgNum) === undefined ? {} : { pgNum: { exact: exactOf(desired.pgNum) ?? 0 } }),
  ...unlessEmpty("quota", given(quotaKeys.map((key) => [key, desired.quota?.[key]]))),
  ...unlessEmpty("compression", given(compressionKeys.map((key) => [key, desired.compression?.[key]]))),
  ...unlessEmpty(
    "options",
    given(Object.entries(desired.options ?? {}).map(([key, value]) => [key, String(value)])),
  ),
});

/** What a look needs beside the pool. */
export interface Surroundings extends Asked {
  readonly rules: ReadonlyMap<number, string>;
}

/** Of what is desired, what is found; what is not set is left out. */
export const foundSettings = (
  desired: PoolSettings,
  pool: PoolDetail,
  { rules, ...asked }: Surroundings,
): Props => {
  const simple = simpleKeys.filter((key) => desired[key] !== undefined);
  const seen = comparable(desired, pool);
  const options = Object.entries(desired.options ?? {});
  const compression = compressionKeys.filter((key) => desired.compression?.[key] !== undefined);
  const quota = { maxBytes: pool.quotaMaxBytes, maxObjects: pool.quotaMaxObjects };
  return {
    ...given(simple.map((key) => [key, SIMPLE[key][1](seen, rules)])),
    ...(exactOf(desired.pgNum) === undefined ? {} : { pgNum: { exact: pool.pgNum } }),
    ...unlessEmpty(
      "quota",
      given(quotaKeys.filter((key) => desired.quota?.[key] !== undefined).map((key) => [key, quota[key]])),
    ),
    ...unlessEmpty("compression", given(compression.map((key) => [key, pool.options[COMPRESSION[key]]]))),
    ...unlessEmpty("options", given(options.map((entry) => [entry[0], foundOption(pool, asked, entry)]))),
  };
};

const set = (pool: string, name: string, value: string | number | boolean): MonCommand => ({
  prefix: "osd pool set",
  pool,
  var: name,
  val: String(value),
  ...(name === "size" && value === 1 ? { yes_i_really_mean_it: true } : {}),
});

// Ceph refuses a pg_num outside its bounds and bounds that leave it outside: what makes room goes first, what takes it away last.
const makesRoom = (key: Bound, value: number, pool: PoolDetail): boolean => {
  const now = Number(pool.options[SIMPLE[key][0]] ?? 0);
  return key === "pgNumMin" ? value < now : now > 0 && value > now;
};

/** The number within new bounds that leave the present one outside: the autoscaler would go there, and Ceph takes the bounds only then. */
const withinBounds = (
  bounds: readonly { key: Bound; value: number }[],
  { pgNum }: PoolDetail,
): number | undefined =>
  bounds.find(({ key, value }) => (key === "pgNumMin" ? pgNum < value : pgNum > value))?.value;

const pgOrders = (desired: PoolSettings, changed: ReadonlySet<string>, pool: PoolDetail) => {
  const bounds = BOUNDS.flatMap((key) => {
    const value = changed.has(key) ? desired[key] : undefined;
    if (value === undefined) return [];
    return [{ key, value, early: makesRoom(key, value, pool), order: set(pool.name, SIMPLE[key][0], value) }];
  });
  const exact = changed.has("pgNum") ? exactOf(desired.pgNum) : undefined;
  const next = exact ?? withinBounds(bounds, pool);
  return {
    before: bounds.filter(({ early }) => early).map(({ order }) => order),
    pgNum: next === undefined ? [] : [set(pool.name, "pg_num", next)],
    after: bounds.filter(({ early }) => !early).map(({ order }) => order),
  };
};

type Bound = "pgNumMin" | "pgNumMax";
const BOUNDS: readonly Bound[] = ["pgNumMin", "pgNumMax"];

/** Orders for the settings that are maps: all of a map whose value differs. */
const nested = (desired: PoolSettings, changed: ReadonlySet<string>, pool: string): MonCommand[] => [
  ...quotaKeys.flatMap((key): MonCommand[] => {
    const value = changed.has("quota") ? desired.quota?.[key] : undefined;
    return value === undefined
      ? []
      : [{ prefix: "osd pool set-quota", pool, field: QUOTA[key], val: String(value) }];
  }),
  ...compressionKeys.flatMap((key) => {
    const value = changed.has("compression") ? desired.compression?.[key] : undefined;
    return value === undefined ? [] : [set(pool, COMPRESSION[key], value)];
  }),
  ...Object.entries(changed.has("options") ? (desired.options ?? {}) : {}).map(([key, value]) =>
    set(pool, key, value),
  ),
];

const EARLY: readonly Simple[] = ["size", "pgAutoscaleMode"];

/**
 * Orders that close the gap: groups one after another, the orders of a group at the same time (each change of the OSD map takes a monitor
 * round of about a second, as many as come together take one).
 */
export const settingOrders = (
  desired: PoolSettings,
  changedKeys: readonly string[],
  pool: PoolDetail,
): MonCommand[][] => {
  const changed = new Set(changedKeys);
  // Setting the size sets min_size, too: to what the monitors think fits.
  if (changed.has("size")) changed.add("minSize");
  const simple = (keys: readonly Simple[]) =>
    keys.flatMap((key) => {
      const value = key === "minSize" && isDegraded(pool) ? pool.minSize : desired[key];
      return value === undefined || !changed.has(key) ? [] : [set(pool.name, SIMPLE[key][0], value)];
    });
  const pg = pgOrders(desired, changed, pool);
  const rest = simpleKeys.filter((key) => !EARLY.includes(key) && !BOUNDS.some((bound) => bound === key));
  // size before min_size: Ceph refuses a min_size above the size <https://docs.ceph.com/en/latest/rados/operations/pools/#set-pool-values>
  const groups = [
    [...simple(EARLY), ...pg.before],
    [...simple(rest), ...pg.pgNum, ...nested(desired, changed, pool.name)],
    pg.after,
  ];
  return groups.filter((group) => group.length > 0);
};
