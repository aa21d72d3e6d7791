/** From the arguments of an integration to what is to be made, with the rules across files. Pure. */
import type { Host } from "../providers/kernel/common.js";
import type { CephOpenStackIntegrationArgs, PoolSpec, UserKey } from "./integration-args.js";
import { releaseOf } from "./releases/index.js";

/** A pool that is used, by its key. */
export interface PlannedPool {
  readonly key: string;
  readonly spec: PoolSpec;
}

/** What is to be made, every default filled in. */
export interface Plan {
  readonly pools: readonly PlannedPool[];
  readonly stores: readonly { readonly name: string; readonly pool: string }[];
  readonly backends: readonly { readonly name: string; readonly pool: string }[];
  readonly backupPool: string | undefined;
  readonly vmsPool: string | undefined;
  readonly users: Readonly<Record<UserKey, string>>;
  /** UUID that the arguments name, for all. */
  readonly secretUuid: string | undefined;
  /** Every host once, in the order of roles. */
  readonly hosts: readonly Host[];
}

type Args = CephOpenStackIntegrationArgs;

const KNOWN = new Set([
  "cluster",
  "openstackRelease",
  "pools",
  "glance",
  "cinder",
  "cinderBackup",
  "nova",
  "users",
  "keyGenerations",
  "secretUuid",
  "layout",
  "manage",
]);
const ROLES = ["glance", "cinder", "cinderBackup", "nova"] as const;
const USERS: Readonly<Record<UserKey, string>> = {
  glance: "glance",
  cinder: "cinder",
  cinderBackup: "cinder-backup",
};
const SECTION = /^[A-Za-z0-9_.-]+$/;

const twice = (items: readonly string[]): string[] => [
  ...new Set(items.filter((item, at) => items.indexOf(item) !== at)),
];

const storesOf = ({ glance }: Args) =>
  glance === undefined ? [] : (glance.stores ?? [{ name: "rbd", pool: "images" }]);
const backendsOf = ({ cinder }: Args) =>
  cinder === undefined ? [] : (cinder.backends ?? [{ name: "ceph", pool: "volumes" }]);
const backupPoolOf = ({ cinderBackup }: Args) => cinderBackup && (cinderBackup.pool ?? "backups");
const vmsPoolOf = ({ nova }: Args) => nova && (nova.pool ?? "vms");

/** Who uses a pool, for messages: `cinder backend "ceph"`. */
const usesOf = (args: Args): { who: string; pool: string }[] => [
  ...storesOf(args).map(({ name, pool }) => ({ who: `glance store ${JSON.stringify(name)}`, pool })),
  ...backendsOf(args).map(({ name, pool }) => ({ who: `cinder backend ${JSON.stringify(name)}`, pool })),
  ...[backupPoolOf(args)].filter((pool) => pool !== undefined).map((pool) => ({ who: "cinderBackup", pool })),
  ...[vmsPoolOf(args)].filter((pool) => pool !== undefined).map((pool) => ({ who: "nova", pool })),
];

const roleProblems = (args: Args): string[] => {
  const unknown = Object.keys(args).filter((key) => !KNOWN.has(key));
  const hosts = ROLES.flatMap((role) => {
    const list = args[role]?.hosts;
    if (args[role] === undefined) return [];
    if (!Array.isArray(list) || list.length === 0) return [`${role}.hosts must name at least one host`];
    return twice(list).map((host) => `${role}.hosts names ${host} twice`);
  });
  const none = ROLES.every((role) => args[role] === undefined)
    ? [`nothing to do: give one of ${ROLES.join(", ")}`]
    : [];
  const backup =
    args.cinderBackup !== undefined && args.cinder === undefined
      ? ["cinderBackup backs up the volumes of cinder's backends: give cinder as well"]
      : [];
  return [
    ...unknown.map((key) => `${key} is no role or argument here; there are ${[...KNOWN].join(", ")}`),
    ...none,
    ...hosts,
    ...backup,
  ];
};

const nameProblems = (args: Args): string[] => {
  const [stores, backends] = [storesOf(args), backendsOf(args)];
  const names = [
    ...stores.map(({ name }) => ({ what: "glance store", name })),
    ...backends.map(({ name }) => ({ what: "cinder backend", name })),
  ];
  const users = ROLES.filter((role) => role !== "nova").map((key) => args.users?.[key] ?? USERS[key]);
  return [
    ...names
      .filter(({ name }) => !SECTION.test(name))
      .map(
        ({ what, name }) =>
          `${what} ${JSON.stringify(name)} must be of letters, digits, "_", "." and "-": it names a section`,
      ),
    ...stores
      .filter(({ name }) => name.startsWith("os_glance_"))
      .map(
        ({ name }) =>
          `glance store ${JSON.stringify(name)}: Glance keeps names that begin with "os_glance_" for itself`,
      ),
    ...twice(stores.map(({ name }) => name)).map(
      (name) => `two glance stores are called ${JSON.stringify(name)}`,
    ),
    ...twice(backends.map(({ name }) => name)).map(
      (name) => `two cinder backends are called ${JSON.stringify(name)}`,
    ),
    ...twice(users).map((user) => `two users are called ${JSON.stringify(user)}: each has caps of its own`),
  ];
};

const poolProblems = (args: Args): string[] =>
  usesOf(args).flatMap(({ who, pool }) => {
    if (typeof pool !== "string" || pool === "") return [`${who} has no pool`];
    if (args.pools === undefined) return [];
    const spec = args.pools[pool];
    if (spec === false) return [`${who} uses pool ${pool}, which pools says is not there (false)`];
    const there = Object.keys(args.pools).join(", ");
    return spec === undefined
      ? [`${who} uses pool ${JSON.stringify(pool)}, which pools does not name; there are ${there}`]
      : [];
  });

const uuidsOf = (args: Args): string[] => [
  ...new Set(
    [args.secretUuid, ...(args.cinder?.backends ?? []).map(({ secretUuid }) => secretUuid)].filter(
      (uuid) => uuid !== undefined,
    ),
  ),
];

const uuidProblems = (args: Args): string[] => {
  const uuids = uuidsOf(args);
  if (uuids.length < 2) return [];
  return [
    `the libvirt secret of cinder's user is given different UUIDs, ${uuids.join(" and ")}: all hosts and backends must name one`,
  ];
};

const problemsOf = (args: Args): string[] => [
  ...roleProblems(args),
  ...nameProblems(args),
  ...poolProblems(args),
  ...uuidProblems(args),
  ...Object.keys(args.manage ?? {})
    .filter((key) => key !== "directories")
    .map((key) => `manage.${key} is not there yet; there is directories`),
];

/**
 * The plan of an integration.
 * @throws Error that lists everything that is wrong, in the program's words
 */
export const planOf = (name: string, args: Args): Plan => {
  releaseOf(args.openstackRelease);
  const problems = problemsOf(args);
  if (problems.length > 0)
    throw new Error(`CephOpenStackIntegration ${JSON.stringify(name)}:\n  ${problems.join("\n  ")}`);
  const used = [...new Set(usesOf(args).map(({ pool }) => pool))];
  const given = Object.entries(args.pools ?? {}).flatMap(([key, spec]) =>
    spec === false ? [] : [{ key, spec }],
  );
  return {
    pools: args.pools === undefined ? used.map((key) => ({ key, spec: {} })) : given,
    stores: storesOf(args),
    backends: backendsOf(args),
    backupPool: backupPoolOf(args),
    vmsPool: vmsPoolOf(args),
    users: { ...USERS, ...args.users },
    secretUuid: uuidsOf(args)[0],
    hosts: [...new Set(ROLES.flatMap((role) => args[role]?.hosts ?? []))],
  };
};
