/** Where a cluster's monitors are, as a client's ceph.conf says it. */
import { parseMinimalConf } from "../formats/minimal-conf.js";
import type { Cluster } from "../kernel/common.js";
import type { Reach } from "../kernel/contract.js";
import { Failure } from "../remote/failure.js";
import { cephOf } from "./ceph/index.js";

/** The cluster's monitors, by itself. @throws Failure when it does not say them */
export const askMonitors = async (reach: Reach, cluster: Cluster): Promise<string> => {
  const conf = parseMinimalConf(await cephOf(reach, cluster).minimalConf());
  if (conf !== undefined) return conf.monHost;
  throw new Failure({
    code: "command",
    command: "ceph config generate-minimal-conf",
    what: "printed no fsid or mon_host",
    cure: "Is that the cluster's own `ceph`? A CephConfigFile takes monHost in its place.",
  });
};
