/**
 * A CRUSH rule of a Ceph cluster: below which bucket, on which class of devices, and how far apart the copies or pieces of an object lie.
 * @see https://docs.ceph.com/en/latest/rados/operations/crush-map/#crush-rules
 */
import type * as pulumi from "@pulumi/pulumi";
import { checkRule, withDefaults } from "./rules.js";
import { ruleTask } from "./life.js";
import { AS_MADE, comparedRule } from "./layout.js";
import {
  adoptOrOnly,
  cephName,
  clusterRule,
  fsidOf,
  onDelete,
  placeName,
  type Adopt,
  type Cluster,
  type OnDelete,
} from "../kernel/common.js";
import { isCreating } from "../kernel/compare.js";
import type { Artifact } from "../kernel/contract.js";
import type { Props } from "../kernel/json.js";
import { ArtifactResource, type Args, type In } from "../kernel/resource.js";
import { foundOrNot } from "../kernel/seen.js";
import { defaulted, either, oneOf, optional, type Shape } from "../kernel/shape.js";
import { ruleClaim, type Origin } from "../ownership/cluster-records.js";
import { convergeThing, findThing, removeThing, type FoundThing } from "../ownership/cluster-thing.js";

/** A CRUSH rule, as a program describes it. */
export interface CephCrushRuleInputs {
  /** The cluster; `admin` is needed. Changing its fsid replaces. */
  cluster: Cluster;
  /**
   * Name of the rule: letters, digits, `_`, `.`, `-`. Another name makes another rule; pools that take `rule.name` move to it, and the old one goes
   * then. @default the resource's name
   */
  name: string;
  /** `replicated`, or `erasure`: one of an erasure-code profile. */
  type: "replicated" | "erasure";
  /** Bucket below which the copies go; it must be there. For `replicated`. @default "default" */
  root?: string;
  /** Kind of place of which each has one copy at most: `osd`, `host`, `rack`, … For `replicated`. @default "host" */
  failureDomain?: string;
  /** Class of the devices: `hdd`, `ssd`, `nvme`; there must be such devices; `""` for any. For `replicated`. @default any, and not compared */
  deviceClass?: string;
  /** The profile that says root, failure domain and class. For `erasure`. A rule is a copy: a profile that goes does not change it. @default "default" */
  erasureCodeProfile?: string;
  /** Not for programs: stands for "its steps are those of these settings", so that others show as a difference. */
  steps?: typeof AS_MADE;
  /**
   * What a create does with a rule of this name that is not recorded as made or adopted by this package. `overwrite`: one that no pool uses is made anew. `only`: it must be
   * there, and none is made; defaults of other fields do not count, nor do its steps where no field says them. @default "if-identical"
   */
  adopt?: Adopt | "only";
  /** What a destroy does with it. One that a pool uses stays, and is said. @default what we made is removed, what was adopted stays */
  onDelete?: OnDelete;
}

const shape: Shape<CephCrushRuleInputs> = {
  cluster: clusterRule,
  name: cephName,
  type: oneOf("replicated", "erasure"),
  root: optional(placeName),
  failureDomain: optional(placeName),
  deviceClass: optional(either(oneOf(""), placeName, 'the name of a class, or "" for any')),
  erasureCodeProfile: optional(cephName),
  steps: defaulted(oneOf(AS_MADE), AS_MADE),
  adopt: adoptOrOnly,
  onDelete,
};

const label = ({ name }: CephCrushRuleInputs): string => `CRUSH rule ${name}`;
const claim = ({ name, cluster }: CephCrushRuleInputs): string => ruleClaim(name, fsidOf(cluster));

export const cephCrushRule: Artifact<CephCrushRuleInputs, FoundThing | undefined> = {
  kind: "CephCrushRule",
  shape,
  facts: ["origin"],
  policy: ["adopt", "onDelete"],
  label,
  replacedBy: ({ cluster, name }) => ({ cluster: fsidOf(cluster), name }),
  id: ({ cluster, name }) => `${cluster.fsid}/crush-rule/${name}`,
  claims: (inputs) => [{ thing: claim(inputs) }],
  check(inputs, _olds, report) {
    checkRule(inputs, report);
    return withDefaults(inputs);
  },
  compared: comparedRule,
  observe: async (reach, inputs, prior) =>
    foundOrNot(await findThing(ruleTask(reach, inputs, taskOf(inputs, prior)))),
  apply: (reach, inputs, { look }, prior) =>
    convergeThing(ruleTask(reach, inputs, taskOf(inputs, prior)), look),
  async remove(reach, inputs, state) {
    const why = await removeThing(ruleTask(reach, inputs, taskOf(inputs, state)));
    if (why !== undefined) reach.note(`${label(inputs)} stays: ${why}`);
  },
};

const taskOf = (inputs: CephCrushRuleInputs, prior: Props | undefined) => ({
  thing: label(inputs),
  claim: claim(inputs),
  creating: isCreating(prior),
});

export type CephCrushRuleArgs = Args<Omit<CephCrushRuleInputs, "name" | "steps">> & { name?: In<string> };

/** A CRUSH rule of a Ceph cluster. */
export class CephCrushRule extends ArtifactResource<CephCrushRuleInputs> {
  /** Name of the rule: hand it to `crushRule` of pools, so that it is made first. */
  declare readonly name: pulumi.Output<string>;
  /** Whether this package made the rule or found it. */
  declare readonly origin: pulumi.Output<Origin>;

  constructor(name: string, args: CephCrushRuleArgs, opts?: pulumi.CustomResourceOptions) {
    super(cephCrushRule, name, { ...args, name: args.name ?? name }, opts);
  }
}
