/** What must hold across the arguments of an integration: plain values only, each problem in the program's words. Pure. */
import { Output, RunError } from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs, RoleSpec } from "../integration-args.js";
import { clusterProblems } from "./cluster-rules.js";
import { nameProblems, twice, uuidProblem } from "./name-rules.js";
import { handOverOf, hasOneCinderFile, layoutProblems } from "../layouts/choice.js";
import { contradictedArguments } from "./given-once.js";
import { handedProblems } from "./hand-over-rules.js";
import { IMAGE_PLACES } from "./images.js";
import { manageProblems } from "./manage.js";
import { integration } from "./argument-shapes.js";
import { outputProblems } from "./plain-rules.js";
import { poolsProblems } from "./pool-rules.js";
import { releaseOf, releaseProblem } from "../releases/index.js";
import { isObject } from "./shapes.js";
import { typedProblems } from "./typed-rules.js";
import { backendsOf, inCluster, namesOf, ROLES, storesOf, usersIn, usesOf, uuidsOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

/** Hosts that are plain; a program without types may hand over anything. */
const plainHosts = (hosts: unknown): string[] =>
  Array.isArray(hosts) ? hosts.filter((host): host is string => typeof host === "string" && host !== "") : [];

/** Problems of a list of hosts that `what` calls by its name. */
export const hostProblems = (what: string, hosts: unknown): string[] => {
  if (!Array.isArray(hosts) || hosts.length === 0) return [`${what} must name at least one host`];
  return twice(plainHosts(hosts)).map((host) => `${what} names ${host} twice`);
};

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

type Options = Pick<RoleSpec, "options" | "secretOptions">;

/** `[section] option` of all that a role says of its file. */
const optionsOf = ({ options = {}, secretOptions = {} }: Options): string[] =>
  [options, secretOptions].flatMap((sections) =>
    Object.entries(sections).flatMap(([section, given]) =>
      Object.keys(given).map((option) => `[${section}] ${option}`),
    ),
  );

/** Problems of options that are given as secrets and in the open. */
export const secretProblems = (what: string, spec: Options = {}): string[] =>
  twice(optionsOf(spec)).map(
    (option) => `${what}options and ${what}secretOptions both give ${option}: give it once`,
  );

/** Both roles write `[DEFAULT]` and the backends' sections of one file on a host that has both. */
const sharedFileProblems = (args: Args): string[] => {
  const { cinder, cinderBackup } = args;
  if (cinder === undefined || cinderBackup === undefined || !hasOneCinderFile(args)) return [];
  const backupHosts = plainHosts(cinderBackup.hosts);
  const both = plainHosts(cinder.hosts).filter((host) => backupHosts.includes(host));
  if (both.length === 0) return [];
  const volume = optionsOf(cinder);
  return optionsOf(cinderBackup)
    .filter((option) => volume.includes(option))
    .map(
      (option) =>
        `cinder.options and cinderBackup.options both give ${option}, in one file on ${both.join(", ")}: give it once`,
    );
};

const uuidProblems = (args: Args): string[] => {
  const users = usersIn([{ user: namesOf(args).cinder, cluster: undefined }, ...usesOf(args)]);
  const given = users.map((ref) => ({
    user: inCluster(`client.${ref.user}`, ref.cluster),
    uuids: uuidsOf(args, ref),
  }));
  const all = given.flatMap(({ uuids }) => uuids);
  return [
    ...[...new Set(all)].flatMap(uuidProblem),
    ...given
      .filter(({ uuids }) => uuids.length > 1)
      .map(
        ({ user, uuids }) =>
          `the libvirt secret of ${user} is given different UUIDs, ${uuids.join(" and ")}: all hosts and backends must name one`,
      ),
    ...twice(all).map((uuid) => `${uuid} is given to the libvirt secrets of two users: each has its own`),
  ];
};

/**
 * Refuses what is wrong, all at once.
 * @throws RunError when there is any problem: the program ends with its words and no stack trace
 */
export const refuse = (who: { kind: string; name: string }, problems: readonly string[]): void => {
  if (problems.length > 0)
    throw new RunError(`${who.kind} ${JSON.stringify(who.name)}:\n  ${problems.join("\n  ")}`);
};

/** Of a pool that is made, everything but its key, its cluster and its data pool may be an Output; of one that is there, its name decides. */
const outputPlaces = ({ pools }: Args): string[] => [
  ...[
    "keyGenerations.*",
    "cephConf.*.*",
    "clusters.*.cephConf.*.*",
    "glance.reservedStores.*",
    "cinder.activeActive.coordination",
    ...IMAGE_PLACES,
  ],
  ...ROLES.flatMap((role) => [`${role}.options.*.*`, `${role}.secretOptions.*.*`]),
  ...Object.entries(isObject(pools) && !Output.isInstance(pools) ? pools : {})
    .filter(([, spec]) => isObject(spec) && !("existing" in spec))
    .flatMap(([key, spec]) => Object.keys(spec).map((field) => `pools.${key}.${field}`))
    .filter((place) => !/\.(?:cluster|dataPool)$/.test(place)),
];

/** Arguments that no rule of another one reads: the others are asked all the same. */
const ALONE = ["manage", "silence", "cephConf", "keyGenerations", "deploymentHost", "hooks"];

/** Everything that is wrong. */
export const problemsOf = (args: Args): string[] => {
  const outputs = outputProblems(args, isObject(args) ? outputPlaces(args) : []);
  const shape = integration(args, "");
  const said = [...outputs, ...shape.map(({ says }) => says)];
  if (outputs.length > 0 || !isObject(args)) return said;
  const rough = shape.filter(({ isRough }) => isRough).map(({ at }) => at.split(".")[0] ?? "");
  if (!rough.every((key) => ALONE.includes(key))) return said;
  const more = plainProblems({ ...args, ...Object.fromEntries(rough.map((key) => [key, undefined])) });
  return [...said, ...more];
};

const compatProblems = ({ compat, glance }: Args): string[] => {
  const known: readonly unknown[] = [undefined, "classic"];
  if (!known.includes(compat)) return [`compat ${JSON.stringify(compat)} is not known; there is "classic"`];
  return compat !== undefined && (glance?.stores?.length ?? 1) > 1
    ? ['glance.stores: compat "classic" has one store of Glance; leave compat out for several']
    : [];
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
    ...poolsProblems(args),
    ...clusterProblems(args),
    ...roleProblems(args),
    ...ROLES.flatMap((role) => {
      const spec: RoleSpec | undefined = args[role];
      const isHanded = handOverOf(args.layout) !== undefined;
      return spec === undefined || isHanded ? [] : hostProblems(`${role}.hosts`, spec.hosts);
    }),
    ...nameProblems(args, { stores: storesOf(args), backends: backendsOf(args) }),
    ...storeProblems(args),
    ...compatProblems(args),
    ...typedProblems(args),
    ...contradictedArguments(args),
    ...ROLES.flatMap((role) => secretProblems(`${role}.`, args[role])),
    ...sharedFileProblems(args),
    ...uuidProblems(args),
    ...layoutProblems(args),
    ...handedProblems(args),
    ...manageProblems(
      args.manage,
      ROLES.flatMap((role) => plainHosts(args[role]?.hosts)),
    ),
  ];
};
