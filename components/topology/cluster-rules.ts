/** Rules for the clusters of an integration: what each must have, and what no two may share. Pure. */
import type { Cluster } from "../../providers/kernel/common.js";
import type { FurtherCluster } from "../cluster-args.js";
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import { cephReleaseProblem } from "../releases/ceph.js";
import { clusterIn } from "./clusters.js";
import { clusterName } from "./topology.js";
import { twice, UUID } from "./name-rules.js";
import { clusterKeys } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

/** A key is a file's name, too, unless the cluster has another. */
const KEY = /^[A-Za-z0-9_-]+$/;

/** The secret's UUID is derived from the fsid in the program: it must be known there. */
export const fsidProblem = ({ fsid }: { readonly fsid?: unknown }, where = "cluster"): string[] =>
  typeof fsid === "string" && UUID.test(fsid)
    ? []
    : [`${where}.fsid must be the cluster's fsid, a lower-case UUID and plain; \`ceph fsid\` prints it`];

const adminProblem = ({ admin }: { readonly admin?: unknown }, where = "cluster"): string[] =>
  admin === undefined
    ? [`${where}.admin must name a host where \`ceph\` may be run as an administrator`]
    : [];

const ADOPT: readonly unknown[] = [undefined, "if-identical", "add-caps", "overwrite", "never"];

const adoptProblem = (adopt: unknown, where: string): string[] =>
  ADOPT.includes(adopt)
    ? []
    : [`${where} ${JSON.stringify(adopt)} must be "if-identical", "add-caps", "overwrite" or "never"`];

const furtherProblems = (key: string, given: FurtherCluster): string[] => {
  const where = `clusters.${key}`;
  const { name, cephRelease, adopt }: Readonly<Record<string, unknown>> = { ...given };
  const release = cephReleaseProblem(cephRelease);
  return [
    ...(KEY.test(key)
      ? []
      : [`clusters: key ${JSON.stringify(key)} must be of letters, digits, "_" and "-"`]),
    ...(name === undefined || (typeof name === "string" && KEY.test(name))
      ? []
      : [`${where}.name ${JSON.stringify(name)} must be of letters, digits, "_" and "-": it names files`]),
    ...fsidProblem(given, where),
    ...adminProblem(given, where),
    ...adoptProblem(adopt, `${where}.adopt`),
    ...(release === undefined ? [] : [`${where}.${release}`]),
  ];
};

/** Files of two clusters lie in one directory, and their records go by the fsid. */
export const sharedProblems = (all: readonly Cluster[]): string[] => [
  ...twice(all.map(clusterName)).map(
    (name) =>
      `two clusters are called ${JSON.stringify(name)}: both would have /etc/ceph/${name}.conf on a host; give one of them another \`name\``,
  ),
  ...twice(all.map(({ fsid }) => fsid)).map((fsid) => `two clusters have the fsid ${fsid}: they are one`),
];

const poolProblems = ({ clusters = {}, pools = {} }: Args): string[] => {
  const there = Object.keys(clusters);
  const known = there.length === 0 ? "there are none" : `there are ${there.join(", ")}`;
  return Object.entries(pools).flatMap(([key, spec]) =>
    spec === false || spec.cluster === undefined || there.includes(spec.cluster)
      ? []
      : [`pools.${key}.cluster ${JSON.stringify(spec.cluster)} is none of clusters; ${known}`],
  );
};

/** Everything that is wrong with clusters, or with what names one. */
export const clusterProblems = (args: Args): string[] => {
  const { cluster, clusters = {}, adopt } = args;
  const own = [...fsidProblem(cluster), ...adminProblem(cluster), ...adoptProblem(adopt, "adopt")];
  const each = Object.entries(clusters).flatMap(([key, given]) => furtherProblems(key, given));
  const all = clusterKeys(args).map((key) => clusterIn(args, key));
  return [...own, ...(each.length > 0 ? each : sharedProblems(all)), ...poolProblems(args)];
};
