/** The clusters of an integration, with every default filled in. Pure. */
import type { Cluster } from "../../providers/kernel/common.js";
import type { FurtherCluster } from "../cluster-args.js";
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import type { Layout } from "../layouts/layout.js";
import { parseCephRelease } from "../releases/ceph.js";
import { usualConf, type KnownCluster, type Topology } from "./topology.js";

type Args = CephOpenStackIntegrationArgs;

/** Its own admin host calls a cluster "ceph", as every cluster of today is called there; files of two on one host need two names. */
const further = (
  key: string,
  { cephRelease: _, adopt: _a, cephConf: _c, ...cluster }: FurtherCluster,
): Cluster => ({ ...cluster, name: cluster.name ?? key, adminName: cluster.adminName ?? "ceph" });

/** The first cluster, or a further one. */
export const clusterIn = ({ cluster, clusters = {} }: Args, key: string | undefined): Cluster => {
  const given = key === undefined ? undefined : clusters[key];
  return key === undefined || given === undefined ? cluster : further(key, given);
};

const releaseOf = (name: string | undefined): Pick<KnownCluster, "cephRelease"> => {
  const cephRelease = name === undefined ? undefined : parseCephRelease(name);
  return cephRelease === undefined ? {} : { cephRelease };
};

/** The first cluster, and the others after it. */
export const clustersOf = (args: Args, layout: Layout): Topology["clusters"] => {
  const { cluster: first, clusters = {}, cephRelease, adopt } = args;
  const all = { conf: usualConf(first, layout), adopt, ...releaseOf(cephRelease) };
  return [
    { ...all, cluster: first },
    ...Object.entries(clusters).map(([key, given]): KnownCluster => {
      const cluster = clusterIn(args, key);
      return {
        ...all,
        key,
        cluster,
        conf: usualConf(cluster, layout),
        cephConf: given.cephConf,
        adopt: given.adopt ?? adopt,
        ...releaseOf(given.cephRelease ?? cephRelease),
      };
    }),
  ];
};
