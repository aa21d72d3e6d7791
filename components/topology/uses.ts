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

/** What uses a pool. */
export interface Use {
  readonly role: Role;
  /** Name of the store or backend, else of the role. */
  readonly name: string;
  /** In words: `cinder backend "ceph"`. */
  readonly who: string;
  /** Key of the pool. */
  readonly pool: string;
  /** Name of its user, without `client.` */
  readonly user: string;
  /** UUID of its user's libvirt secret, where the arguments name one. */
  readonly secretUuid?: string | undefined;
}

const quoted = (name: unknown): string => JSON.stringify(name);

/** Every use of a pool. Nova runs its disks as Cinder's user unless it has one of its own. */
export const usesOf = (args: Args): Use[] => {
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

/** A user with the keys of the pools that it owns, and of those that it reads only. */
export interface UserPools {
  /** Without `client.` */
  readonly user: string;
  readonly owns: readonly string[];
  readonly reads: readonly string[];
}

/** A pool under its classic key is its role's, also where that role's hosts are none of this program. */
const standing = ({ pools }: Args, key: string): string[] =>
  pools?.[key] === undefined || pools[key] === false ? [] : [key];

/** What each user may, one after another: a user may be named more than once. */
const rightsOf = (args: Args): UserPools[] => {
  const uses = usesOf(args);
  const of = (role: Role) => uses.filter((use) => use.role === role);
  const poolsOf = (role: Role, key: string): string[] =>
    of(role).length === 0 ? standing(args, key) : of(role).map(({ pool }) => pool);
  const { cinder } = namesOf(args);
  const isCinders = uses.some(({ role, user }) => (role === "cinder" || role === "nova") && user === cinder);
  const images = poolsOf("glance", "images");
  const volumes = poolsOf("cinder", "volumes");
  const clones = args.glance?.cloneV2 === true ? [...volumes, ...poolsOf("nova", "vms")] : [];
  return [
    ...of("glance").map(({ user, pool }) => ({ user, owns: [pool], reads: clones })),
    ...of("cinder").map(({ user, pool }) => ({ user, owns: [pool], reads: images })),
    ...(isCinders && of("cinder").length === 0 ? [{ user: cinder, owns: volumes, reads: images }] : []),
    ...of("nova").map(({ user, pool }) => ({ user, owns: [pool], reads: images })),
    ...(isCinders && of("nova").length === 0
      ? [{ user: cinder, owns: standing(args, "vms"), reads: images }]
      : []),
    ...of("cinder-backup").map(({ user, pool }) => ({ user, owns: [pool], reads: volumes })),
  ];
};

/**
 * The users that the roles need, each once. Who keeps volumes or disks clones from Glance's images, in whichever pools these are; cinder-backup reads
 * what it backs up.
 */
export const userPools = (args: Args): UserPools[] => {
  const rights = rightsOf(args);
  return [...new Set(rights.map(({ user }) => user))].map((user) => {
    const own = rights.filter((one) => one.user === user);
    const owns = [...new Set(own.flatMap((one) => one.owns))];
    const reads = [...new Set(own.flatMap((one) => one.reads))].filter((key) => !owns.includes(key));
    return { user, owns, reads };
  });
};

/** What a user is called in `keyGenerations` and `entities`: what it is for, or its name where it is a store's, a backend's or Nova's own. */
export const userKey = (args: Args, user: string): string =>
  Object.entries(namesOf(args)).find(([, name]) => name === user)?.[0] ?? user;

/** The UUIDs that the arguments name for a user's libvirt secret, each once. */
export const uuidsOf = (args: Args, user: string): string[] => {
  const given = usesOf(args).filter((use) => use.user === user);
  const shared = user === namesOf(args).cinder ? [args.secretUuid] : [];
  const uuids = [...shared, ...given.map(({ secretUuid }) => secretUuid)];
  return [...new Set(uuids.filter((uuid) => uuid !== undefined))];
};
