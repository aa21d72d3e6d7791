/** Pools of a Ceph 16.2.15 cluster, and what its monitors answer about them. Texts and codes as recorded from the real ones. */
import type { MonCommand } from "../../providers/clients/ceph/door";
import { BEYOND_ALL, TOO_MANY } from "./fake-groups.js";
import { firstProfiles, firstRules, ruleForPool, type FakeProfile, type FakeRule } from "./fake-crush.js";

export interface FakePool {
  readonly id: number;
  name: string;
  readonly type: 1 | 3;
  size: number;
  minSize: number;
  rule: number;
  pgNum: number;
  mode: string;
  readonly profile: string;
  readonly flags: Set<string>;
  readonly options: Map<string, string | number>;
  readonly quota: { max_bytes: number; max_objects: number };
  readonly applications: Set<string>;
  readonly objects: Set<string>;
  readonly snapshots: string[];
}

export interface FakeEntity {
  key: string;
  caps: Record<string, string>;
}

/** The cluster's state. */
export interface FakeMonitor {
  readonly fsid: string;
  /** What `ceph version` says. */
  version: string;
  readonly pools: Map<number, FakePool>;
  readonly rules: FakeRule[];
  readonly profiles: Map<string, FakeProfile>;
  readonly entities: Map<string, FakeEntity>;
  readonly records: Map<string, string>;
  nextPool: number;
}

export interface Answer {
  readonly code: number;
  readonly out?: string;
  readonly text?: string;
}

export type Handler = (monitor: FakeMonitor, command: MonCommand, input: string) => Answer;

export const newMonitor = (fsid: string): FakeMonitor => ({
  fsid,
  version: "ceph version 16.2.15 (618f440892089921c3e944a991122ddc44e60516) pacific (stable)",
  pools: new Map(),
  rules: firstRules(),
  profiles: firstProfiles(),
  entities: new Map(),
  records: new Map(),
  nextPool: 1,
});

export const poolNamed = ({ pools }: FakeMonitor, name: unknown): FakePool | undefined =>
  [...pools.values()].find((pool) => pool.name === name);

export const done = (out: unknown = "", text = ""): Answer => ({
  code: 0,
  out: typeof out === "string" ? out : JSON.stringify(out),
  text,
});
const noPool = (name: unknown): Answer => ({ code: 2, text: `unrecognized pool '${String(name)}'` });

/** A pool as somebody else made it. */
export const addPool = (monitor: FakeMonitor, name: string, more: Partial<FakePool> = {}): FakePool => {
  const pool: FakePool = {
    id: monitor.nextPool++,
    name,
    type: 1,
    size: 3,
    minSize: 2,
    rule: 0,
    pgNum: 32,
    mode: "on",
    profile: "",
    flags: new Set(["hashpspool"]),
    options: new Map(),
    quota: { max_bytes: 0, max_objects: 0 },
    applications: new Set(),
    objects: new Set(),
    snapshots: [],
    ...more,
  };
  monitor.pools.set(pool.id, pool);
  return pool;
};

const listing = (pool: FakePool) => ({
  pool_id: pool.id,
  pool_name: pool.name,
  flags_names: [...pool.flags].join(","),
  type: pool.type,
  size: pool.size,
  min_size: pool.minSize,
  crush_rule: pool.rule,
  pg_autoscale_mode: pool.mode,
  pg_num: pool.pgNum,
  pg_num_target: pool.pgNum,
  pool_snaps: pool.snapshots.map((name) => ({ name })),
  quota_max_bytes: pool.quota.max_bytes,
  quota_max_objects: pool.quota.max_objects,
  erasure_code_profile: pool.profile,
  fast_read: false,
  options: Object.fromEntries(pool.options),
  application_metadata: Object.fromEntries([...pool.applications].map((app) => [app, {}])),
});

export const NO_PROFILE =
  "cannot determine the erasure code plugin because there is no 'plugin' entry in the erasure_code_profile {}";

const kindOf = ({ pool_type: type, erasure_code_profile: profile }: MonCommand): Partial<FakePool> =>
  type === "erasure" ? { type: 3, profile: String(profile) } : {};

const createPool: Handler = (monitor, command) => {
  const { pool, pg_num: pgNum, rule, size, autoscale_mode: mode } = command;
  const profile = command["erasure_code_profile"];
  if (poolNamed(monitor, pool) !== undefined) return done("", `pool '${String(pool)}' already exists`);
  if (profile !== undefined && !monitor.profiles.has(String(profile))) return { code: 22, text: NO_PROFILE };
  const groups = Number(pgNum ?? 32);
  if (groups > 65_536) return BEYOND_ALL;
  const at = ruleForPool(monitor, command);
  if (at === undefined) return { code: 2, text: `specified rule ${String(rule)} doesn't exist` };
  const copies = Number(size ?? 3);
  if (groups * copies > 6000) return TOO_MANY;
  addPool(monitor, String(pool), {
    ...kindOf(command),
    size: copies,
    minSize: copies - Math.floor(copies / 2),
    rule: at,
    pgNum: groups,
    mode: String(mode ?? "on"),
  });
  return done("", `pool '${String(pool)}' created`);
};

const SWITCHES = ["nodelete", "nosizechange", "nopgchange", "bulk", "noscrub", "nodeep-scrub"];

type Setter = (pool: FakePool, value: string, monitor: FakeMonitor) => Answer | undefined;

const setFlag =
  (flag: string): Setter =>
  (pool, value) => {
    if (value === "true" || value === "1") pool.flags.add(flag);
    else pool.flags.delete(flag);
    return undefined;
  };

const setOption =
  (option: string): Setter =>
  (pool, value) => {
    if (value === "0") pool.options.delete(option);
    else pool.options.set(option, Number.isNaN(Number(value)) ? value : Number(value));
    return undefined;
  };

const setters: Record<string, Setter> = {
  size: (pool, value) => {
    pool.size = Number(value);
    // OSDMonitor sets the default for the new size, whatever was there.
    pool.minSize = pool.size - Math.floor(pool.size / 2);
    return undefined;
  },
  min_size: (pool, value) => {
    if (Number(value) < 1 || Number(value) > pool.size)
      return { code: 22, text: `pool min_size must be between 1 and size, which is set to ${pool.size}` };
    pool.minSize = Number(value);
    return undefined;
  },
  crush_rule: (pool, value, { rules }) => {
    const found = rules.find(({ rule_name }) => rule_name === value);
    if (found === undefined) return { code: 2, text: `crush rule ${value} does not exist` };
    pool.rule = found.rule_id;
    return undefined;
  },
  pg_num: (pool, value) => void (pool.pgNum = Number(value)),
  pg_num_min: (pool, value, monitor) =>
    Number(value) > pool.pgNum
      ? { code: 22, text: `specified pg_num_min ${value} > pg_num ${pool.pgNum}` }
      : setOption("pg_num_min")(pool, value, monitor),
  pg_num_max: (pool, value, monitor) =>
    Number(value) > 0 && Number(value) < pool.pgNum
      ? { code: 22, text: `specified pg_num_max ${value} < pg_num ${pool.pgNum}` }
      : setOption("pg_num_max")(pool, value, monitor),
  pg_autoscale_mode: (pool, value) => void (pool.mode = value),
  allow_ec_overwrites: (pool) => void pool.flags.add("ec_overwrites"),
};

const setPool: Handler = (monitor, { pool: name, var: key, val, yes_i_really_mean_it: sure }) => {
  const pool = poolNamed(monitor, name);
  if (pool === undefined) return noPool(name);
  const [option, value] = [String(key), String(val)];
  if (option === "size" && value === "1" && sure !== true)
    return {
      code: 1,
      text: "WARNING: setting pool size 1 could lead to data loss without recovery. If you are *ABSOLUTELY CERTAIN* that is what you want, pass the flag --yes-i-really-mean-it.",
    };
  const setter = setters[option] ?? (SWITCHES.includes(option) ? setFlag(option) : setOption(option));
  return setter(pool, value, monitor) ?? done("", `set pool ${pool.id} ${option} to ${value}`);
};

const quota: Handler = (monitor, { pool: name, field, val }) => {
  const pool = poolNamed(monitor, name);
  if (pool === undefined) return noPool(name);
  pool.quota[field === "max_bytes" ? "max_bytes" : "max_objects"] = Number(val);
  return done();
};

const enable: Handler = (monitor, { pool: name, app, yes_i_really_mean_it: sure }) => {
  const pool = poolNamed(monitor, name);
  if (pool === undefined) return noPool(name);
  if (pool.applications.size > 0 && !pool.applications.has(String(app)) && sure !== true)
    return {
      code: 1,
      text: `Are you SURE? Pool '${pool.name}' already has an enabled application; pass --yes-i-really-mean-it to proceed anyway`,
    };
  pool.applications.add(String(app));
  return done("", `enabled application '${String(app)}' on pool '${pool.name}'`);
};

const rename: Handler = (monitor, { srcpool, destpool }) => {
  const pool = poolNamed(monitor, srcpool);
  if (pool === undefined) return noPool(srcpool);
  if (poolNamed(monitor, destpool) !== undefined)
    return { code: 17, text: `pool '${String(destpool)}' already exists` };
  pool.name = String(destpool);
  return done();
};

export const poolHandlers: Record<string, Handler> = {
  "osd pool ls": ({ pools }) => done([...pools.values()].map(listing)),
  "osd pool create": createPool,
  "osd pool set": setPool,
  "osd pool set-quota": quota,
  "osd pool application enable": enable,
  "osd pool rename": rename,
  "osd pool get": (monitor, { pool: name, var: key }) => {
    const value = poolNamed(monitor, name)?.options.get(String(key));
    return value === undefined
      ? { code: 2, text: `option '${String(key)}' is not set on pool '${String(name)}'` }
      : done({ [String(key)]: value });
  },
};
