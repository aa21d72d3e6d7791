/** What must hold across the arguments of an integration: plain values only, each problem in the program's words. Pure. */
import { Output, RunError } from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs, RoleSpec } from "../integration-args.js";
import { layoutProblems, nameProblems, twice, uuidProblem } from "./name-rules.js";
import { outputProblems } from "./plain-rules.js";
import { cephReleaseProblem, parseCephRelease, poolFieldProblems } from "../releases/ceph.js";
import { releaseOf, releaseProblem } from "../releases/index.js";
import { backendsOf, ROLES, storesOf, usesOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

const ARGUMENTS = [
  ...[
    "cluster",
    "openstackRelease",
    "cephRelease",
    "pools",
    ...ROLES,
    "users",
    "keyGenerations",
    "secretUuid",
    "layout",
    "silence",
  ],
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

/** The secret's UUID is derived from the fsid in the program: it must be known there. */
export const fsidProblems = ({ cluster }: Pick<Args, "cluster">): string[] =>
  typeof cluster.fsid === "string" && UUID.test(cluster.fsid)
    ? []
    : ["cluster.fsid must be the cluster's fsid, a lower-case UUID and plain; `ceph fsid` prints it"];

const adminProblems = ({ cluster }: Args): string[] =>
  cluster.admin === undefined
    ? ["cluster.admin must name a host where `ceph` may be run as an administrator"]
    : [];

/** Hosts that are plain; a program without types may hand over anything. */
const plainHosts = (hosts: unknown): string[] =>
  Array.isArray(hosts) ? hosts.filter((host): host is string => typeof host === "string" && host !== "") : [];

/** Problems of a list of hosts that `what` calls by its name. */
export const hostProblems = (what: string, hosts: unknown): string[] => {
  if (typeof hosts === "string") return [`${what} must be a list: [${JSON.stringify(hosts)}]`];
  if (!Array.isArray(hosts) || hosts.length === 0) return [`${what} must name at least one host`];
  const plain = plainHosts(hosts);
  if (plain.length < hosts.length)
    return [`${what} must be plain names: they decide which resources there are`];
  return twice(plain).map((host) => `${what} names ${host} twice`);
};

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
  const backupHosts = plainHosts(cinderBackup.hosts);
  const both = plainHosts(cinder.hosts).filter((host) => backupHosts.includes(host));
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
    ...uuids.flatMap(uuidProblem),
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

/**
 * Refuses what is wrong, all at once.
 * @throws RunError when there is any problem: the program ends with its words and no stack trace
 */
export const refuse = (who: { kind: string; name: string }, problems: readonly string[]): void => {
  if (problems.length > 0)
    throw new RunError(`${who.kind} ${JSON.stringify(who.name)}:\n  ${problems.join("\n  ")}`);
};

/** Of a pool that is made, everything but its key may be an Output; of one that is there, its name decides. */
const outputPlaces = ({ pools }: Args): string[] => [
  ...["keyGenerations.*", ...ROLES.map((role) => `${role}.options.*.*`)],
  ...Object.entries(Output.isInstance(pools) ? {} : (pools ?? {}))
    .filter(([, spec]) => typeof spec === "object" && !("existing" in spec))
    .map(([key]) => `pools.${key}.*`),
];

/** Everything that is wrong. */
export const problemsOf = (args: Args): string[] => {
  const outputs = outputProblems(args, outputPlaces(args));
  return outputs.length > 0 ? outputs : plainProblems(args);
};

const cephProblems = ({ cephRelease, pools = {} }: Args): string[] => {
  const problem = cephReleaseProblem(cephRelease);
  if (problem !== undefined) return [problem];
  const release = cephRelease === undefined ? undefined : parseCephRelease(cephRelease);
  return release === undefined
    ? []
    : Object.entries(pools).flatMap(([key, spec]) =>
        spec === false ? [] : poolFieldProblems(release, key, spec),
      );
};

/** Before Train Glance has one store. */
const storeProblems = (args: Args): string[] =>
  releaseProblem(args.openstackRelease) === undefined &&
  releaseOf(args.openstackRelease).stores === "one" &&
  storesOf(args).length > 1
    ? [
        `glance.stores: ${args.openstackRelease} has one store of Glance; several need Train (2019.2) or later`,
      ]
    : [];

/** Everything that is wrong with arguments that are plain where they must be. */
const plainProblems = (args: Args): string[] => {
  const release = releaseProblem(args.openstackRelease);
  return [
    ...(release === undefined ? [] : [release]),
    ...cephProblems(args),
    ...fieldProblems(args),
    ...fsidProblems(args),
    ...adminProblems(args),
    ...roleProblems(args),
    ...ROLES.flatMap((role) => {
      const spec: RoleSpec | undefined = args[role];
      return spec === undefined ? [] : hostProblems(`${role}.hosts`, spec.hosts);
    }),
    ...nameProblems(args, { stores: storesOf(args), backends: backendsOf(args) }),
    ...storeProblems(args),
    ...useProblems(args),
    ...poolProblems(args),
    ...sharedFileProblems(args),
    ...uuidProblems(args),
    ...layoutProblems(args),
    ...manageProblems(args),
  ];
};
