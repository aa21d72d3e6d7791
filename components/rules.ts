/** What must hold across the arguments of an integration: plain values only, each problem in the program's words. Pure. */
import type { CephOpenStackIntegrationArgs, RoleSpec } from "./integration-args.js";
import { nameProblems, pathProblems, twice } from "./name-rules.js";
import { releaseProblem } from "./releases/index.js";
import { backendsOf, ROLES, storesOf, usesOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

const ARGUMENTS = [
  ...["cluster", "openstackRelease", "pools", ...ROLES, "users", "keyGenerations", "secretUuid", "layout"],
  "manage",
];
const ROLE_FIELDS = {
  glance: ["hosts", "options", "stores"],
  cinder: ["hosts", "options", "backends"],
  cinderBackup: ["hosts", "options", "pool"],
  nova: ["hosts", "options", "pool"],
} as const;

/** What is not there yet, and what to do until it is. */
const LATER: Readonly<Record<string, string>> = {
  packages: "no packages are installed; install ceph-common, python3-rbd and QEMU's rbd driver yourself",
  services: "no service is restarted; restart those whose files an up has changed yourself",
  checks: "nothing is checked with the clients' keys; list each pool as its user yourself",
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const clusterProblems = ({ cluster }: Args): string[] => [
  ...(typeof cluster.fsid === "string" && UUID.test(cluster.fsid)
    ? []
    : ["cluster.fsid must be the cluster's fsid, a lower-case UUID and plain; `ceph fsid` prints it"]),
  ...(cluster.admin === undefined
    ? ["cluster.admin must name a host where `ceph` may be run as an administrator"]
    : []),
];

/** Hosts that are plain; a program without types may hand over anything. */
const plainHosts = (spec: RoleSpec): string[] => {
  const hosts: unknown = spec.hosts;
  return Array.isArray(hosts)
    ? hosts.filter((host): host is string => typeof host === "string" && host !== "")
    : [];
};

const hostProblems = (args: Args): string[] =>
  ROLES.flatMap((role) => {
    const spec: RoleSpec | undefined = args[role];
    if (spec === undefined) return [];
    const { hosts } = spec;
    if (!Array.isArray(hosts) || hosts.length === 0) return [`${role}.hosts must name at least one host`];
    const plain = plainHosts(spec);
    if (plain.length < hosts.length)
      return [`${role}.hosts must be plain names: they decide which resources there are`];
    return twice(plain).map((host) => `${role}.hosts names ${host} twice`);
  });

const fieldProblems = (args: Args): string[] => [
  ...Object.keys(args)
    .filter((key) => !ARGUMENTS.includes(key))
    .map((key) => `${key} is no role or argument here; there are ${ARGUMENTS.join(", ")}`),
  ...ROLES.flatMap((role) => {
    const fields: readonly string[] = ROLE_FIELDS[role];
    return Object.keys(args[role] ?? {})
      .filter((key) => !fields.includes(key))
      .map((key) => `${role}.${key} is no argument here; there are ${fields.join(", ")}`);
  }),
];

const roleProblems = (args: Args): string[] => {
  const none = ROLES.every((role) => args[role] === undefined);
  const { glance, cinder, cinderBackup } = args;
  return [
    ...(none ? [`nothing to do: give one of ${ROLES.join(", ")}`] : []),
    ...(cinderBackup !== undefined && cinder === undefined
      ? ["cinderBackup backs up the volumes of cinder's backends: give cinder as well"]
      : []),
    ...(glance?.stores?.length === 0 ? ["glance.stores names no store: leave it out for one in images"] : []),
    ...(cinder?.backends?.length === 0
      ? ["cinder.backends names no backend: leave it out for one in volumes"]
      : []),
  ];
};

const useProblems = (args: Args): string[] =>
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

const poolProblems = ({ pools = {} }: Args): string[] =>
  Object.entries(pools).flatMap(([key, spec]) => {
    if (spec === false || !("existing" in spec)) return [];
    const { existing, ...more } = spec;
    const beside = Object.keys(more);
    return [
      ...(typeof existing === "string" && existing !== ""
        ? []
        : [`pools.${key}.existing must be the plain name of a pool`]),
      ...(beside.length === 0
        ? []
        : [`pools.${key} is an existing pool and not managed: ${beside.join(", ")} would have no effect`]),
    ];
  });

/** Both roles write `[DEFAULT]` and the backends' sections of one file on a host that has both. */
const sharedFileProblems = ({ cinder, cinderBackup }: Args): string[] => {
  if (cinder === undefined || cinderBackup === undefined) return [];
  const backupHosts = plainHosts(cinderBackup);
  const both = plainHosts(cinder).filter((host) => backupHosts.includes(host));
  if (both.length === 0) return [];
  const { options: volume = {} } = cinder;
  return Object.entries(cinderBackup.options ?? {}).flatMap(([section, options]) =>
    Object.keys(options)
      .filter((option) => volume[section]?.[option] !== undefined)
      .map(
        (option) =>
          `cinder.options and cinderBackup.options both give [${section}] ${option}, in one file on ${both.join(", ")}: give it once`,
      ),
  );
};

/** The different UUIDs of the secret of cinder's user that the arguments name. */
export const uuidsOf = (args: Args): string[] => [
  ...new Set(
    [args.secretUuid, ...(args.cinder?.backends ?? []).map(({ secretUuid }) => secretUuid)].filter(
      (uuid) => uuid !== undefined,
    ),
  ),
];

const uuidProblems = (args: Args): string[] => {
  const uuids = uuidsOf(args);
  return [
    ...uuids
      .filter((uuid) => !UUID.test(uuid))
      .map((uuid) => `secretUuid ${uuid} must be a UUID in lower case`),
    ...(uuids.length < 2
      ? []
      : [
          `the libvirt secret of cinder's user is given different UUIDs, ${uuids.join(" and ")}: all hosts and backends must name one`,
        ]),
  ];
};

const manageProblems = ({ manage = {} }: Args): string[] =>
  Object.entries(manage).flatMap(([key, wanted]) => {
    if (key === "directories" || (key in LATER && !wanted)) return [];
    return [`manage.${key} is not there yet: ${LATER[key] ?? "there is directories"}`];
  });

/** Everything that is wrong. */
export const problemsOf = (args: Args): string[] => {
  const release = releaseProblem(args.openstackRelease);
  return [
    ...(release === undefined ? [] : [release]),
    ...fieldProblems(args),
    ...clusterProblems(args),
    ...roleProblems(args),
    ...hostProblems(args),
    ...nameProblems(args, { stores: storesOf(args), backends: backendsOf(args) }),
    ...useProblems(args),
    ...poolProblems(args),
    ...sharedFileProblems(args),
    ...uuidProblems(args),
    ...pathProblems(args),
    ...manageProblems(args),
  ];
};
