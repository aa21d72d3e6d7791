/** Rules for the arguments of stores and backends that stand for options. Pure. */
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import { isAbsolutePath, PATH_FORM } from "../../providers/argument-rules/index.js";
import { handOverOf } from "../layouts/choice.js";
import { releaseOf, releaseProblem } from "../releases/index.js";
import { backendsOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

const WORD = /^[A-Za-z0-9_.@:-]+$/;

const isWord = (value: unknown): boolean => typeof value === "string" && WORD.test(value);

const activeProblems = (args: Args): string[] => {
  const active = args.cinder?.activeActive;
  if (active === undefined) return [];
  const where = "cinder.activeActive";
  const { cluster, coordination } = active;
  const url: unknown = coordination;
  const hosts = backendsOf(args).filter(({ backendHost }) => backendHost !== undefined);
  return [
    ...(isWord(cluster)
      ? []
      : [
          `${where}.cluster must be a name that all volume hosts share, of letters, digits, "_", "." and "-"`,
        ]),
    ...(url === undefined || url === ""
      ? [
          `${where}.coordination is missing: hosts that are all active lock volumes by a service that all of them reach, as etcd3+http://… or redis://…`,
        ]
      : []),
    ...(typeof url === "string" && url.startsWith("file:")
      ? [
          `${where}.coordination file:… holds locks on one host alone: it must be a service that all hosts reach`,
        ]
      : []),
    ...hosts.map(
      ({ name }) =>
        `cinder backend ${JSON.stringify(name)}: backendHost makes one active host of many, and cinder.activeActive makes all of them active: give one of the two`,
    ),
    ...(handOverOf(args.layout) === undefined
      ? []
      : [
          `${where} is for hosts that this program writes: with layout ${JSON.stringify(args.layout)} that tool says how they are coordinated`,
        ]),
  ];
};

const backendProblems = (args: Args): string[] =>
  backendsOf(args).flatMap(({ name, ...backend }) =>
    (["backendHost", "availabilityZone"] as const)
      .filter((field) => backend[field] !== undefined && !isWord(backend[field]))
      .map(
        (field) =>
          `cinder backend ${JSON.stringify(name)}: ${field} must be a name of letters, digits, "_", ".", ":", "@" and "-"`,
      ),
  );

const reservedProblems = ({ glance, openstackRelease, compat }: Args): string[] => {
  const given = glance?.reservedStores;
  if (given === undefined) return [];
  const where = "glance.reservedStores";
  const hasOne =
    releaseProblem(openstackRelease) === undefined && releaseOf(openstackRelease, compat).stores === "one";
  return [
    ...Object.entries(given)
      .filter(([, path]) => typeof path === "string" && !isAbsolutePath(path))
      .map(([field]) => `${where}.${field} must be ${PATH_FORM}`),
    ...(hasOne
      ? [
          `${where} are for Glance with a section per store, from Train (2019.2) on: with one store [DEFAULT] node_staging_uri and work_dir in [task] say where`,
        ]
      : []),
  ];
};

/** Everything that is wrong with them. */
export const typedProblems = (args: Args): string[] => [
  ...activeProblems(args),
  ...backendProblems(args),
  ...reservedProblems(args),
];
