/** What `CephOpenStackIntegration` takes. Host lists and names that decide which resources there are are plain. */
import type * as pulumi from "@pulumi/pulumi";
import type { CephPoolArgs } from "../providers/ceph-pool/index.js";
import type { AdoptEntity, Cluster, Host } from "../providers/kernel/common.js";
import type { FurtherCluster } from "./cluster-args.js";
import type { Hooks } from "./hook-args.js";
import type { LayoutChoice } from "./layouts/layout.js";
import type { ManageArgs } from "./manage-args.js";
import type { Compat, SecretSections, Sections } from "./releases/index.js";
import type { CephConfOptions } from "./role-args.js";

/** In which cluster a pool is, and where the data of its images is. */
interface PoolPlace {
  /** Key of its cluster in `clusters`. @default `cluster` */
  readonly cluster?: string;
  /** Key of the erasure-coded pool that holds the data of its images; their metadata stay in this one. @default none: it holds both */
  readonly dataPool?: string;
}

/** A pool to make, or one that is there and is not managed. */
export type PoolSpec =
  (Omit<CephPoolArgs, "cluster"> & PoolPlace) | ({ readonly existing: string } & PoolPlace);

/** Hosts of a role, and options beside or over those that the release wants. */
export interface RoleSpec {
  /** Machines of the role, as OpenSSH knows them; `[]` where `layout` names another tool that writes them. */
  hosts: readonly Host[];
  /** Options beside or over those that the release wants, by section. @default none */
  options?: Sections;
  /** Options whose values are secrets, by section: encrypted in state, never shown. @default none */
  secretOptions?: SecretSections;
}

/** Glance and its stores. */
export interface GlanceSpec extends RoleSpec {
  /** Stores by name and pool; the first is the default. @default [{ name: "rbd", pool: "images" }] */
  stores?: readonly {
    readonly name: string;
    readonly pool: string;
    /** Name of a cephx user of its own, without `client.`. @default Glance's */
    readonly user?: string;
  }[];
  /** Directories of Glance's own two stores, for imports and tasks. From Train on. @default Glance's */
  reservedStores?: {
    /** Where an image waits while it is imported: `[os_glance_staging_store]`. @default Glance's */
    readonly staging?: pulumi.Input<string>;
    /** Where tasks keep what they work on: `[os_glance_tasks_store]`. @default Glance's */
    readonly tasks?: pulumi.Input<string>;
  };
  /**
   * Images are cloned by clone v2 (the cluster's `require-min-compat-client` is mimic or later): Glance's users read the pools of clones in it too, else an image
   * with clones cannot be deleted (LP 1954883). @default false
   */
  cloneV2?: boolean;
}

/** Cinder and its backends. */
export interface CinderSpec extends RoleSpec {
  /** Backends by name and pool. @default [{ name: "ceph", pool: "volumes" }] */
  backends?: readonly {
    readonly name: string;
    readonly pool: string;
    /** Name of a cephx user of its own, without `client.`. @default Cinder's */
    readonly user?: string;
    /** UUID of the libvirt secret of its user. @default the integration's; UUIDv5 of fsid and entity for a user of its own */
    readonly secretUuid?: string;
    /** One name that all its hosts go by, of which one is active at a time: `backend_host`. Volumes hold it: it is chosen once. @default each host's own */
    readonly backendHost?: string;
    /** Its availability zone: `backend_availability_zone`. @default Cinder's `storage_availability_zone` */
    readonly availabilityZone?: string;
  }[];
  /** All hosts of a backend are active together, since Rocky. Not with `backendHost`. @default each host is a service of its own */
  activeActive?: {
    /** Name that all hosts share: `[DEFAULT] cluster`. */
    readonly cluster: string;
    /** The service by which they lock volumes, as `etcd3+http://ctl:2379` or `redis://…`: `[coordination] backend_url`. Kept encrypted in state, for it may hold a password. */
    readonly coordination: pulumi.Input<string>;
  };
}

/** cinder-backup. */
export interface CinderBackupSpec extends RoleSpec {
  /** Key of its pool. @default "backups" */
  pool?: string;
}

/** nova-compute. */
export interface NovaSpec extends RoleSpec {
  /** Key of the pool of the guests' own disks. @default "vms" */
  pool?: string;
  /** Name of a cephx user of Nova's own, without `client.`. @default Cinder's */
  user?: string;
  /** UUID of the libvirt secret of its user. @default the integration's; UUIDv5 of fsid and entity for a user of its own */
  secretUuid?: string;
}

/** A host on which another tool runs. */
export interface DeploymentHost {
  /** The machine, as OpenSSH knows it. */
  readonly host: Host;
  /** Who runs the tool: its keyrings are theirs. @default "root" */
  readonly owner?: string;
  /** Their group. @default the owner's group */
  readonly group?: string;
  /** Where the tool reads files. @default Kolla-Ansible's /etc/kolla/config (node_custom_config), OpenStack-Ansible's /etc/openstack_deploy */
  readonly directory?: string;
}

/** The users that the integration makes, by what they are for. */
export type UserKey = "glance" | "cinder" | "cinderBackup";

export interface CephOpenStackIntegrationArgs {
  /** The cluster, by the fields of `Cluster` (resources.md); `admin` is needed. */
  cluster: Cluster;
  /** Further clusters of the same cloud, by a key that pools name: `pools: { far: { cluster: "site2" } }`. @default none */
  clusters?: Readonly<Record<string, FurtherCluster>>;
  /** OpenStack's release, by name or number: "zed", "2022.2". */
  openstackRelease: string;
  /** Ceph's release, by name or number: "pacific", "16.2.15". Decides caps, and which settings pools may have. @default any since Octopus; what the cluster has not is refused by the cluster */
  cephRelease?: string;
  /**
   * Pools by key; the key is the pool's name unless the spec has one. A spec has the fields of `CephPool`, or is `{ existing: "nova-vms" }`: there already, and not
   * managed; `cluster: "site2"` beside either is the key of its cluster, `dataPool: "volumes-data"` that of an erasure-coded pool for the data of its images. `false`: there is none. Where it is given it names every pool that a role uses. @default those that the roles need, with Ceph's own defaults
   */
  pools?: Readonly<Record<string, PoolSpec | false>>;
  /** Hosts that run glance-api; left out, the role is none of this program. @default none */
  glance?: GlanceSpec;
  /** Hosts that run cinder-volume. @default none */
  cinder?: CinderSpec;
  /** Hosts that run cinder-backup; it reads the pools of cinder's backends. @default none */
  cinderBackup?: CinderBackupSpec;
  /** Hosts that run nova-compute. @default none */
  nova?: NovaSpec;
  /** Names of the cephx users, without `client.`. @default glance, cinder, cinder-backup */
  users?: Partial<Record<UserKey, string>>;
  /** Generations of their keys, and of those of a store's, a backend's or Nova's own user by its name; with "@" and the key of its cluster after it where that is a further one: "cinder@site2". One more rotates. @default 1 */
  keyGenerations?: Readonly<Record<string, pulumi.Input<number>>>;
  /** UUID of the libvirt secret of Cinder's user on all compute hosts. Guests hold it: it is chosen once. @default UUIDv5 of fsid and cinder's entity; with layout "edpm" the fsid */
  secretUuid?: string;
  /** What an up does with users, pools and libvirt secrets that are there already and are not recorded as made or adopted by this package. `add-caps` is of users; pools and secrets are as with "if-identical" then. A pool may say otherwise. @default "if-identical" */
  adopt?: AdoptEntity;
  /** Options of ceph.conf on every host, of every cluster, by section; names with "_". @default none */
  cephConf?: CephConfOptions;
  /** `classic`: Glance's store as the classic procedure writes it, `[glance_store] stores`, `default_store` and `rbd_store_*`. One store alone. @default the release's own form */
  compat?: Compat;
  /** Options about which no warning is wanted: `name`, `section/name`, or `[section]`. @default none */
  silence?: readonly string[];
  /** Where files lie and whom they belong to: a preset, or one with some fields said otherwise. @default "debian": distribution packages */
  layout?: LayoutChoice;
  /**
   * Where Kolla-Ansible or OpenStack-Ansible runs (layouts "kolla" and "osa"): its ceph.conf, keyrings and files of options are written there. Plain.
   * @default nothing is written; `handOver` says what is to be
   */
  deploymentHost?: Host | DeploymentHost;
  /** What else is managed; `false`: nothing. @default packages and services, as far as they can be had and are there */
  manage?: ManageArgs | false;
  /** Resources of your own (commands of `@pulumi/command`, say) before and after each role on each host, triggered by what its service reads. @default none */
  hooks?: Hooks;
}
