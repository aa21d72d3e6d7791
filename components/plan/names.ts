/** Names and parents of the resources: a contract with every stack of every user. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import type { HookTime } from "../hook-args.js";
import type { Role } from "../releases/index.js";
import {
  clusterName,
  dataPoolsOf,
  hostsOf,
  type KnownCluster,
  type Part,
  type Pool,
  type RoleUse,
  type Topology,
  type User,
} from "../topology/topology.js";
import { inCluster } from "../topology/uses.js";
import { refOf, type Entry, type Ref } from "./entry.js";

type Named = Pick<Topology, "name">;

export const poolName = ({ name }: Named, key: string): string => `${name}-pool-${key}`;

/** What is one of each cluster: of a further one its key stands at the end. */
const named = (name: string, { key }: KnownCluster): string => inCluster(name, key);

/** A user as resources name it. */
export type NamedUser = Pick<User, "name" | "at">;

export const entityName = ({ name }: Named, user: NamedUser): string =>
  named(`${name}-auth-${user.name}`, user.at);

/** What stands before a file's name: the role where each has a directory of its own. */
interface OnHost {
  readonly host: Host;
  readonly infix?: string;
}

export const confName = ({ name }: Named, at: KnownCluster, { host, infix = "" }: OnHost): string =>
  named(`${name}-${host}-${infix}conf`, at);

export const keyringName = ({ name }: Named, user: NamedUser, { host, infix = "" }: OnHost): string =>
  named(`${name}-${host}-${infix}keyring-${user.name}`, user.at);

/** Of a role alone, and of Cinder's user, without the user. */
export const secretName = ({ name }: Named, host: Host, user: User): string =>
  user.key === undefined || user.key === "cinder"
    ? `${name}-${host}-secret`
    : named(`${name}-${host}-secret-${user.name}`, user.at);

/** A role on a host. */
export interface RoleOnHost {
  readonly host: Host;
  readonly role: Role;
}

/** A host's first check of a role without the user. */
export const checkName = ({ name }: Named, at: RoleOnHost, user?: NamedUser): string => {
  const first = `${name}-${at.host}-${at.role}-check`;
  return user === undefined ? first : named(`${first}-${user.name}`, user.at);
};

export const serviceName = ({ name }: Named, { host, role }: RoleOnHost): string =>
  `${name}-${host}-${role}-service`;

/** Programs have it as the name for what they give there. */
export const hookName = ({ name }: Named, { host, role }: RoleOnHost, when: HookTime): string =>
  `${name}-${host}-${role}-${when}`;

/** Name of a user's keyring file, by which librados finds it. */
export const keyringFile = ({ at: { cluster }, name }: NamedUser): string =>
  `${clusterName(cluster)}.client.${name}.keyring`;

export const poolRef = (named: Named, key: string): Ref => `CephPool ${poolName(named, key)}`;
export const entityRef = (named: Named, user: NamedUser): Ref => `CephAuthEntity ${entityName(named, user)}`;

/** What waits for pools of this program, and for those of their data; the others are there. */
export const poolRefs = (named: Named, pools: readonly Pool[]): Ref[] => [
  ...new Set(
    [...pools, ...dataPoolsOf(pools)].flatMap(({ key }) => (key === undefined ? [] : [poolRef(named, key)])),
  ),
];

/** What waits for the entity of a user of this program; another one's is there. */
export const userRefs = (topology: Topology, user: User): Ref[] =>
  topology.users.some((made) => made === user) ? [entityRef(topology, user)] : [];

/** The parent of a part's own things, by role. */
const GROUPS = {
  glance: { kind: "GlanceStore", name: (part: Part) => `glance-${part.name}` },
  cinder: { kind: "CinderBackend", name: (part: Part) => `cinder-${part.name}` },
  "cinder-backup": { kind: "CinderBackup", name: () => "cinder-backup" },
  nova: { kind: "NovaCompute", name: () => "nova" },
} as const satisfies Record<Role, unknown>;

const partGroup = ({ name }: Named, { role }: RoleUse, part: Part) =>
  ({ kind: GROUPS[role].kind, name: `${name}-${GROUPS[role].name(part)}`, args: {} }) as const;

const hostGroup = ({ name }: Named, host: Host) =>
  ({ kind: "ClientHost", name: `${name}-${host}`, args: {} }) as const;

/** The parent of what is a part's own. */
export const parentOfPart = (topology: Topology, role: RoleUse, part: Part): Ref | undefined =>
  topology.grouped ? refOf(partGroup(topology, role, part)) : undefined;

/** The parent of what all share on a host. */
export const parentOfHost = (topology: Topology, host: Host): Ref | undefined =>
  topology.grouped ? refOf(hostGroup(topology, host)) : undefined;

/** The parents themselves. */
export const groups = (topology: Topology): Entry[] =>
  topology.grouped
    ? [
        ...hostsOf(topology).map((host) => hostGroup(topology, host)),
        ...topology.roles
          .filter(({ hosts }) => hosts.length > 0)
          .flatMap((role) => role.parts.map((part) => partGroup(topology, role, part))),
      ]
    : [];
