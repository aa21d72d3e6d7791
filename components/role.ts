/** What the components of all roles have in common. */
import type { Cluster, Host } from "../providers/kernel/common.js";
import type { Entity } from "./client-files.js";
import { layoutOf, type Layout } from "./layout.js";
import { layoutProblems, userProblem } from "./name-rules.js";
import { outputProblems } from "./plain-rules.js";
import { releaseOf, releaseProblem, type Release, type Sections } from "./releases/index.js";
import type { Judged } from "./sections.js";
import { fsidProblems, hostProblems, refuse } from "./rules.js";

/** Arguments of every role. Host lists are plain: they decide which resources there are. */
export interface RoleArgs {
  /** Machines of this role, as OpenSSH knows them. Plain. */
  hosts: readonly Host[];
  /** The cluster. Plain. `admin` is needed where keyrings, a ceph.conf or secrets are written. */
  cluster: Cluster;
  /** OpenStack's release, by name or number: "zed", "2022.2". Plain. */
  openstackRelease: string;
  /** Name of the cephx user without `client.`. Plain. */
  user: string;
  /** The user's entity; hand over the `CephAuthEntity`. @default `client.<user>`, which must be there */
  entity?: Entity;
  /** ceph.conf that the service reads. @default "/etc/ceph/<cluster name>.conf" */
  conf?: string;
  /** Where files lie and whom they belong to. @default "packages" */
  layout?: "packages" | Partial<Layout>;
  /** ceph.conf and keyring on each host, too. @default true */
  clientFiles?: boolean;
  /** Options beside or over those that the release wants, by section. */
  options?: Sections;
  /** Options about which no warning is wanted: `name`, `section/name`, or `[section]`. Plain. @default none */
  silence?: readonly string[];
  /** Before the names of the children. @default the component's own name */
  prefix?: string;
}

/** Arguments with everything that stands for what was left out. */
export interface Settled {
  readonly release: Release;
  readonly layout: Layout;
  readonly conf: string;
  readonly prefix: string;
  readonly entity: Entity;
  readonly clientFiles: boolean;
  readonly judged: Judged;
}

/** Of a `CephAuthEntity` these two alone: its other outputs are no arguments of files and secrets. */
const entityFrom = ({ user, entity }: RoleArgs): Entity =>
  entity === undefined
    ? { entity: `client.${user}` }
    : {
        entity: entity.entity,
        ...(entity.keyGeneration === undefined ? {} : { keyGeneration: entity.keyGeneration }),
      };

/** What decides what a resource holds, and not which resources there are. */
const OUTPUT_PLACES = [
  "pool",
  "entity",
  "entity.*",
  "options.*.*",
  "volumeUsers.*.entity",
  "volumeUsers.*.entity.*",
];

/** A role that settles its arguments, and what only it can say of them. */
export interface Settling {
  readonly kind: string;
  readonly name: string;
  readonly problems?: readonly string[];
}

/**
 * Before anything is registered: what is wrong is refused, all at once.
 * @throws RunError that lists everything that is wrong, in the program's words
 */
export const settle = ({ kind, name, problems = [] }: Settling, args: RoleArgs): Settled => {
  refuse({ kind, name }, outputProblems(args, OUTPUT_PLACES));
  const release = releaseProblem(args.openstackRelease);
  refuse({ kind, name }, [
    ...(release === undefined ? [] : [release]),
    ...fsidProblems(args),
    ...hostProblems("hosts", args.hosts),
    ...userProblem("user", args.user),
    ...layoutProblems(args),
    ...problems,
  ]);
  const settled = releaseOf(args.openstackRelease);
  return {
    release: settled,
    judged: { release: settled.name, silence: args.silence },
    layout: layoutOf(args.layout),
    conf: args.conf ?? `/etc/ceph/${args.cluster.name ?? "ceph"}.conf`,
    prefix: args.prefix ?? name,
    entity: entityFrom(args),
    clientFiles: args.clientFiles ?? true,
  };
};
