/** Who uses which pool, from the arguments of an integration with every default filled in. Pure. */
import type { CephOpenStackIntegrationArgs, UserKey } from "../integration-args.js";

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

export const backupPoolOf = ({ cinderBackup }: Args) => cinderBackup && (cinderBackup.pool ?? "backups");
export const vmsPoolOf = ({ nova }: Args) => nova && (nova.pool ?? "vms");

/** Every use of a pool, with who uses it in words: `cinder backend "ceph"`. */
export const usesOf = (args: Args): { who: string; pool: string }[] => [
  ...storesOf(args).map(({ name, pool }) => ({ who: `glance store ${JSON.stringify(name)}`, pool })),
  ...backendsOf(args).map(({ name, pool }) => ({ who: `cinder backend ${JSON.stringify(name)}`, pool })),
  ...[backupPoolOf(args)].filter((pool) => pool !== undefined).map((pool) => ({ who: "cinderBackup", pool })),
  ...[vmsPoolOf(args)].filter((pool) => pool !== undefined).map((pool) => ({ who: "nova", pool })),
];

/** The keys of the pools that a user owns, and of those that it reads only. */
export interface UserPools {
  readonly user: UserKey;
  readonly owns: readonly string[];
  readonly reads: readonly string[];
}

/** A pool under its classic key is its role's, also where that role's hosts are none of this program. */
const standing = ({ pools }: Args, key: string): string[] =>
  pools?.[key] === undefined || pools[key] === false ? [] : [key];

/**
 * The users that the roles need. Nova runs its disks and volumes as Cinder's user, which clones from Glance's images; cinder-backup reads what it
 * backs up.
 */
export const userPools = (args: Args): UserPools[] => {
  const { glance, cinder, cinderBackup, nova } = args;
  const pool = (one: { readonly pool: string }) => one.pool;
  const images = glance === undefined ? standing(args, "images") : storesOf(args).map(pool);
  const volumes = cinder === undefined ? standing(args, "volumes") : backendsOf(args).map(pool);
  const disks = nova === undefined ? standing(args, "vms") : [nova.pool ?? "vms"];
  const users: (readonly [UserKey, boolean, readonly string[], readonly string[]])[] = [
    ["glance", glance !== undefined, images, []],
    ["cinder", (cinder ?? nova) !== undefined, [...volumes, ...disks], images],
    ["cinderBackup", cinderBackup !== undefined, [cinderBackup?.pool ?? "backups"], volumes],
  ];
  return users
    .filter(([, needed]) => needed)
    .map(([user, , owns, reads]) => ({
      user,
      owns: [...new Set(owns)],
      reads: [...new Set(reads)].filter((key) => !owns.includes(key)),
    }));
};
