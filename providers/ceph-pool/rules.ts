/** Rules over several settings of a pool. Pure; a value that is not known yet is a text where none belongs, and no rule applies to it. */
import { fsidOf, type Cluster } from "../kernel/common.js";
import { isUnknown, type Props } from "../kernel/json.js";
import { applicationsOf, type DesiredPool } from "./changes.js";

/** One broken rule. */
export interface Problem {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly allowed: string;
}

/** What the rules need of a pool's inputs. */
export interface PoolRules extends DesiredPool {
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

const exactly = ({ pgNum, pgAutoscaleMode: mode }: PoolRules): Problem[] => {
  if (typeof pgNum !== "object" || !("exact" in pgNum) || (mode !== undefined && mode !== "on")) return [];
  const why = "the autoscaler would set another number; { initial: … } goes with it";
  return [
    {
      path: ["pgNum"],
      value: pgNum,
      allowed: `can be exact only with pgAutoscaleMode "off" or "warn": ${why}`,
    },
  ];
};

const numberIn = (pgNum: PoolRules["pgNum"]): unknown => {
  if (typeof pgNum !== "object") return pgNum;
  return "exact" in pgNum ? pgNum.exact : pgNum.initial;
};

const bounds = ({
  pgNum,
  pgNumMin: low = 1,
  pgNumMax: high = Number.MAX_SAFE_INTEGER,
}: PoolRules): Problem[] => {
  if (!known(low) || !known(high)) return [];
  if (low > high)
    return [{ path: ["pgNumMin"], value: low, allowed: `must be at most pgNumMax, which is ${high}` }];
  const number = numberIn(pgNum);
  if (!known(number) || (number >= low && number <= high)) return [];
  return [{ path: ["pgNum"], value: pgNum, allowed: `must be from pgNumMin to pgNumMax: ${low} to ${high}` }];
};

const initialised = (desired: PoolRules): Problem[] =>
  desired.rbdInit === true &&
  typeof desired.application !== "string" &&
  !applicationsOf(desired).includes("rbd")
    ? [{ path: ["rbdInit"], value: true, allowed: 'needs "rbd" among application' }]
    : [];

export const poolProblems = (desired: PoolRules): Problem[] => [
  ...sizes(desired),
  ...kinds(desired),
  ...exactly(desired),
  ...bounds(desired),
  ...initialised(desired),
];

/** `pgNum` as it is kept: a bare number is exact where the autoscaler is off, else it counts at creation only. */
export const canonicalPgNum = ({ pgNum, pgAutoscaleMode: mode }: PoolRules): Props => {
  if (typeof pgNum !== "number") return {};
  return { pgNum: mode === "off" ? { exact: pgNum } : { initial: pgNum } };
};

/** Options as text, as Ceph takes and tells them. */
export const canonicalOptions = ({ options }: PoolRules): Props =>
  options === undefined
    ? {}
    : { options: Object.fromEntries(Object.entries(options).map(([key, value]) => [key, String(value)])) };

/** A pool's inputs with what says which pool it is. */
export interface NamedPool extends PoolRules {
  readonly cluster: Cluster;
  readonly name: string;
  readonly renamedFrom?: string;
}

type Olds = Readonly<Record<string, unknown>>;
type Other = (now: unknown, then: unknown) => boolean;

const movedName = ({ name, renamedFrom }: NamedPool, olds: Olds, other: Other): Problem[] => {
  // `__name` is the name that was desired: `name` may be what somebody has renamed the pool to by hand.
  const before = olds["__name"] ?? olds["name"];
  if (typeof before !== "string" || !other(name, before) || !other(renamedFrom, before)) return [];
  // The program follows a rename by hand: nothing is renamed.
  if (name === olds["name"]) return [];
  const cure = `renamedFrom: ${JSON.stringify(before)} renames the pool in place`;
  const allowed = `must stay ${before}: images, volumes and guests hold it; ${cure}`;
  return [{ path: ["name"], value: name, allowed }];
};

const movedCluster = ({ cluster: desired }: NamedPool, olds: Olds, other: Other): Problem[] => {
  const fsid = fsidOf(desired);
  const cluster = typeof olds["cluster"] === "object" ? { ...olds["cluster"] } : {};
  const before = "fsid" in cluster ? cluster.fsid : undefined;
  if (typeof before !== "string" || !other(fsid, before)) return [];
  const allowed = `must stay ${before}: a pool does not move; one in another cluster is a resource of its own`;
  return [{ path: ["cluster", "fsid"], value: fsid, allowed }];
};

/** What a change of would cost data or move nothing. `olds`: what was recorded. */
export const changeProblems = (inputs: NamedPool, olds: Olds): Problem[] => {
  const other: Other = (now, then) => !isUnknown(now) && !isUnknown(then) && now !== then;
  const kinds = (["type", "erasureCodeProfile"] as const).flatMap((key): Problem[] => {
    const before = olds[key];
    if (typeof before !== "string" || !other(inputs[key], before)) return [];
    return [{ path: [key], value: inputs[key], allowed: `must stay ${before}: make a new pool and migrate` }];
  });
  return [...movedCluster(inputs, olds, other), ...kinds, ...movedName(inputs, olds, other)];
};

const initialOf = (pgNum: unknown): number | undefined =>
  typeof pgNum === "object" && pgNum !== null && "initial" in pgNum && known(pgNum.initial)
    ? pgNum.initial
    : undefined;

/** The new `initial` where it was changed after creation, which does nothing. */
export const changedInitial = (before: unknown, after: unknown): number | undefined =>
  initialOf(before) !== undefined && initialOf(before) !== initialOf(after) ? initialOf(after) : undefined;

/** Rights go by the name: who works with them is refused at once, and no step shows it. */
export const renameAhead = ({ name }: NamedPool, olds: Olds = {}): string[] => {
  const before = olds["name"];
  if (typeof before !== "string" || isUnknown(name) || before === name) return [];
  return [
    `pool ${before} is renamed to ${name}: who has rights on it by its name, guests that run too, is refused from that moment until the rights name the new one, ` +
      "and what names the pool itself (locations of Glance's images, files of services) finds it no more. What uses it is to be stopped before.",
  ];
};
