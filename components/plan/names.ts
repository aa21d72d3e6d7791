/** Names and parents of the resources: a contract with every stack of every user. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import type { Role } from "../releases/index.js";
import {
  hostsOf,
  type Part,
  type Pool,
  type RoleUse,
  type Topology,
  type User,
} from "../topology/topology.js";
import { refOf, type Entry, type Ref } from "./entry.js";

type Named = Pick<Topology, "name">;

export const poolName = ({ name }: Named, key: string): string => `${name}-pool-${key}`;
export const entityName = ({ name }: Named, user: string): string => `${name}-auth-${user}`;
export const confName = ({ name }: Named, host: Host, infix = ""): string => `${name}-${host}-${infix}conf`;

/** Of a role alone, and of Cinder's user, without the user. */
export const secretName = ({ name }: Named, host: Host, user: User): string =>
  user.key === undefined || user.key === "cinder"
    ? `${name}-${host}-secret`
    : `${name}-${host}-secret-${user.name}`;

/** Name of a user's keyring file, by which librados finds it. */
export const keyringFile = ({ at: { cluster }, name }: User): string =>
  `${cluster.name ?? "ceph"}.client.${name}.keyring`;

export const poolRef = (named: Named, key: string): Ref => `CephPool ${poolName(named, key)}`;
export const entityRef = (named: Named, user: string): Ref => `CephAuthEntity ${entityName(named, user)}`;

/** What waits for pools of this program; the others are there. */
export const poolRefs = (named: Named, pools: readonly Pool[]): Ref[] => [
  ...new Set(pools.flatMap(({ key }) => (key === undefined ? [] : [poolRef(named, key)]))),
];

/** What waits for the entity of a user of this program; another one's is there. */
export const userRefs = (topology: Topology, user: User): Ref[] =>
  topology.users.some((made) => made === user) ? [entityRef(topology, user.name)] : [];

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
