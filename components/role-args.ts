/** What the components of all roles take. */
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster, Host } from "../providers/kernel/common.js";
import type { HostPreset, LayoutOverrides } from "./layouts/layout.js";
import type { SecretSections, Sections } from "./releases/index.js";

/** A cephx user, as the entity's resource knows it. */
export interface Entity {
  /** `client.<name>` */
  readonly entity: pulumi.Input<string>;
  readonly keyGeneration?: pulumi.Input<number>;
}

/** A user of volumes that are backed up. */
export interface VolumeUser {
  /** Its name without `client.`. Plain. */
  readonly user: string;
  /** Its entity; hand over the `CephAuthEntity`. */
  readonly entity: Entity;
  /** The cluster of its volumes, whose `name` is another than the backups' cluster has: it gets a ceph.conf of its own on each host, too. Plain. @default the cluster of the backups */
  readonly cluster?: Cluster;
}

/** Options of ceph.conf, by section. */
export type CephConfOptions = Readonly<
  Record<string, Readonly<Record<string, pulumi.Input<string | number | boolean>>>>
>;

/** Arguments of every role. Host lists are plain: they decide which resources there are. */
export interface RoleArgs {
  /** Machines of this role, as OpenSSH knows them. Plain. */
  hosts: readonly Host[];
  /** The cluster. Plain. `admin` is needed where keyrings, a ceph.conf or secrets are written. */
  cluster: Cluster;
  /** OpenStack's release, by name or number: "zed", "2022.2". Plain. */
  openstackRelease: string;
  /** Name of the cephx user without `client.`. Plain. */
  user: string;
  /** The user's entity; hand over the `CephAuthEntity`. @default `client.<user>`, which must be there */
  entity?: Entity;
  /** ceph.conf that the service reads. @default "/etc/ceph/<cluster name>.conf" */
  conf?: string;
  /** Where files lie and whom they belong to: a preset, or one with some fields said otherwise. Plain. @default "debian" */
  layout?: HostPreset | LayoutOverrides;
  /** ceph.conf and keyring on each host, too. @default true */
  clientFiles?: boolean;
  /** Options beside or over those that the release wants, by section. */
  options?: Sections;
  /** Options whose values are secrets, by section: encrypted in state, never shown. @default none */
  secretOptions?: SecretSections;
  /** Options of ceph.conf on each host, by section; names with "_". @default none */
  cephConf?: CephConfOptions;
  /** Options about which no warning is wanted: `name`, `section/name`, or `[section]`. Plain. @default none */
  silence?: readonly string[];
}
