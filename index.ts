/** The public surface. @packageDocumentation */
export {
  CephAuthEntity,
  type CapsInput,
  type CephAuthEntityArgs,
  type CephAuthEntityInputs,
} from "./providers/ceph-auth-entity.js";
export {
  CephKeyringFile,
  type CephKeyringFileArgs,
  type CephKeyringFileInputs,
} from "./providers/ceph-keyring-file.js";
export { CephPool, type CephPoolArgs, type CephPoolInputs, type PoolCompression } from "./providers/ceph-pool.js";
export {
  ConfigSection,
  type ConfigSectionArgs,
  type ConfigSectionInputs,
  type CreateFile,
} from "./providers/config-section.js";
export type { Adopt, Cluster, Host, OnDelete } from "./providers/kernel/common.js";
