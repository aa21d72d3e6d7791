/** The public surface. @packageDocumentation */
export * from "./components/index.js";
export {
  CephAuthEntity,
  type CapsInput,
  type CephAuthEntityArgs,
  type CephAuthEntityInputs,
} from "./providers/ceph-auth-entity/index.js";
export {
  CephConfigFile,
  type CephConfigFileArgs,
  type CephConfigFileInputs,
} from "./providers/ceph-config-file/index.js";
export {
  CephKeyringFile,
  type CephKeyringFileArgs,
  type CephKeyringFileInputs,
  type KeyFrom,
} from "./providers/ceph-keyring-file/index.js";
export {
  CephCrushRule,
  type CephCrushRuleArgs,
  type CephCrushRuleInputs,
} from "./providers/ceph-crush-rule/index.js";
export {
  CephErasureCodeProfile,
  type CephErasureCodeProfileArgs,
  type CephErasureCodeProfileInputs,
} from "./providers/ceph-erasure-code-profile/index.js";
export {
  CephPool,
  type CephPoolArgs,
  type CephPoolInputs,
  type PoolCompression,
} from "./providers/ceph-pool/index.js";
export {
  ClientCheck,
  type ClientCan,
  type ClientCheckArgs,
  type ClientCheckInputs,
  type ClientCheckSecret,
} from "./providers/client-check/index.js";
export type { PoolSets } from "./providers/client-check/life.js";
export {
  ClientPackages,
  type ClientPackagesArgs,
  type ClientPackagesInputs,
  type PackageRole,
} from "./providers/client-packages/index.js";
export {
  ConfigSection,
  type ConfigSectionArgs,
  type ConfigSectionInputs,
  type CreateFile,
} from "./providers/config-section/index.js";
export { Directory, type DirectoryArgs, type DirectoryInputs } from "./providers/directory/index.js";
export { doctor, type Diagnosis, type DoctorArgs } from "./providers/doctor/command.js";
export type { Finding } from "./providers/doctor/finding.js";
export {
  ImageProperties,
  RECOMMENDED_IMAGE_PROPERTIES,
  type ImageAuth,
  type ImagePropertiesArgs,
  type ImagePropertiesInputs,
} from "./providers/image-properties/index.js";
export type { Adopt, AdoptEntity, Cluster, Host, OnDelete } from "./providers/kernel/common.js";
export {
  CephOpenStackProvider,
  type CephOpenStackProviderArgs,
} from "./providers/kernel/explicit-provider.js";
export {
  LibvirtSecret,
  type LibvirtSecretArgs,
  type LibvirtSecretInputs,
} from "./providers/libvirt-secret/index.js";
export { Service, type Probe, type ServiceArgs, type ServiceInputs } from "./providers/service/index.js";
