/** What an integration is told of the further clusters of its cloud. */
import type { AdoptEntity, Cluster, Host } from "../providers/kernel/common.js";
import type { CephConfOptions } from "./role-args.js";

/** A cluster beside the first one. Pools name it by its key; who uses them has a user, a ceph.conf, keyrings and secrets of that cluster. */
export interface FurtherCluster extends Cluster {
  /** Where `ceph` may be run as its administrator; with several, the first that answers. */
  admin: Host | readonly Host[];
  /** Names of its files in /etc/ceph of the hosts, as no other cluster's: /etc/ceph/site2.conf. @default its key */
  name?: string;
  /** Its name on its own admin host: names of files in /etc/ceph there. @default "ceph" */
  adminName?: string;
  /** Its release, by name or number. @default `cephRelease` */
  cephRelease?: string;
  /** What an up does with its users, pools and libvirt secrets that are there already and are not recorded as made or adopted by this package. @default `adopt` */
  adopt?: AdoptEntity;
  /** Options of its ceph.conf over those of `cephConf`, by section. @default none */
  cephConf?: CephConfOptions;
}
