/** The topology of a component that is one role alone. Pure. */
import type { Input } from "@pulumi/pulumi";
import type { Adopt, Cluster } from "../../providers/kernel/common.js";
import { secretUuid } from "../../providers/libvirt-secret/index.js";
import { handOverOf, layoutOf, layoutProblems, layoutWarnings } from "../layouts/choice.js";
import type { Layout, LayoutChoice } from "../layouts/layout.js";
import { releaseOf, releaseProblem, type Role } from "../releases/index.js";
import type { RoleArgs, VolumeUser } from "../role-args.js";
import { ALONE } from "./alone-shapes.js";
import { manageOf } from "./manage.js";
import { userProblem } from "./name-rules.js";
import { outputProblems } from "./plain-rules.js";
import { fsidProblem, sharedProblems } from "./cluster-rules.js";
import { hostProblems, refuse, secretProblems } from "./rules.js";
import {
  clusterName,
  usualConf,
  type KnownCluster,
  type RoleUse,
  type Topology,
  type User,
} from "./topology.js";

/** What decides what a resource holds, and not which resources there are. */
const OUTPUT_PLACES = [
  "pool",
  "entity",
  "entity.*",
  "options.*.*",
  "secretOptions.*.*",
  "cephConf.*.*",
  "volumeUsers.*.entity",
  "volumeUsers.*.entity.*",
];

/** A role alone, and what only it can say of itself. */
export interface Alone {
  /** The component's class and name. */
  readonly kind: keyof typeof ALONE;
  readonly name: string;
  readonly role: Role;
  readonly pool: Input<string>;
  /** Name of the store or backend. @default the role's */
  readonly part?: string;
  /** Problems of the arguments that this role alone has. */
  readonly problems?: readonly string[];
  readonly secretUuid?: string | undefined;
  /** Users beside its own whose keys it reads. */
  readonly others?: readonly VolumeUser[];
  readonly shared?: boolean;
  readonly directories?: boolean;
  readonly adopt?: Adopt | undefined;
}

/** A program without types may give any preset. */
const aloneProblems = ({ layout }: { readonly layout?: LayoutChoice }): string[] =>
  handOverOf(layout) === undefined
    ? []
    : [
        `layout ${JSON.stringify(layout)} is for CephOpenStackIntegration alone: it hands values to another tool`,
      ];

/** Each cluster once: that of the role, and those of its further users. */
const clustersOf = (cluster: Cluster, others: readonly VolumeUser[]): Cluster[] =>
  [cluster, ...others.map((one) => one.cluster ?? cluster)].filter(
    (one, at, all) => all.findIndex((other) => isOne(one, other)) === at,
  );

const isOne = (one: Cluster, other: Cluster): boolean =>
  one.fsid === other.fsid && clusterName(one) === clusterName(other);

const othersProblems = ({ others = [] }: Alone, { cluster }: RoleArgs): string[] => {
  const fsids = others.flatMap((one, at) =>
    one.cluster === undefined ? [] : fsidProblem(one.cluster, `volumeUsers.${String(at)}.cluster`),
  );
  return fsids.length > 0 ? fsids : sharedProblems(clustersOf(cluster, others));
};

const problemsOf = (args: RoleArgs): string[] => {
  const release = releaseProblem(args.openstackRelease);
  return [
    ...(release === undefined ? [] : [release]),
    ...fsidProblem(args.cluster),
    ...hostProblems("hosts", args.hosts),
    ...userProblem("user", args.user),
    ...layoutProblems(args),
    ...aloneProblems(args),
    ...secretProblems("", args),
  ];
};

/** Of a `CephAuthEntity` these two alone: its other outputs are no arguments of files and secrets. */
const userOf = (
  at: KnownCluster,
  { user: name, entity }: Pick<RoleArgs, "user" | "entity">,
  uuid?: string,
): User => ({
  name,
  at,
  entity: entity?.entity ?? `client.${name}`,
  ...(entity?.keyGeneration === undefined ? {} : { keyGeneration: entity.keyGeneration }),
  secretUuid: uuid ?? secretUuid(at.cluster.fsid, `client.${name}`),
});

/** The clusters of a role alone, its own first; of a further one the name is its key, too. */
const clustersIn = (alone: Alone, { cluster, conf }: RoleArgs, layout: Layout): Topology["clusters"] => {
  const [, ...further] = clustersOf(cluster, alone.others ?? []);
  return [
    { cluster, conf: conf ?? usualConf(cluster, layout), adopt: alone.adopt },
    ...further.map((one) => ({ key: clusterName(one), cluster: one, conf: usualConf(one, layout) })),
  ];
};

const roleOf = (alone: Alone, args: RoleArgs, clusters: Topology["clusters"]): RoleUse => {
  const { role, pool, part = role, shared = true, others = [] } = alone;
  const { hosts, options = {}, secretOptions = {} } = args;
  const [first] = clusters;
  const atOf = ({ cluster = first.cluster }: VolumeUser): KnownCluster =>
    clusters.find((at) => isOne(at.cluster, cluster)) ?? first;
  const user = userOf(first, args, alone.secretUuid);
  const users = [user, ...others.map((one) => userOf(atOf(one), one))];
  return {
    role,
    hosts,
    parts: [{ name: part, pool: { name: pool }, user }],
    secrets: role === "nova" ? [user] : [],
    users,
    options,
    secretOptions,
    shared,
  };
};

const shapeProblems = ({ kind }: Pick<Alone, "kind">, args: RoleArgs) => ALONE[kind](args, "");

/**
 * What a component asks of its arguments before it looks into them.
 * @throws RunError where they cannot be read: an Output that must be plain, a text for a list, a field that is missing
 */
export const readable = <T extends RoleArgs>(who: Pick<Alone, "kind" | "name">, args: T): T => {
  const shape = shapeProblems(who, args);
  const outputs = outputProblems(args, OUTPUT_PLACES);
  if (outputs.length > 0 || shape.some(({ isRough }) => isRough))
    refuse(who, [...outputs, ...shape.map(({ says }) => says)]);
  return args;
};

/**
 * Before anything is registered: what is wrong is refused, all at once.
 * @throws RunError that lists everything that is wrong, in the program's words
 */
export const aloneTopology = (alone: Alone, args: RoleArgs): Topology => {
  const shape = shapeProblems(alone, args).map(({ says }) => says);
  refuse(alone, [...shape, ...problemsOf(args), ...othersProblems(alone, args), ...(alone.problems ?? [])]);
  const release = releaseOf(args.openstackRelease);
  const layout = layoutOf(args.layout, release.name);
  const clusters = clustersIn(alone, args, layout);
  return {
    name: alone.name,
    grouped: false,
    release,
    layout,
    warnings: layoutWarnings(args),
    silence: args.silence ?? [],
    clusters,
    pools: [],
    users: [],
    roles: [roleOf(alone, args, clusters)],
    clientFiles: args.clientFiles ?? true,
    cephConf: args.cephConf ?? {},
    directories: alone.directories ?? false,
    manage: manageOf(false),
    images: [],
  };
};
