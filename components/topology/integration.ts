/** From the arguments of an integration to its topology. Pure. */
import { secretUuid } from "../../providers/libvirt-secret/index.js";
import type { CephOpenStackIntegrationArgs, RoleSpec, UserKey } from "../integration-args.js";
import { layoutOf, layoutWarnings } from "../layouts/choice.js";
import { parseCephRelease } from "../releases/ceph.js";
import { releaseOf, type Role } from "../releases/index.js";
import { problemsOf, refuse, uuidsOf } from "./rules.js";
import {
  known,
  type KeyedPool,
  type KnownCluster,
  type MadeUser,
  type Part,
  type RoleUse,
  type Topology,
  type User,
} from "./topology.js";
import { backendsOf, backupPoolOf, storesOf, userPools, USERS, usesOf, vmsPoolOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

const poolNamed = (pools: readonly KeyedPool[], key: string): KeyedPool => {
  const found = pools.find((pool) => pool.key === key);
  if (found === undefined) throw new Error(`no pool ${key}`);
  return found;
};

/** Without `pools` those that are used, with Ceph's defaults. */
const poolsOf = (args: Args, at: KnownCluster): KeyedPool[] => {
  const specs: Args["pools"] = args.pools ?? Object.fromEntries(usesOf(args).map(({ pool }) => [pool, {}]));
  return Object.entries(specs).flatMap(([key, spec]) =>
    spec === false ? [] : [{ key, spec, at, name: "existing" in spec ? spec.existing : (spec.name ?? key) }],
  );
};

const userNamed = (users: readonly MadeUser[], key: UserKey): MadeUser => {
  const found = users.find((user) => user.key === key);
  if (found === undefined) throw new Error(`no user for ${key}`);
  return found;
};

/** UUID of the libvirt secret of Cinder's user, known in the program. */
export const cinderUuid = (args: Args): string =>
  uuidsOf(args)[0] ?? secretUuid(args.cluster.fsid, `client.${args.users?.cinder ?? USERS.cinder}`);

const usersOf = (args: Args, pools: readonly KeyedPool[], at: KnownCluster): MadeUser[] =>
  userPools(args).map(({ user: key, owns, reads }) => {
    const name = args.users?.[key] ?? USERS[key];
    const entity = `client.${name}`;
    return {
      key,
      name,
      at,
      entity,
      keyGeneration: args.keyGenerations?.[key] ?? 1,
      secretUuid: key === "cinder" ? cinderUuid(args) : secretUuid(at.cluster.fsid, entity),
      owns: owns.map((pool) => poolNamed(pools, pool)),
      reads: reads.map((pool) => poolNamed(pools, pool)),
    };
  });

/** What a role is made of, if it is there. */
interface Wanted {
  readonly role: Role;
  readonly spec: RoleSpec | undefined;
  readonly user: UserKey;
  readonly parts: readonly { readonly name: string; readonly pool: string | undefined }[];
  /** Users beside its own whose keys it reads. */
  readonly others?: readonly UserKey[];
}

const wanted = (args: Args): readonly Wanted[] => [
  { role: "glance", spec: args.glance, user: "glance", parts: storesOf(args) },
  { role: "cinder", spec: args.cinder, user: "cinder", parts: backendsOf(args) },
  {
    role: "cinder-backup",
    spec: args.cinderBackup,
    user: "cinderBackup",
    parts: [{ name: "cinder-backup", pool: backupPoolOf(args) }],
    others: ["cinder"],
  },
  // Its disks and its volumes are Cinder's user's.
  { role: "nova", spec: args.nova, user: "cinder", parts: [{ name: "nova", pool: vmsPoolOf(args) }] },
];

const rolesOf = (args: Args, pools: readonly KeyedPool[], users: readonly MadeUser[]): RoleUse[] =>
  wanted(args).flatMap(({ role, spec, user: key, parts, others = [] }) => {
    if (spec === undefined) return [];
    const user: User = userNamed(users, key);
    const more = others.map((one) => userNamed(users, one));
    return [
      {
        role,
        hosts: spec.hosts,
        options: spec.options ?? {},
        secretOptions: spec.secretOptions ?? {},
        shared: true,
        users: [user, ...more],
        parts: parts.flatMap(({ name, pool }): Part[] =>
          pool === undefined ? [] : [{ name, user, pool: poolNamed(pools, pool) }],
        ),
      },
    ];
  });

/**
 * The topology of an integration.
 * @throws RunError that lists everything that is wrong, in the program's words
 */
export const integrationTopology = (name: string, args: Args): Topology => {
  refuse({ kind: "CephOpenStackIntegration", name }, problemsOf(args));
  const release = releaseOf(args.openstackRelease);
  const layout = layoutOf(args.layout, release.name);
  const at = known(args.cluster, layout);
  const pools = poolsOf(args, at);
  const users = usersOf(args, pools, at);
  const cephRelease = args.cephRelease === undefined ? undefined : parseCephRelease(args.cephRelease);
  return {
    name,
    grouped: true,
    release,
    ...(cephRelease === undefined ? {} : { cephRelease }),
    layout,
    warnings: layoutWarnings(args),
    silence: args.silence ?? [],
    pools,
    users,
    roles: rolesOf(args, pools, users),
    clientFiles: true,
    cephConf: args.cephConf ?? {},
    adopt: args.adopt,
    directories: args.manage?.directories ?? false,
  };
};
