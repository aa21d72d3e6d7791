/** Compositions of artifacts. */
export { CephOpenStackIntegration, type IntegrationResources } from "./ceph-openstack-integration.js";
export type { FurtherCluster } from "./cluster-args.js";
export type { ClusterOutput } from "./cluster-outputs.js";
export { CinderBackend, type CinderBackendArgs } from "./cinder-backend.js";
export { CinderBackup, type CinderBackupArgs } from "./cinder-backup.js";
export { GlanceStore, type GlanceStoreArgs } from "./glance-store.js";
export type { HookPlace, HookTime, Hooks } from "./hook-args.js";
export type {
  CephOpenStackIntegrationArgs,
  CinderBackupSpec,
  CinderSpec,
  DeploymentHost,
  GlanceSpec,
  NovaSpec,
  PoolSpec,
  RoleSpec,
} from "./integration-args.js";
export type { HandOver } from "./layouts/topology.js";
export type { FileOwner, Layout, LayoutChoice, LayoutOverrides, ServiceUnit } from "./layouts/layout.js";
export { NovaCompute, type NovaComputeArgs } from "./nova-compute.js";
export type { CephConfOptions, Entity, RoleArgs, VolumeUser } from "./role-args.js";
export type { ManageArgs, Managed, ManagedImages, ManagedServices } from "./manage-args.js";
