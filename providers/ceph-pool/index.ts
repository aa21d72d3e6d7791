/**
 * A pool of a Ceph cluster: its type, size, placement groups, CRUSH rule, applications, quota and options.
 * @see https://docs.ceph.com/en/latest/rados/operations/pools/
 */
import type * as pulumi from "@pulumi/pulumi";
import { applicationsOf } from "./changes.js";
import { convergePool, findPool, comparedPool, type FoundPool, type PoolTask } from "./life.js";
import { tooFewPlaces } from "./places.js";
import { removePool } from "./removal.js";
import {
  canonicalOptions,
  canonicalPgNum,
  changedInitial,
  changeProblems,
  poolProblems,
  renameAhead,
} from "./rules.js";
import { optionNameBeside, optionValue } from "./options.js";
import { OWN_FIELDS, type PgNum } from "./settings.js";
import { leftToCeph } from "./stretch.js";
import type { Origin } from "../ownership/cluster-records.js";
import { cephOf } from "../clients/ceph/index.js";
import { actingOwner } from "../ownership/acting-owner.js";
import {
  adoptOrOnly,
  cephName,
  clusterRule,
  fsidOf,
  onDelete,
  type Adopt,
  type Cluster,
  type OnDelete,
} from "../kernel/common.js";
import { differing, isCreating } from "../kernel/compare.js";
import type { Artifact, Reach } from "../kernel/contract.js";
import { isMap, isUnknown, UNKNOWN, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args, type In } from "../kernel/resource.js";
import { foundOrNot } from "../kernel/seen.js";
import { boolean, either, integer, list, map, number, object, oneOf, optional } from "../kernel/shape.js";
import type { Rule, Shape } from "../kernel/shape.js";

/** A pool, as a program describes it. A field left out is not managed: not compared, not written. */
export interface CephPoolInputs {
  /** The cluster; `admin` is needed. Another fsid is refused: a pool does not move. */
  cluster: Cluster;
  /**
   * Name of the pool: letters, digits, `_`, `.`, `-`. Another name is refused unless `renamedFrom` is the old one: Glance locations, volumes
   * and guests hold it. @default the resource's name
   */
  name: string;
  /** Old name of the pool: it is renamed in place. Rights go by the name: stop what uses the pool before. Acts on a pool that is ours; left in the program it does nothing more. */
  renamedFrom?: string;
  /** `replicated` or `erasure`. A change is refused: a new pool and a migration are the way. @default "replicated" */
  type?: "replicated" | "erasure";
  /** Copies of each object, 1-10 (1 needs `mon_allow_pool_size_one`). Not for erasure-coded pools. @default the cluster's */
  size?: number;
  /** Copies that must be there for I/O, from 1 to `size`. @default the cluster's */
  minSize?: number;
  /** Name of its CRUSH rule, which must exist. @default the cluster's; an erasure-coded pool gets one of its profile from Ceph, which goes with it */
  crushRule?: string;
  /** Erasure-code profile, for type `erasure`, at creation. A change is refused. @default "default" */
  erasureCodeProfile?: string;
  /** Partial writes to an erasure-coded pool, as RBD needs them. Cannot be taken back. @default not set */
  allowEcOverwrites?: boolean;
  /**
   * Placement groups, 1-65536. `{ initial }` counts at creation and never again, so that the autoscaler is free; a changed `initial` does
   * nothing. `{ exact }` is kept, and wants `pgAutoscaleMode` "off" or "warn". A bare number is exact where that is "off", else initial.
   */
  pgNum?: PgNum;
  /** What the autoscaler does with this pool. @default the cluster's */
  pgAutoscaleMode?: "on" | "off" | "warn";
  /** The autoscaler goes not below, 1-65536. Above the present number it takes that along. */
  pgNumMin?: number;
  /** The autoscaler goes not above, 1-65536. Below the present number it takes that along. */
  pgNumMax?: number;
  /** Share of the cluster's data expected in this pool, relative to the other pools that say one. 0 says none. */
  targetSizeRatio?: number;
  /** Data expected in this pool, in bytes. 0 says nothing. */
  targetSizeBytes?: number;
  /** Starts with many placement groups, and merges where they are not needed. */
  bulk?: boolean;
  /** Applications of the pool; others that are enabled on it are left alone. @default "rbd" */
  application?: string | readonly string[];
  /** `rbd pool init`, seen by the object that it leaves. @default true where the application is rbd and the type replicated */
  rbdInit?: boolean;
  /** Most bytes and objects in the pool, `{ maxBytes, maxObjects }`; 0 takes the limit away. */
  quota?: { readonly maxBytes?: number; readonly maxObjects?: number };
  /** Compression on BlueStore, `{ mode, algorithm, requiredRatio }`: when, how, and the ratio (0-1) from which on a chunk is stored compressed. */
  compression?: PoolCompression;
  /** Any other key of `ceph osd pool set`, e.g. `nodelete`; one that has a field of its own is refused. */
  options?: Readonly<Record<string, string | number | boolean>>;
  /** `keep`: a destroy forgets the pool and says so. `remove`: it deletes it, when that has been applied by an `up` before. @default "keep" */
  onDelete?: OnDelete;
  /** Deletes a pool that has content, too. Content is any object but RBD's own empty bookkeeping. @default false */
  forceDestroy?: boolean;
  /**
   * What a create does with a pool of this name that is not recorded as made or adopted by this package; only given fields are compared. `only`: the pool must be there,
   * and nothing is made; defaults of other fields do not count. @default "if-identical"
   */
  adopt?: Adopt | "only";
}

/** @see https://docs.ceph.com/en/latest/rados/operations/pools/#set-pool-values */
export interface PoolCompression {
  readonly mode: "none" | "passive" | "aggressive" | "force";
  readonly algorithm?: "lz4" | "snappy" | "zlib" | "zstd";
  readonly requiredRatio?: number;
}

// mon_max_pool_pg_num <https://docs.ceph.com/en/latest/rados/configuration/pool-pg-config-ref/>
const groups = integer(1, 65_536);
const count = integer(0, Number.MAX_SAFE_INTEGER);
const pgNum: Rule<PgNum> = either(
  groups,
  either(object<{ initial: number }>({ initial: groups }), object<{ exact: number }>({ exact: groups }), ""),
  "a whole number from 1 to 65536, { initial: number } or { exact: number }",
);
export const poolShape: Shape<CephPoolInputs> = {
  cluster: clusterRule,
  name: cephName,
  renamedFrom: optional(cephName),
  type: optional(oneOf("replicated", "erasure")),
  size: optional(integer(1, 10)),
  minSize: optional(integer(1, 32)),
  crushRule: optional(cephName),
  erasureCodeProfile: optional(cephName),
  allowEcOverwrites: optional(boolean),
  pgNum: optional(pgNum),
  pgAutoscaleMode: optional(oneOf("on", "off", "warn")),
  pgNumMin: optional(groups),
  pgNumMax: optional(groups),
  targetSizeRatio: optional(number(0, 1_000_000)),
  targetSizeBytes: optional(count),
  bulk: optional(boolean),
  application: optional(either(cephName, list(cephName), "the name of an application, or a list of names")),
  rbdInit: optional(boolean),
  quota: optional(
    object<NonNullable<CephPoolInputs["quota"]>>({ maxBytes: optional(count), maxObjects: optional(count) }),
  ),
  compression: optional(
    object<PoolCompression>({
      mode: oneOf("none", "passive", "aggressive", "force"),
      algorithm: optional(oneOf("lz4", "snappy", "zlib", "zstd")),
      requiredRatio: optional(number(0, 1)),
    }),
  ),
  options: optional(map(optionNameBeside(OWN_FIELDS), optionValue)),
  onDelete,
  forceDestroy: optional(boolean),
  adopt: adoptOrOnly,
};

const label = ({ name }: CephPoolInputs): string => `pool ${name}`;
const claim = ({ cluster, name }: Pick<CephPoolInputs, "cluster" | "name">): string =>
  `pool ${name} of cluster ${fsidOf(cluster)}`;

const compared = (inputs: CephPoolInputs): Props => ({
  ...comparedPool(inputs),
  ...(isUnknown(inputs.application) ? { application: UNKNOWN } : {}),
});

/** A pool that must be there is managed in what is given of it. */
const withDefaults = (inputs: CephPoolInputs): CephPoolInputs =>
  inputs.adopt === "only" ? inputs : { type: "replicated", application: "rbd", ...inputs };

const isUnsaid = ({ adopt, type, application }: CephPoolInputs): boolean =>
  adopt === "only" && (type === undefined || application === undefined);

/** Inputs as they are kept, with what follows from them; from an unknown follows an unknown. */
const canonical = (given: CephPoolInputs): CephPoolInputs => {
  const inputs = withDefaults(given);
  const unknown = isUnknown(inputs.application) || isUnknown(inputs.type);
  const application = isUnknown(inputs.application) ? UNKNOWN : applicationsOf(inputs);
  const init = unknown ? UNKNOWN : inputs.type !== "erasure" && application.includes("rbd");
  const derived: Props = {
    ...(inputs.application === undefined ? {} : { application }),
    ...(inputs.rbdInit === undefined && isUnsaid(inputs) ? {} : { rbdInit: inputs.rbdInit ?? init }),
    ...canonicalPgNum(inputs),
    ...(isMap(inputs.options) ? canonicalOptions(inputs) : {}),
  };
  return Object.assign({}, inputs, derived);
};

const task = (reach: Reach, inputs: CephPoolInputs, prior: Props | undefined): PoolTask => ({
  ceph: cephOf(reach, inputs.cluster),
  acting: actingOwner(reach),
  pool: inputs,
  poolId: numberOf(prior),
  creating: isCreating(prior),
  claim: (name) => claim({ ...inputs, name }),
  differing: (managed) => differing(compared(inputs), managed),
});

const numberOf = (state: Props | undefined): number | undefined => {
  const poolId = state?.["poolId"];
  return typeof poolId === "number" ? poolId : undefined;
};

export const cephPool: Artifact<CephPoolInputs, FoundPool | undefined> = {
  kind: "CephPool",
  shape: poolShape,
  facts: ["poolId", "origin"],
  policy: ["onDelete", "forceDestroy", "adopt", "renamedFrom"],
  label,
  replacedBy: ({ cluster }) => ({ cluster: fsidOf(cluster) }),
  id: ({ cluster: { fsid } }, facts) =>
    numberOf(facts) === undefined ? undefined : `${fsid}/${numberOf(facts)}`,
  claims: (inputs) => [{ thing: claim(inputs) }],
  check(inputs, olds, report) {
    const result = canonical(inputs);
    const problems = [...poolProblems(result), ...changeProblems(result, olds ?? {})];
    for (const { path, value, allowed } of problems) report(path, value, allowed);
    return result;
  },
  warnings: (inputs, olds) => renameAhead(inputs, olds),
  hidden: ({ name }) => ({ __name: name }),
  compared,
  observe: async (reach, inputs, prior) => foundOrNot(await findPool(task(reach, inputs, prior))),
  async apply(reach, inputs, gap, prior) {
    const late = changedInitial(prior?.["pgNum"], inputs.pgNum);
    if (late !== undefined)
      reach.note(`${label(inputs)}: pgNum.initial counts at creation only: ${late} does nothing`);
    const after = await convergePool(task(reach, inputs, prior), gap.look);
    const { pool } = after.extra;
    const few = await tooFewPlaces(cephOf(reach, inputs.cluster), inputs, { pool, changed: gap.changed });
    for (const said of [few, leftToCeph(inputs, pool)])
      if (said !== undefined) reach.note(`${label(inputs)}: ${said}`);
    return after;
  },
  async remove(reach, inputs, state) {
    const stays = await removePool(task(reach, inputs, state));
    if (stays !== undefined) reach.note(`${label(inputs)} ${stays}`);
  },
};

export type CephPoolArgs = Args<Omit<CephPoolInputs, "name">> & { name?: In<string> };

/** A pool of a Ceph cluster. */
export class CephPool extends ArtifactResource<CephPoolInputs> {
  /** Name of the pool. */
  declare readonly name: pulumi.Output<string>;
  /** Number of the pool in its cluster. */
  declare readonly poolId: pulumi.Output<number>;
  /** Whether this package made the pool or found it. */
  declare readonly origin: pulumi.Output<Origin>;

  constructor(name: string, args: CephPoolArgs, opts?: pulumi.CustomResourceOptions) {
    super(cephPool, name, { ...args, name: args.name ?? name }, opts);
  }
}
