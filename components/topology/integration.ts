/** From the arguments of an integration to its topology. Pure. */
import { secretUuid } from "../../providers/libvirt-secret/index.js";
import type { CephOpenStackIntegrationArgs, RoleSpec } from "../integration-args.js";
import { handOverOf, layoutOf, layoutWarnings } from "../layouts/choice.js";
import { parseCephRelease } from "../releases/ceph.js";
import { releaseOf, type Role } from "../releases/index.js";
import { handedTo } from "./hand-over-rules.js";
import { manageOf } from "./manage.js";
import { problemsOf, refuse } from "./rules.js";
import {
  known,
  type KeyedPool,
  type KnownCluster,
  type MadeUser,
  type RoleUse,
  type Topology,
} from "./topology.js";
import { namesOf, userKey, userPools, usesOf, uuidsOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

const found = <T>(one: T | undefined, what: string): T => {
  if (one === undefined) throw new Error(`no ${what}`);
  return one;
};

/** Without `pools` those that are used, with Ceph's defaults. */
const poolsOf = (args: Args, at: KnownCluster): KeyedPool[] => {
  const specs: Args["pools"] = args.pools ?? Object.fromEntries(usesOf(args).map(({ pool }) => [pool, {}]));
  return Object.entries(specs).flatMap(([key, spec]) =>
    spec === false ? [] : [{ key, spec, at, name: "existing" in spec ? spec.existing : (spec.name ?? key) }],
  );
};

const poolNamed = (pools: readonly KeyedPool[], key: string): KeyedPool =>
  found(
    pools.find((pool) => pool.key === key),
    `pool ${key}`,
  );

const uuidOf = (args: Args, user: string): string =>
  uuidsOf(args, user)[0] ??
  // Computes of EDPM know no other.
  (handOverOf(args.layout) === "edpm" ? args.cluster.fsid : secretUuid(args.cluster.fsid, `client.${user}`));

/** UUID of the libvirt secret of Cinder's user, known in the program. */
export const cinderUuid = (args: Args): string => uuidOf(args, namesOf(args).cinder);

const usersOf = (args: Args, pools: readonly KeyedPool[], at: KnownCluster): MadeUser[] =>
  userPools(args).map(({ user: name, owns, reads }) => {
    const key = userKey(args, name);
    return {
      key,
      name,
      at,
      entity: `client.${name}`,
      keyGeneration: args.keyGenerations?.[key] ?? 1,
      secretUuid: uuidOf(args, name),
      owns: owns.map((pool) => poolNamed(pools, pool)),
      reads: reads.map((pool) => poolNamed(pools, pool)),
    };
  });

/** Roles, with the argument of each and the roles whose users' keys it has beside its own. */
const ROLES: readonly {
  readonly role: Role;
  readonly spec: (args: Args) => RoleSpec | undefined;
  readonly others?: readonly Role[];
}[] = [
  { role: "glance", spec: ({ glance }) => glance },
  { role: "cinder", spec: ({ cinder }) => cinder },
  // A differential backup reads volumes as who keeps them.
  { role: "cinder-backup", spec: ({ cinderBackup }) => cinderBackup, others: ["cinder"] },
  { role: "nova", spec: ({ nova }) => nova },
];

const rolesOf = (args: Args, pools: readonly KeyedPool[], users: readonly MadeUser[]): RoleUse[] => {
  const uses = usesOf(args);
  const userNamed = (name: string): MadeUser =>
    found(
      users.find((user) => user.name === name),
      `user ${name}`,
    );
  const usersOfRoles = (roles: readonly Role[]) =>
    roles.flatMap((role) => uses.filter((use) => use.role === role)).map(({ user }) => userNamed(user));
  return ROLES.flatMap(({ role, spec: specOf, others = [] }) => {
    const spec = specOf(args);
    if (spec === undefined) return [];
    const { options = {}, secretOptions = {} } = spec;
    const hosts = handOverOf(args.layout) === undefined ? spec.hosts : [];
    const parts = uses
      .filter((use) => use.role === role)
      .map(({ name, user, pool }) => ({ name, user: userNamed(user), pool: poolNamed(pools, pool) }));
    const keys = [...new Set(usersOfRoles([role, ...others]))];
    // Guests' volumes are opened by the secrets of those who keep them.
    const secrets = role === "nova" ? [...new Set(usersOfRoles(["nova", "cinder"]))] : [];
    return [{ role, hosts, options, secretOptions, shared: true, users: keys, parts, secrets }];
  });
};

/** Deprecated where the newer form is, and asked for by its name. */
const CLASSIC = ["glance_store/stores", "glance_store/default_store"];

/**
 * The topology of an integration.
 * @throws RunError that lists everything that is wrong, in the program's words
 */
export const integrationTopology = (name: string, args: Args): Topology => {
  refuse({ kind: "CephOpenStackIntegration", name }, problemsOf(args));
  const release = releaseOf(args.openstackRelease, args.compat);
  const layout = layoutOf(args.layout, release.name);
  const at = known(args.cluster, layout);
  const pools = poolsOf(args, at);
  const users = usersOf(args, pools, at);
  const cephRelease = args.cephRelease === undefined ? undefined : parseCephRelease(args.cephRelease);
  const to = handedTo(args);
  return {
    name,
    grouped: true,
    release,
    ...(cephRelease === undefined ? {} : { cephRelease }),
    layout,
    ...(to === undefined ? {} : { handOver: to }),
    warnings: layoutWarnings(args),
    silence: [...(args.silence ?? []), ...(args.compat === undefined ? [] : CLASSIC)],
    pools,
    users,
    roles: rolesOf(args, pools, users),
    clientFiles: true,
    cephConf: args.cephConf ?? {},
    adopt: args.adopt,
    directories: args.manage === false ? false : (args.manage?.directories ?? false),
    manage: manageOf(args.manage),
  };
};
