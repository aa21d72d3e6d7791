/** What other stacks are told of clusters and stores. */
import * as pulumi from "@pulumi/pulumi";
import { CephConfigFile } from "../providers/ceph-config-file/index.js";
import { refOf } from "./plan/entry.js";
import type { Plan } from "./plan/plan.js";
import { resourceIn, type Made } from "./resources.js";
import { clusterName, type KnownCluster, type Topology } from "./topology/topology.js";

/** A further cluster, as other stacks know it. No secret. */
export interface ClusterOutput {
  readonly fsid: string;
  /** Its name in /etc/ceph of the hosts. */
  readonly name: string;
  /** Addresses of its monitors, as `mon_host` holds them; empty where no ceph.conf is written. */
  readonly monHost: string;
  /** UUID of the libvirt secret of Cinder's user there. */
  readonly secretUuid: string;
}

/** The monitors of a cluster, as the first ceph.conf of it has them; empty where none is written. */
const monitorsOf = ({ entries }: Plan, made: Made, { cluster }: KnownCluster): pulumi.Output<string> => {
  const conf = entries.find((one) => one.kind === "CephConfigFile" && one.args.cluster === cluster);
  return conf === undefined ? pulumi.output("") : resourceIn(made, refOf(conf), CephConfigFile).monitors;
};

/** `monHost` of the first cluster, and what is told of the others. */
export const clusterOutputs = (
  { clusters: [first, ...further] }: Topology,
  { plan, made }: { readonly plan: Plan; readonly made: Made },
  secretUuid: (key?: string) => string,
) => ({
  monHost: monitorsOf(plan, made, first),
  clusters: pulumi.output(
    Object.fromEntries(
      further.map((at) => {
        const { key = "", cluster } = at;
        const monHost = monitorsOf(plan, made, at);
        return [
          key,
          { fsid: cluster.fsid, name: clusterName(cluster), monHost, secretUuid: secretUuid(key) },
        ];
      }),
    ),
  ),
});

/** Stores by the names that Glance's file says: where it has one, that is its type. */
export const storeNames = ({ release, roles }: Topology): string[] => {
  const parts = roles.find(({ role }) => role === "glance")?.parts ?? [];
  return release.stores === "one" && parts.length > 0 ? ["rbd"] : parts.map(({ name }) => name);
};
