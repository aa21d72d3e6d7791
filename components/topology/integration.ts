/** From the arguments of an integration to its topology. Pure. */
import { secretUuid } from "../../providers/libvirt-secret/index.js";
import type { CephOpenStackIntegrationArgs, RoleSpec } from "../integration-args.js";
import { handOverOf, layoutOf, layoutWarnings } from "../layouts/choice.js";
import { releaseOf, type Role } from "../releases/index.js";
import { clusterIn, clustersOf } from "./clusters.js";
import { handedTo } from "./hand-over-rules.js";
import { dataPoolKeys } from "./data-pool-rules.js";
import { imagesOf } from "./images.js";
import { manageOf } from "./manage.js";
import { merged } from "./sections.js";
import { problemsOf, refuse } from "./rules.js";
import type { KeyedPool, KnownCluster, MadeUser, RoleUse, Topology } from "./topology.js";
import { typedOptions } from "./typed-options.js";
import { inCluster, namesOf, userKey, userPools, usesOf, uuidsOf, type UserRef } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;
type Clusters = readonly KnownCluster[];

const found = <T>(one: T | undefined, what: string): T => {
  if (one === undefined) throw new Error(`no ${what}`);
  return one;
};

const clusterNamed = (clusters: Clusters, key: string | undefined): KnownCluster =>
  found(
    clusters.find((one) => one.key === key),
    `cluster ${String(key)}`,
  );

/** RBD writes parts of objects. */
const asData = (spec: KeyedPool["spec"]): KeyedPool["spec"] =>
  "existing" in spec ? spec : { allowEcOverwrites: true, ...spec };

/** Without `pools` those that are used, with Ceph's defaults. */
const poolsOf = (args: Args, clusters: Clusters): KeyedPool[] => {
  const specs: NonNullable<Args["pools"]> =
    args.pools ?? Object.fromEntries(usesOf(args).map(({ pool }) => [pool, {}]));
  const data = dataPoolKeys({ pools: specs });
  const all = Object.entries(specs).flatMap(([key, given]): (KeyedPool & { dataPool?: string })[] => {
    if (given === false) return [];
    const { cluster, dataPool, ...spec } = given;
    const name = "existing" in spec ? spec.existing : (spec.name ?? key);
    const at = clusterNamed(clusters, cluster);
    const more = dataPool === undefined ? {} : { dataPool };
    return [{ key, spec: data.includes(key) ? asData(spec) : spec, at, name, ...more }];
  });
  return all.map(({ dataPool, ...pool }) =>
    dataPool === undefined ? pool : { ...pool, data: poolNamed(all, dataPool) },
  );
};

const poolNamed = (pools: readonly KeyedPool[], key: string): KeyedPool =>
  found(
    pools.find((pool) => pool.key === key),
    `pool ${key}`,
  );

/** Where no UUID is named, the user whose secret has it: a compute of Kolla-Ansible knows one for volumes, and has there the key of its own cluster's user. */
const secretUser = (args: Args, ref: UserRef): UserRef => {
  const users =
    handOverOf(args.layout) === "kolla" ? usesOf(args).filter(({ role }) => role === "cinder") : [];
  const isVolumes = users.some(({ user, cluster }) => user === ref.user && cluster === ref.cluster);
  const [first] = users;
  return isVolumes && first !== undefined && first.cluster !== ref.cluster ? first : ref;
};

/** UUID of the libvirt secret of a user, known in the program. */
const uuidOf = (args: Args, ref: UserRef): string => {
  const named = uuidsOf(args, ref)[0] ?? uuidsOf(args, secretUser(args, ref))[0];
  if (named !== undefined) return named;
  const { user, cluster } = secretUser(args, ref);
  const { fsid } = clusterIn(args, cluster);
  // Computes of EDPM know no other.
  return handOverOf(args.layout) === "edpm" ? fsid : secretUuid(fsid, `client.${user}`);
};

/** UUID of the libvirt secret of Cinder's user in the first cluster, or in a further one. */
export const cinderUuid = (args: Args, cluster?: string): string =>
  uuidOf(args, { user: namesOf(args).cinder, cluster });

const usersOf = (args: Args, pools: readonly KeyedPool[], clusters: Clusters): MadeUser[] =>
  userPools(args).map((ref) => {
    const { user: name, cluster, owns, reads } = ref;
    const key = userKey(args, ref);
    const at = clusterNamed(clusters, cluster);
    return {
      key,
      name,
      at,
      entity: `client.${name}`,
      keyGeneration: args.keyGenerations?.[key] ?? 1,
      secretUuid: uuidOf(args, ref),
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
  const userNamed = ({ user: name, cluster }: UserRef): MadeUser =>
    found(
      users.find((user) => user.name === name && user.at.key === cluster),
      `user ${inCluster(name, cluster)}`,
    );
  const usersOfRoles = (roles: readonly Role[]) =>
    roles.flatMap((role) => uses.filter((use) => use.role === role)).map(userNamed);
  return ROLES.flatMap(({ role, spec: specOf, others = [] }) => {
    const spec = specOf(args);
    if (spec === undefined) return [];
    const typed = typedOptions(args, role);
    const options = merged(typed.options, spec.options);
    const secretOptions = merged(typed.secretOptions, spec.secretOptions);
    const hosts = handOverOf(args.layout) === undefined ? spec.hosts : [];
    const parts = uses
      .filter((use) => use.role === role)
      .map((use) => ({ name: use.name, user: userNamed(use), pool: poolNamed(pools, use.pool) }));
    const keys = [...new Set(usersOfRoles([role, ...others]))];
    // Guests' volumes are opened by the secrets of those who keep them.
    const secrets = role === "nova" ? [...new Set(usersOfRoles(["nova", "cinder"]))] : [];
    return [{ role, hosts, options, secretOptions, shared: true, users: keys, parts, secrets }];
  });
};

/** What is managed beside files. */
const managed = ({ manage }: Args): Pick<Topology, "directories" | "manage" | "images"> => {
  const { directories = false, images } = manage === false ? {} : (manage ?? {});
  return { directories, manage: manageOf(manage), images: imagesOf(images) };
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
  const clusters = clustersOf(args, layout);
  const pools = poolsOf(args, clusters);
  const users = usersOf(args, pools, clusters);
  const to = handedTo(args);
  return {
    name,
    grouped: true,
    release,
    layout,
    ...(to === undefined ? {} : { handOver: to }),
    warnings: layoutWarnings(args),
    silence: [...(args.silence ?? []), ...(args.compat === undefined ? [] : CLASSIC)],
    clusters,
    pools,
    users,
    roles: rolesOf(args, pools, users),
    clientFiles: true,
    cephConf: args.cephConf ?? {},
    ...managed(args),
    ...(args.hooks === undefined ? {} : { hooked: true }),
  };
};
