/** Who uses which pool as whom, from the arguments of an integration with every default filled in. Pure. */
import type { CephOpenStackIntegrationArgs, UserKey } from "../integration-args.js";
import type { Role } from "../releases/index.js";

type Args = CephOpenStackIntegrationArgs;

/** Roles in the order in which they are made. */
export const ROLES = ["glance", "cinder", "cinderBackup", "nova"] as const;

/** Names of the users unless the arguments say others. */
export const USERS: Readonly<Record<UserKey, string>> = {
  glance: "glance",
  cinder: "cinder",
  cinderBackup: "cinder-backup",
};

/** Stores of Glance; none without the role. */
export const storesOf = ({ glance }: Args) =>
  glance === undefined ? [] : (glance.stores ?? [{ name: "rbd", pool: "images" }]);

/** Backends of Cinder; none without the role. */
export const backendsOf = ({ cinder }: Args) =>
  cinder === undefined ? [] : (cinder.backends ?? [{ name: "ceph", pool: "volumes" }]);

/** The names of the users that are not a store's, a backend's or Nova's own. */
export const namesOf = ({ users }: Args): Readonly<Record<UserKey, string>> => ({ ...USERS, ...users });

/** A cephx user: of two clusters each has its own of one name. */
export interface UserRef {
  /** Without `client.` */
  readonly user: string;
  /** Key of its cluster. @default the first */
  readonly cluster?: string | undefined;
}

/** What uses a pool. */
export interface Use extends UserRef {
  readonly role: Role;
  /** Name of the store or backend, else of the role. */
  readonly name: string;
  /** In words: `cinder backend "ceph"`. */
  readonly who: string;
  /** Key of the pool. */
  readonly pool: string;
  /** UUID of its user's libvirt secret, where the arguments name one. */
  readonly secretUuid?: string | undefined;
}

const quoted = (name: unknown): string => JSON.stringify(name);

/** The cluster of a pool by its key. */
export const clusterOfPool = ({ pools }: Args, key: string): string | undefined => {
  const spec = pools?.[key];
  return spec === undefined || spec === false ? undefined : spec.cluster;
};

/** Nova runs its disks as Cinder's user unless it has one of its own. */
const poolUses = (args: Args): Omit<Use, "cluster">[] => {
  const { cinderBackup, nova } = args;
  const names = namesOf(args);
  return [
    ...storesOf(args).map((store): Use => {
      const { name, pool, user = names.glance } = store;
      return { role: "glance", name, who: `glance store ${quoted(name)}`, pool, user };
    }),
    ...backendsOf(args).map((backend): Use => {
      const { name, pool, user = names.cinder, secretUuid } = backend;
      return { role: "cinder", name, who: `cinder backend ${quoted(name)}`, pool, user, secretUuid };
    }),
    ...(cinderBackup === undefined ? [] : [cinderBackup]).map(({ pool = "backups" }): Use => {
      const role = "cinder-backup";
      return { role, name: role, who: "cinderBackup", pool, user: names.cinderBackup };
    }),
    ...(nova === undefined ? [] : [nova]).map((spec): Use => {
      const { pool = "vms", user = names.cinder, secretUuid } = spec;
      return { role: "nova", name: "nova", who: "nova", pool, user, secretUuid };
    }),
  ];
};

/** Every use of a pool, in the cluster of that. */
export const usesOf = (args: Args): Use[] =>
  poolUses(args).map((use) => ({ ...use, cluster: clusterOfPool(args, use.pool) }));

/** A user with the keys of the pools that it owns, and of those that it reads only. */
export interface UserPools extends UserRef {
  readonly owns: readonly string[];
  readonly reads: readonly string[];
}

/** A pool under its classic key is its role's, also where that role's hosts are none of this program. */
const standing = ({ pools }: Args, key: string): string[] =>
  pools?.[key] === undefined || pools[key] === false ? [] : [key];

/** What each user of a cluster may, one after another: a user may be named more than once. */
const rightsIn = (args: Args, cluster: string | undefined): UserPools[] => {
  const all = usesOf(args);
  const uses = all.filter((use) => use.cluster === cluster);
  const of = (role: Role) => uses.filter((use) => use.role === role);
  const isHere = (role: Role) => all.some((use) => use.role === role);
  const standingHere = (key: string) =>
    standing(args, key).filter((pool) => clusterOfPool(args, pool) === cluster);
  const poolsOf = (role: Role, key: string): string[] =>
    isHere(role) ? of(role).map(({ pool }) => pool) : standingHere(key);
  const { cinder } = namesOf(args);
  const isCinders = uses.some(({ role, user }) => (role === "cinder" || role === "nova") && user === cinder);
  const images = poolsOf("glance", "images");
  const volumes = poolsOf("cinder", "volumes");
  const clones = args.glance?.cloneV2 === true ? [...volumes, ...poolsOf("nova", "vms")] : [];
  const rights = [
    ...of("glance").map(({ user, pool }) => ({ user, owns: [pool], reads: clones })),
    ...of("cinder").map(({ user, pool }) => ({ user, owns: [pool], reads: images })),
    ...(isCinders && !isHere("cinder") ? [{ user: cinder, owns: volumes, reads: images }] : []),
    ...of("nova").map(({ user, pool }) => ({ user, owns: [pool], reads: images })),
    ...(isCinders && !isHere("nova") ? [{ user: cinder, owns: standingHere("vms"), reads: images }] : []),
    ...of("cinder-backup").map(({ user, pool }) => ({ user, owns: [pool], reads: volumes })),
  ];
  return rights.map((one) => ({ ...one, cluster }));
};

/** Keys of the clusters; the first has none. */
export const clusterKeys = ({ clusters = {} }: Args): (string | undefined)[] => [
  undefined,
  ...Object.keys(clusters),
];

const isSame = (one: UserRef, other: UserRef): boolean =>
  one.user === other.user && one.cluster === other.cluster;

/** Each user once. */
export const usersIn = <T extends UserRef>(refs: readonly T[]): T[] =>
  refs.filter((ref, at) => refs.findIndex((other) => isSame(ref, other)) === at);

/**
 * The users that the roles need, each once. Who keeps volumes or disks clones from Glance's images, in whichever pools these are; cinder-backup reads
 * what it backs up. All of it in one cluster: a user has no right in another, and nothing is cloned from one to the other.
 */
export const userPools = (args: Args): UserPools[] => {
  const rights = clusterKeys(args).flatMap((cluster) => rightsIn(args, cluster));
  return usersIn(rights).map((ref) => {
    const own = rights.filter((one) => isSame(one, ref));
    const owns = [...new Set(own.flatMap((one) => one.owns))];
    const reads = [...new Set(own.flatMap((one) => one.reads))].filter((key) => !owns.includes(key));
    return { user: ref.user, cluster: ref.cluster, owns, reads };
  });
};

/** In a further cluster with its key: no name of one has "@" and that key at its end. */
export const inCluster = (text: string, cluster: string | undefined): string =>
  cluster === undefined ? text : `${text}@${cluster}`;

/** What a user is called in `keyGenerations` and `entities`: what it is for, or its name where it is a store's, a backend's or Nova's own. */
export const userKey = (args: Args, { user, cluster }: UserRef): string =>
  inCluster(Object.entries(namesOf(args)).find(([, name]) => name === user)?.[0] ?? user, cluster);

/** The UUIDs that the arguments name for a user's libvirt secret, each once. */
export const uuidsOf = (args: Args, ref: UserRef): string[] => {
  const given = usesOf(args).filter((use) => isSame(use, ref));
  const shared = isSame(ref, { user: namesOf(args).cinder }) ? [args.secretUuid] : [];
  const uuids = [...shared, ...given.map(({ secretUuid }) => secretUuid)];
  return [...new Set(uuids.filter((uuid) => uuid !== undefined))];
};
