/** Rules over several settings of a pool. Pure; a value that is not known yet is a text where none belongs, and no rule applies to it. */
import { applicationsOf, type PoolWish } from "./ceph-pool-changes.js";
import type { Plains } from "./ceph-pool-settings.js";

/** One broken rule. */
export interface Problem {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly allowed: string;
}

/** What the rules need of a pool's inputs. */
export interface PoolRules extends PoolWish {
  readonly type?: string;
  readonly erasureCodeProfile?: string;
}

const known = (value: unknown): value is number => typeof value === "number";

const sizes = ({ type, size, minSize }: PoolRules): Problem[] => {
  const problems: Problem[] = [];
  if (type === "erasure" && size !== undefined)
    problems.push({
      path: ["size"],
      value: size,
      allowed: "must be left out for an erasure-coded pool: its profile decides",
    });
  if (known(size) && known(minSize) && minSize > size)
    problems.push({ path: ["minSize"], value: minSize, allowed: `must be from 1 to size, which is ${size}` });
  return problems;
};

const kinds = ({ type, erasureCodeProfile, allowEcOverwrites, rbdInit }: PoolRules): Problem[] => {
  const only = (path: string, value: unknown): Problem[] =>
    value === undefined ? [] : [{ path: [path], value, allowed: 'is for pools of type "erasure"' }];
  if (type === "replicated")
    return [
      ...only("erasureCodeProfile", erasureCodeProfile),
      ...only("allowEcOverwrites", allowEcOverwrites),
    ];
  if (type === "erasure" && rbdInit === true)
    return [
      {
        path: ["rbdInit"],
        value: true,
        allowed: "must be false for an erasure-coded pool: it has no omap for RBD's metadata",
      },
    ];
  return [];
};

const groups = ({ pgNum, pgAutoscaleMode: mode, pgNumMin, pgNumMax }: PoolRules): Problem[] => {
  const problems: Problem[] = [];
  const exact = typeof pgNum === "object" && "exact" in pgNum;
  if (exact && (mode === undefined || mode === "on"))
    problems.push({
      path: ["pgNum"],
      value: pgNum,
      allowed:
        'can be exact only with pgAutoscaleMode "off" or "warn": the autoscaler would set another number; { initial: … } goes with it',
    });
  if (known(pgNumMin) && known(pgNumMax) && pgNumMin > pgNumMax)
    problems.push({
      path: ["pgNumMin"],
      value: pgNumMin,
      allowed: `must be at most pgNumMax, which is ${pgNumMax}`,
    });
  const number = typeof pgNum === "object" ? ("exact" in pgNum ? pgNum.exact : pgNum.initial) : pgNum;
  if (known(number) && ((known(pgNumMin) && number < pgNumMin) || (known(pgNumMax) && number > pgNumMax)))
    problems.push({
      path: ["pgNum"],
      value: pgNum,
      allowed: `must be from pgNumMin (${pgNumMin ?? 1}) to pgNumMax (${pgNumMax ?? "any"})`,
    });
  return problems;
};

const initialised = (wish: PoolRules): Problem[] =>
  wish.rbdInit === true && typeof wish.application !== "string" && !applicationsOf(wish).includes("rbd")
    ? [{ path: ["rbdInit"], value: true, allowed: 'needs "rbd" among application' }]
    : [];

export const poolProblems = (wish: PoolRules): Problem[] => [
  ...sizes(wish),
  ...kinds(wish),
  ...groups(wish),
  ...initialised(wish),
];

/** `pgNum` as it is kept: a bare number is exact where the autoscaler is off, else it counts at creation only. */
export const canonicalPgNum = ({ pgNum, pgAutoscaleMode: mode }: PoolRules): Plains => {
  if (typeof pgNum !== "number") return {};
  return { pgNum: mode === "off" ? { exact: pgNum } : { initial: pgNum } };
};

/** Options as text, as Ceph takes and tells them. */
export const canonicalOptions = ({ options }: PoolRules): Plains =>
  options === undefined
    ? {}
    : { options: Object.fromEntries(Object.entries(options).map(([key, value]) => [key, String(value)])) };

/** What a change of would cost data or move nothing. `olds`: what was recorded, with the wished name as `__name`. */
export const changeProblems = (
  inputs: PoolRules & {
    readonly cluster: { readonly fsid: string };
    readonly name: string;
    readonly renamedFrom?: string;
  },
  olds: Readonly<Record<string, unknown>>,
  isUnknown: (value: unknown) => boolean,
): Problem[] => {
  const { cluster, name, renamedFrom } = inputs;
  const other = (now: unknown, then: unknown): boolean =>
    then !== undefined && !isUnknown(now) && !isUnknown(then) && now !== then;
  const problems: Problem[] = [];
  const before = olds["__name"] ?? olds["name"];
  const old = typeof olds["cluster"] === "object" ? { ...olds["cluster"] } : {};
  const fsid = "fsid" in old ? old.fsid : undefined;
  if (other(cluster.fsid, fsid)) {
    const allowed = `must stay ${String(fsid)}: a pool does not move; one in another cluster is a resource of its own`;
    problems.push({ path: ["cluster", "fsid"], value: cluster.fsid, allowed });
  }
  for (const key of ["type", "erasureCodeProfile"] as const)
    if (other(inputs[key], olds[key]))
      problems.push({
        path: [key],
        value: inputs[key],
        allowed: `must stay ${String(olds[key])}: make a new pool and migrate`,
      });
  if (other(name, before) && other(renamedFrom, before)) {
    const cure = `renamedFrom: ${JSON.stringify(before)} renames the pool in place`;
    problems.push({
      path: ["name"],
      value: name,
      allowed: `must stay ${String(before)}: images, volumes and guests hold it; ${cure}`,
    });
  }
  return problems;
};

const initialOf = (pgNum: unknown): unknown =>
  typeof pgNum === "object" && pgNum !== null && "initial" in pgNum ? pgNum.initial : undefined;

/** The new `initial` where it was changed after creation, which does nothing. */
export const changedInitial = (before: unknown, after: unknown): unknown =>
  initialOf(before) !== undefined && initialOf(before) !== initialOf(after) ? initialOf(after) : undefined;
