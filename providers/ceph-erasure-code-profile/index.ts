/**
 * An erasure-code profile of a Ceph cluster: into how many pieces an object is cut, how many more are made of them, and where they go.
 * @see https://docs.ceph.com/en/latest/rados/operations/erasure-code-profile/
 */
import type * as pulumi from "@pulumi/pulumi";
import { checkProfile, optionName } from "./rules.js";
import { creation, foundValues, comparedValues } from "./values.js";
import { cephOf, type Ceph } from "../clients/ceph/index.js";
import { missingPlace } from "../clients/ceph/crush-map.js";
import {
  boolean,
  cephName,
  clusterRule,
  fsidOf,
  onDelete,
  placeName,
  type Cluster,
  type OnDelete,
} from "../kernel/common.js";
import { differing, isCreating } from "../kernel/compare.js";
import type { Artifact, Reach } from "../kernel/contract.js";
import { isMap, isUnknown, plainProps, UNKNOWN, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args, type In } from "../kernel/resource.js";
import { foundOrNot } from "../kernel/seen.js";
import { either, integer, map, number, oneOf, optional, text, type Shape } from "../kernel/shape.js";
import { actingOwner } from "../ownership/acting-owner.js";
import { profileRecordKey, type Origin } from "../ownership/cluster-records.js";
import {
  convergeThing,
  findThing,
  removeThing,
  type ClusterThing,
  type FoundThing,
} from "../ownership/cluster-thing.js";
import { Failure } from "../remote/failure.js";

/**
 * An erasure-code profile, as a program describes it. Never changed in place: pools are laid out by it. A field left out is the cluster's own
 * default and not compared.
 */
export interface CephErasureCodeProfileInputs {
  /** The cluster; `admin` is needed. Changing its fsid replaces. */
  cluster: Cluster;
  /** Name of the profile: letters, digits, `_`, `.`, `-`. Another name makes another profile. @default the resource's name */
  name: string;
  /** `jerasure`, `isa`, `lrc`, `shec`, `clay`. A change is refused. @default the cluster's: `jerasure`, from Tentacle on `isa` */
  plugin?: string;
  /** Pieces that an object is cut into, 2-254. A change is refused. */
  k: number;
  /** Pieces that are made of them, 1-253: so many may be lost. `k` and `m` together are at most 255. A change is refused. */
  m: number;
  /** Bucket below which the pieces go. It must be there. A change is refused. @default the cluster's: `default` */
  crushRoot?: string;
  /** Kind of place of which each has one piece at most: `osd`, `host`, `rack`, … A change is refused. @default the cluster's: `host` */
  crushFailureDomain?: string;
  /** Class of the devices: `hdd`, `ssd`, `nvme`. There must be such devices; `""` for any. A change is refused. @default any */
  crushDeviceClass?: string;
  /** Any other key of a profile, e.g. `technique`, `stripe_unit`; `ceph osd erasure-code-profile get` prints them. A change is refused. */
  options?: Readonly<Record<string, string | number | boolean>>;
  /**
   * What a create does with a profile of this name that is not recorded as made or adopted by this package; only given fields are compared. `only`: it must be there, and
   * none is made. @default "if-identical"
   */
  adopt?: "if-identical" | "never" | "only";
  /** What a destroy does with it. One that a pool uses stays, and is said; so does `default`. @default what we made is removed, what was adopted stays */
  onDelete?: OnDelete;
}

const shape: Shape<CephErasureCodeProfileInputs> = {
  cluster: clusterRule,
  name: cephName,
  plugin: optional(text(/^[a-z][a-z0-9_]*$/, 'the name of a plugin, e.g. "jerasure"')),
  k: integer(2, 254),
  m: integer(1, 253),
  crushRoot: optional(placeName),
  crushFailureDomain: optional(placeName),
  crushDeviceClass: optional(either(oneOf(""), placeName, 'the name of a class, or "" for any')),
  options: optional(
    map(
      optionName,
      either(
        either(boolean, number(-Number.MAX_VALUE, Number.MAX_VALUE), ""),
        text(/^[\x20-\x7e]{1,1000}$/, ""),
        "text without control characters, a number, true or false",
      ),
    ),
  ),
  adopt: optional(oneOf("if-identical", "never", "only")),
  onDelete,
};

const label = ({ name }: CephErasureCodeProfileInputs): string => `erasure-code profile ${name}`;
const claim = (inputs: CephErasureCodeProfileInputs): string =>
  `${label(inputs)} of cluster ${fsidOf(inputs.cluster)}`;

const compared = (inputs: CephErasureCodeProfileInputs): Props => ({
  ...comparedValues(inputs),
  ...(isUnknown(inputs.options) ? { options: UNKNOWN } : {}),
});

const CURE =
  "or take another name: a profile is never changed in place, because pools are laid out by it. One that somebody has changed by --force is put back by hand.";

/** Ceph's own: it makes pools by it that name none. */
const OWN = "default";

const usersOf = async (ceph: Ceph, name: string): Promise<string[]> =>
  (await ceph.pools())
    .filter(({ erasureCodeProfile }) => erasureCodeProfile === name)
    .map((pool) => pool.name);

const takeAway = async (ceph: Ceph, name: string): Promise<string | undefined> => {
  if (name === OWN) return "it is Ceph's own, for pools that name none";
  const users = await usersOf(ceph, name);
  if (users.length > 0) return `pools are laid out by it: ${users.join(", ")}`;
  return ceph.removeCrush({ prefix: "osd erasure-code-profile rm", name });
};

const refuse = async (
  ceph: Ceph,
  inputs: CephErasureCodeProfileInputs,
  differences: readonly string[] | undefined,
): Promise<void> => {
  const { crushRoot: root, crushFailureDomain: failureDomain, crushDeviceClass: deviceClass } = inputs;
  if (differences !== undefined)
    throw new Failure({
      code: "refused",
      what: `${label(inputs)} is there with other values: ${differences.join("; ")}`,
      cure: `Say in the program what is there, leave those fields out, ${CURE}`,
    });
  if (root === undefined && failureDomain === undefined && (deviceClass ?? "") === "") return;
  const missing = missingPlace({ root, failureDomain, deviceClass }, await ceph.places());
  if (missing !== undefined) throw missing;
};

const task = (reach: Reach, inputs: CephErasureCodeProfileInputs, prior: Props | undefined): ClusterThing => {
  const { cluster, name, adopt, onDelete } = inputs;
  const ceph = cephOf(reach, cluster);
  return {
    ceph,
    acting: actingOwner(reach),
    thing: label(inputs),
    claim: claim(inputs),
    key: profileRecordKey(name),
    creating: isCreating(prior),
    adopt,
    onDelete,
    cure: CURE,
    desired: compared(inputs),
    differing: (managed) => differing(compared(inputs), managed),
    async find() {
      const profile = await ceph.profile(name);
      return profile === undefined ? undefined : foundValues(inputs, profile);
    },
    names: () => ceph.profiles(),
    make: () => ceph.changeCrush(creation(inputs)),
    change: async () => undefined,
    refuse: (differences) => refuse(ceph, inputs, differences),
    takeAway: () => takeAway(ceph, name),
  };
};

/** Values as they are kept. */
const canonical = (inputs: CephErasureCodeProfileInputs): CephErasureCodeProfileInputs =>
  isMap(inputs.options)
    ? {
        ...inputs,
        options: Object.fromEntries(
          Object.entries(inputs.options).map(([key, value]) => [
            key,
            isUnknown(value) ? value : String(value),
          ]),
        ),
      }
    : inputs;

const isSameProfile = ({ cluster, name }: CephErasureCodeProfileInputs, olds: Props | undefined): boolean =>
  isMap(olds?.["cluster"]) && olds["cluster"]["fsid"] === fsidOf(cluster) && olds["name"] === name;

export const cephErasureCodeProfile: Artifact<CephErasureCodeProfileInputs, FoundThing | undefined> = {
  kind: "CephErasureCodeProfile",
  shape,
  facts: ["origin"],
  policy: ["adopt", "onDelete"],
  label,
  replacedBy: ({ cluster, name }) => ({ cluster: fsidOf(cluster), name }),
  id: ({ cluster, name }) => `${cluster.fsid}/erasure-code-profile/${name}`,
  claims: (inputs) => [{ thing: claim(inputs) }],
  check(given, olds, report) {
    const inputs = canonical(given);
    const same = isSameProfile(inputs, olds);
    checkProfile(inputs, same ? { olds, before: olds?.["__desired"] } : { olds: {}, before: {} }, report);
    return inputs;
  },
  // What was desired, and not what a refresh has found: it tells a changed program from a profile that somebody has forced.
  hidden: (inputs) => ({ __desired: plainProps(compared(inputs)) }),
  compared,
  observe: async (reach, inputs, prior) => foundOrNot(await findThing(task(reach, inputs, prior))),
  apply: (reach, inputs, { look }, prior) => convergeThing(task(reach, inputs, prior), look),
  async remove(reach, inputs, state) {
    const why = await removeThing(task(reach, inputs, state));
    if (why !== undefined) reach.note(`${label(inputs)} stays: ${why}`);
  },
};

export type CephErasureCodeProfileArgs = Args<Omit<CephErasureCodeProfileInputs, "name">> & {
  name?: In<string>;
};

/** An erasure-code profile of a Ceph cluster. */
export class CephErasureCodeProfile extends ArtifactResource<CephErasureCodeProfileInputs> {
  /** Name of the profile: hand it to `erasureCodeProfile` of pools and rules, so that it is made first. */
  declare readonly name: pulumi.Output<string>;
  /** Whether this package made the profile or found it. */
  declare readonly origin: pulumi.Output<Origin>;

  constructor(name: string, args: CephErasureCodeProfileArgs, opts?: pulumi.CustomResourceOptions) {
    super(cephErasureCodeProfile, name, { ...args, name: args.name ?? name }, opts);
  }
}
