/** The public surface. @packageDocumentation */
export { CephPool, type CephPoolArgs, type CephPoolInputs, type PoolCompression } from "./providers/ceph-pool.js";
export type { Adopt, Cluster, Host, OnDelete } from "./providers/kernel/common.js";
