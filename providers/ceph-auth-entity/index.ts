/**
 * A cephx entity of a Ceph cluster with its caps, and the generation of its key.
 * @see https://docs.ceph.com/en/latest/rados/operations/user-management/
 */
import type * as pulumi from "@pulumi/pulumi";
import { AS_RECORDED, differencesIn } from "./admission.js";
import { convergeEntity, findEntity, removeEntity, type FoundEntity, type EntityTask } from "./life.js";
import { lacksOnly, SERVICES, type EntityCaps } from "./caps.js";
import { lossAhead } from "./loss.js";
import { checkActing } from "./refusals.js";
import { generationBefore, numberOf, rotationAhead } from "./rotation.js";
import type { Origin } from "../ownership/cluster-records.js";
import { cephOf } from "../clients/ceph/index.js";
import { capsMap, checkCaps, unknownProfiles, type CapsType } from "../formats/caps/index.js";
import { keyHoldersOf } from "../ownership/key-holders.js";
import { actingOwner } from "../ownership/acting-owner.js";
import {
  adoptEntity,
  clusterRule,
  entityName,
  fsidOf,
  generation,
  onDelete,
  type AdoptEntity,
  type Cluster,
  type OnDelete,
} from "../kernel/common.js";
import { differing, isCreating } from "../kernel/compare.js";
import type { Artifact, Reach } from "../kernel/contract.js";
import { holdsUnknown, isMap, isUnknown, UNKNOWN, type Props } from "../kernel/json.js";
import { ArtifactResource, type Args } from "../kernel/resource.js";
import { foundOrNot } from "../kernel/seen.js";
import {
  boolean,
  defaulted,
  object,
  oneOf,
  optional,
  type Report,
  type Rule,
  type Shape,
} from "../kernel/shape.js";

/** Caps of one service: clauses in Ceph's own syntax, in one text or one text each; or canonical clauses by what they are about. */
export type CapsInput = string | readonly string[] | Readonly<Record<string, string>>;

/** An entity, as a program describes it. */
export interface CephAuthEntityInputs {
  /** The cluster; `admin` is needed. Changing its fsid replaces. */
  cluster: Cluster;
  /** `client.<name>`, and not the one that gives the orders (`cluster.entity`). Changing it replaces. */
  entity: string;
  /**
   * Caps by service, in Ceph's own syntax; at least one. All of them: what is not named here is taken away. Write `pool.name` where the program
   * makes the pool. Order, spacing, quoting and the blocklist's old name are no difference.
   */
  caps: {
    readonly mon?: CapsInput;
    readonly osd?: CapsInput;
    readonly mgr?: CapsInput;
    readonly mds?: CapsInput;
  };
  /** Lets profiles pass that no known release of Ceph has. Ceph takes those without a word, and the client hangs. @default false */
  allowUnknownProfiles?: boolean;
  /**
   * Generation of the key, 1-1000000. One more gives the entity a fresh key, once, and every keyring and secret that holds it in the same step; a lower
   * one is refused. @default 1
   */
  keyGeneration?: number;
  /** Adds the secret output `key`. The files and secrets of this package read the key themselves and do not need it. @default false */
  exportKey?: boolean;
  /** Not for programs: stands for "the key is the one that was recorded", so that another key shows as a difference. It is recorded then, not replaced. */
  keyState?: typeof AS_RECORDED;
  /**
   * What a create does with an entity that is not recorded as made or adopted by this package. `add-caps` gives one that has less the caps that it lacks, and refuses one that
   * has any other. @default "if-identical"
   */
  adopt?: AdoptEntity;
  /** What a destroy does with it; one whose key guests or another stack need always stays. @default what we made is removed, what was adopted stays */
  onDelete?: OnDelete;
}

const capsOfService: Rule<CapsInput> = {
  check(value, path, report) {
    if (typeof value === "string") return value;
    if (
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((part): part is string => typeof part === "string")
    )
      return value;
    if (isMap(value) && Object.keys(value).length > 0)
      return Object.fromEntries(Object.entries(value).map(([about, clause]) => [about, String(clause)]));
    report(path, value, "must be caps in Ceph's own syntax, in one text or a list of texts");
    return undefined;
  },
};

const shape: Shape<CephAuthEntityInputs> = {
  cluster: clusterRule,
  entity: entityName,
  caps: object<CephAuthEntityInputs["caps"]>({
    mon: optional(capsOfService),
    osd: optional(capsOfService),
    mgr: optional(capsOfService),
    mds: optional(capsOfService),
  }),
  allowUnknownProfiles: optional(boolean),
  keyGeneration: defaulted(generation, 1),
  exportKey: optional(boolean),
  keyState: defaulted(oneOf(AS_RECORDED), AS_RECORDED),
  adopt: adoptEntity,
  onDelete,
};

const isList = (caps: CapsInput): caps is readonly string[] => Array.isArray(caps);

const textsOf = (caps: CapsInput): readonly string[] =>
  typeof caps === "string" ? [caps] : isList(caps) ? caps : Object.values(caps);

/** What a create that was cut at once has recorded has no caps. */
const canonicalCaps = (caps: Partial<CephAuthEntityInputs>["caps"] = {}): EntityCaps =>
  Object.fromEntries(
    SERVICES.flatMap((service): [CapsType, EntityCaps[CapsType]][] => {
      const given = caps[service];
      return given === undefined ? [] : [[service, capsMap(service, textsOf(given))]];
    }),
  );

/** Caps as they are kept: canonical clauses by what they are about, and the unknown for what is not known yet. */
const keptCaps = (caps: Partial<CephAuthEntityInputs>["caps"] = {}): Props => {
  const unknown = SERVICES.filter((service) => holdsUnknown(caps[service]));
  const known = Object.fromEntries(
    Object.entries(caps).filter(([service]) => !unknown.some((one) => one === service)),
  );
  return { ...canonicalCaps(known), ...Object.fromEntries(unknown.map((service) => [service, UNKNOWN])) };
};

const checkService = (inputs: CephAuthEntityInputs, service: CapsType, report: Report): void => {
  const given = inputs.caps[service];
  if (given === undefined || holdsUnknown(given)) return;
  const texts = textsOf(given);
  const problems = texts.flatMap((text) => {
    const problem = checkCaps(service, text);
    return problem === undefined ? [] : [{ text, problem }];
  });
  for (const { text, problem } of problems)
    report(["caps", service], text, `are no caps that Ceph takes: ${problem}`);
  if (problems.length > 0 || inputs.allowUnknownProfiles === true) return;
  for (const profile of unknownProfiles(service, texts)) {
    const why = "Ceph takes it silently and the client hangs; allowUnknownProfiles: true lets it pass";
    report(["caps", service], profile, `is no profile of ${service} that is known: ${why}`);
  }
};

const task = (reach: Reach, inputs: CephAuthEntityInputs, prior: Props | undefined): EntityTask => ({
  ceph: cephOf(reach, inputs.cluster),
  acting: actingOwner(reach),
  entity: inputs.entity,
  claim: claim(inputs),
  caps: canonicalCaps(inputs.caps),
  generation: inputs.keyGeneration ?? 1,
  stateGeneration: numberOf(prior?.["keyGeneration"]),
  creating: isCreating(prior),
  wasThere: typeof prior?.["keyFingerprint"] === "string",
  holders: keyHoldersOf(reach, inputs),
  adopt: inputs.adopt,
  onDelete: inputs.onDelete,
  note: (text) => reach.note(text),
  exportKey: inputs.exportKey === true,
  differing: (managed) => differing(compared(inputs), managed),
});

const compared = (inputs: CephAuthEntityInputs): Props => ({
  caps: isUnknown(inputs.caps) ? UNKNOWN : keptCaps(inputs.caps),
  keyGeneration: inputs.keyGeneration ?? 1,
  keyState: AS_RECORDED,
});

const claim = ({ cluster, entity }: CephAuthEntityInputs) => `${entity} of cluster ${fsidOf(cluster)}`;

export const cephAuthEntity: Artifact<CephAuthEntityInputs, FoundEntity | undefined> = {
  kind: "CephAuthEntity",
  shape,
  facts: ["keyFingerprint", "origin", "key"],
  secretFacts: ["key"],
  policy: ["adopt", "onDelete", "allowUnknownProfiles"],
  label: ({ entity }) => entity,
  replacedBy: ({ cluster, entity }) => ({ cluster: fsidOf(cluster), entity }),
  id: ({ cluster, entity }) => `${cluster.fsid}/${entity}`,
  claims: (inputs) => [{ thing: claim(inputs) }],
  check(inputs, olds, report) {
    const { caps, keyGeneration } = inputs;
    const before = generationBefore(inputs, olds);
    if (before !== undefined && (numberOf(keyGeneration) ?? before) < before)
      report(
        ["keyGeneration"],
        keyGeneration,
        `must be at least ${before}: a key does not come back; one more gives a fresh one`,
      );
    checkActing(inputs, report);
    if (isUnknown(caps)) return inputs;
    if (Object.keys(caps).length === 0)
      report(["caps"], caps, "must grant something: an entity without caps can do nothing");
    for (const service of SERVICES) checkService(inputs, service, report);
    return Object.assign({}, inputs, { caps: keptCaps(caps) });
  },
  warnings: (inputs, olds) => [...rotationAhead(inputs, olds), ...lossAhead(inputs, olds)],
  compared,
  addsOnly: ({ adopt, caps }, managed) =>
    adopt === "add-caps" && lacksOnly(managed["caps"], canonicalCaps(caps)),
  differences: ({ caps, keyGeneration }, managed, changed) =>
    differencesIn({ caps: canonicalCaps(caps), generation: keyGeneration ?? 1 }, { managed, changed }),
  observe: async (reach, inputs, prior) => foundOrNot(await findEntity(task(reach, inputs, prior))),
  apply: (reach, inputs, { look }, prior) => convergeEntity(task(reach, inputs, prior), look),
  async remove(reach, inputs, state) {
    const why = await removeEntity(task(reach, inputs, state));
    if (why !== undefined) reach.note(`${inputs.entity} stays: ${why}`);
  },
};

export type CephAuthEntityArgs = Args<Omit<CephAuthEntityInputs, "keyState">>;

/** A cephx entity with its caps. */
export class CephAuthEntity extends ArtifactResource<CephAuthEntityInputs> {
  /** `client.<name>` */
  declare readonly entity: pulumi.Output<string>;
  /** Generation of the key: hand it to the keyring files and libvirt secrets, so that a rotation shows there, in a preview too. */
  declare readonly keyGeneration: pulumi.Output<number>;
  /** Tells one key from another without telling the key. */
  declare readonly keyFingerprint: pulumi.Output<string>;
  /** Whether this package made the entity or found it. */
  declare readonly origin: pulumi.Output<Origin>;
  /** The key, only with `exportKey: true`. Secret. */
  declare readonly key: pulumi.Output<string | undefined>;

  constructor(name: string, args: CephAuthEntityArgs, opts?: pulumi.CustomResourceOptions) {
    super(cephAuthEntity, name, args, opts);
  }
}
