/** Rules for pools: who uses them, what is said of them, and what Ceph's release has. Pure. */
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import { cephReleaseProblem, parseCephRelease, poolFieldProblems } from "../releases/ceph.js";
import { dataPoolProblems } from "./data-pool-rules.js";
import { usesOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

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
    const { existing, cluster: _, dataPool: _d, ...more } = spec;
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

const cephProblems = ({ cephRelease, clusters = {}, pools = {} }: Args): string[] => {
  const problem = cephReleaseProblem(cephRelease);
  if (problem !== undefined) return [problem];
  return Object.entries(pools).flatMap(([key, spec]) => {
    if (spec === false) return [];
    const further = spec.cluster === undefined ? undefined : clusters[spec.cluster];
    const release = parseCephRelease(further?.cephRelease ?? cephRelease ?? "");
    return release === undefined ? [] : poolFieldProblems(release, key, spec);
  });
};

/** Everything that is wrong with pools. */
export const poolsProblems = (args: Args): string[] => [
  ...cephProblems(args),
  ...useProblems(args),
  ...poolProblems(args),
  ...dataPoolProblems(args),
];
