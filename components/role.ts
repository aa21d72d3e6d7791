/** What the components of all roles have in common. */
import type { Cluster, Host } from "../providers/kernel/common.js";
import type { Entity } from "./client-files.js";
import { layoutOf, type Layout } from "./layout.js";
import { releaseOf, type Release, type Sections } from "./releases/index.js";

/** Arguments of every role. Host lists are plain: they decide which resources there are. */
export interface RoleArgs {
  /** Machines of this role, as OpenSSH knows them. Plain. */
  hosts: readonly Host[];
  /** The cluster. Plain. */
  cluster: Cluster;
  /** OpenStack's release, by name or number: "zed", "2022.2". Plain. */
  openstackRelease: string;
  /** Name of the cephx user without `client.`. Plain. */
  user: string;
  /** The user's entity; hand over the `CephAuthEntity`. @default `client.<user>`, which must be there */
  entity?: Entity;
  /** ceph.conf that the service reads. @default "/etc/ceph/<cluster name>.conf" */
  conf?: string;
  /** Where files lie and whom they belong to. @default "packages" */
  layout?: "packages" | Partial<Layout>;
  /** ceph.conf and keyring on each host, too. @default true */
  clientFiles?: boolean;
  /** Options beside or over those that the release wants, by section. */
  options?: Sections;
  /** Before the names of the children. @default the component's own name */
  prefix?: string;
}

/** Arguments with everything that stands for what was left out. */
export interface Settled {
  readonly release: Release;
  readonly layout: Layout;
  readonly conf: string;
  readonly prefix: string;
  readonly entity: Entity;
  readonly clientFiles: boolean;
}

/** Of a `CephAuthEntity` these two alone: its other outputs are no arguments of files and secrets. */
const entityFrom = ({ user, entity }: RoleArgs): Entity =>
  entity === undefined
    ? { entity: `client.${user}` }
    : {
        entity: entity.entity,
        ...(entity.keyGeneration === undefined ? {} : { keyGeneration: entity.keyGeneration }),
      };

/** @throws Error for a release that there is no data for */
export const settle = (name: string, args: RoleArgs): Settled => ({
  release: releaseOf(args.openstackRelease),
  layout: layoutOf(args.layout),
  conf: args.conf ?? `/etc/ceph/${args.cluster.name ?? "ceph"}.conf`,
  prefix: args.prefix ?? name,
  entity: entityFrom(args),
  clientFiles: args.clientFiles ?? true,
});
