/** What a plan is made of: one entry for each resource, as data. */
import type { Input } from "@pulumi/pulumi";
import type { CephAuthEntityArgs } from "../../providers/ceph-auth-entity/index.js";
import type { CephConfigFileArgs } from "../../providers/ceph-config-file/index.js";
import type { CephKeyringFileArgs } from "../../providers/ceph-keyring-file/index.js";
import type { CephPoolArgs } from "../../providers/ceph-pool/index.js";
import type { ClientCheckArgs } from "../../providers/client-check/index.js";
import type { ClientPackagesArgs } from "../../providers/client-packages/index.js";
import type { ConfigSectionArgs } from "../../providers/config-section/index.js";
import type { DirectoryArgs } from "../../providers/directory/index.js";
import type { Host } from "../../providers/kernel/common.js";
import type { ImagePropertiesArgs } from "../../providers/image-properties/index.js";
import type { LibvirtSecretArgs } from "../../providers/libvirt-secret/index.js";
import type { ServiceArgs } from "../../providers/service/index.js";
import type { HookPlace } from "../hook-args.js";
import type { Role } from "../releases/index.js";

/** A parent of others, without arguments. */
type Nothing = Readonly<Record<string, never>>;

/** Where the program is asked for resources of its own. */
export interface Hook extends Omit<HookPlace, "name" | "opts"> {
  /** Where it gives none, what waits for them waits for these. */
  readonly otherwise: readonly Ref[];
}

/** Kinds of resources, with their arguments. */
export interface Kinds {
  readonly ClientHost: Nothing;
  readonly GlanceStore: Nothing;
  readonly CinderBackend: Nothing;
  readonly CinderBackup: Nothing;
  readonly NovaCompute: Nothing;
  readonly CephPool: CephPoolArgs;
  readonly CephAuthEntity: CephAuthEntityArgs;
  readonly CephConfigFile: CephConfigFileArgs;
  readonly CephKeyringFile: CephKeyringFileArgs;
  readonly LibvirtSecret: LibvirtSecretArgs;
  readonly ConfigSection: ConfigSectionArgs;
  readonly Directory: DirectoryArgs;
  readonly Service: ServiceArgs;
  readonly ClientCheck: ClientCheckArgs;
  readonly ClientPackages: ClientPackagesArgs;
  readonly ImageProperties: ImagePropertiesArgs;
  readonly Hook: Hook;
}

export type Kind = keyof Kinds;

/** Another entry of the plan; a name alone may be that of two kinds. */
export type Ref = `${Kind} ${string}`;

/**
 * Steps on a host: what is of a later one waits for what is of an earlier one, for the roles that both serve. Of those that share a place in the order
 * neither waits. A restart at a destroy ("undo") is deleted after the files, and packages neither hold it nor wait for it: it has two places. "before", "restart" and "after" are the program's own.
 */
export const STEPS = [
  ["undo", "before"],
  ["undo", "packages"],
  ["files"],
  ["restart"],
  ["services"],
  ["after"],
  ["checks"],
] as const;

/** On which host, in which step, and for which roles. */
export interface Place {
  readonly host: Host;
  readonly step: (typeof STEPS)[number][number];
  readonly roles: readonly Role[];
}

/** What a unit reads, by name: `[libvirt] rbd_user`, `ceph.conf fsid`, `keyring client.cinder`. */
export type Reads = Readonly<Record<string, Input<string>>>;

/** A resource of one kind. Of its arguments only what another resource decides may be an Output. */
export interface EntryOf<K extends Kind> {
  readonly kind: K;
  readonly name: string;
  /** @default the component that is planned */
  readonly parent?: Ref | undefined;
  readonly args: Kinds[K];
  /** What must be made before. */
  readonly dependsOn?: readonly Ref[];
  /** @default on no host: the cluster's */
  readonly place?: Place;
  /** The file, or the section of one, that it writes on its host, as a `Service` names what its unit reads. @default none */
  readonly file?: string;
  /** What the units of its roles read in it. @default nothing */
  readonly reads?: Reads;
}

export type Entry = { [K in Kind]: EntryOf<K> }[Kind];

export const refOf = ({ kind, name }: { readonly kind: Kind; readonly name: string }): Ref =>
  `${kind} ${name}`;
