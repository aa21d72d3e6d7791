/** Who uses which pool of which cluster, from which hosts, as which user: every default filled in. Pure data. */
import type { Input } from "@pulumi/pulumi";
import type { CephPoolArgs } from "../../providers/ceph-pool/index.js";
import type { Adopt, AdoptEntity, Cluster, Host } from "../../providers/kernel/common.js";
import type { HandOverPreset, Layout } from "../layouts/layout.js";
import type { CephRelease } from "../releases/ceph.js";
import type { Release, Role, SecretSections, Sections } from "../releases/index.js";
import type { CephConfOptions } from "../role-args.js";
import type { ManagedImage } from "./images.js";
import type { Manage } from "./manage.js";

/** A cluster, as its clients know it. */
export interface KnownCluster {
  /** What the program calls it. @default it is the first */
  readonly key?: string;
  readonly cluster: Cluster;
  /** The ceph.conf that its clients read. */
  readonly conf: string;
  /** Options of its ceph.conf over those of every cluster's. */
  readonly cephConf?: CephConfOptions | undefined;
  /** @default any since Octopus */
  readonly cephRelease?: CephRelease;
  /** What a create does with its users, pools and secrets that are there already. */
  readonly adopt?: AdoptEntity | undefined;
}

/** A pool. */
export interface Pool {
  readonly name: Input<string>;
  /** Key of the pool where it is one of this program's. */
  readonly key?: string;
  /** Where the data of its images is. @default in itself, beside their metadata */
  readonly data?: Pool;
}

type OwnSpec = Omit<CephPoolArgs, "cluster"> | { readonly existing: string };

/** A pool of this program. */
export interface KeyedPool extends Pool {
  readonly key: string;
  /** Without its cluster, which `at` is, and its data pool. */
  readonly spec: OwnSpec;
  readonly at: KnownCluster;
}

/** A cephx user. */
export interface User {
  /** Without `client.` */
  readonly name: string;
  readonly at: KnownCluster;
  /** `client.<name>` */
  readonly entity: Input<string>;
  readonly keyGeneration?: Input<number>;
  /** UUID of its libvirt secret. */
  readonly secretUuid: string;
  /** What it is for, where it is one of this program's: "cinder", "cinder@site2"; its own name where it is a store's, a backend's or Nova's own. */
  readonly key?: string;
}

/** A user that this program makes, with what it does with pools. */
export interface MadeUser extends User {
  readonly key: string;
  /** Pools in which it reads and writes images. */
  readonly owns: readonly Pool[];
  /** Pools that it clones from, or backs up. */
  readonly reads: readonly Pool[];
}

/** What a role uses one pool for: a store, a backend, the backups, the guests' own disks. */
export interface Part {
  /** Name of the store or backend; of backups and disks, of their role. */
  readonly name: string;
  readonly pool: Pool;
  readonly user: User;
}

/** A role and the hosts that it is on. */
export interface RoleUse {
  readonly role: Role;
  readonly hosts: readonly Host[];
  readonly parts: readonly Part[];
  /** The users whose keys it reads. */
  readonly users: readonly User[];
  /** The users by whose libvirt secrets its guests open what they have. */
  readonly secrets: readonly User[];
  /** Options beside or over those that the release wants. */
  readonly options: Sections;
  readonly secretOptions: SecretSections;
  /** Also what the parts share, such as `enabled_backends`. */
  readonly shared: boolean;
}

/** Another tool that writes the hosts, and where it reads files. */
export interface HandedTo {
  readonly tool: HandOverPreset;
  /** @default nothing is written anywhere */
  readonly host?: Host;
  /** Whose the files there are. */
  readonly owner: string;
  /** @default the owner's group */
  readonly group?: string;
  /** @default the tool's */
  readonly directory?: string;
}

/** What one component is about. */
export interface Topology {
  /** Before the names of all resources. */
  readonly name: string;
  /** A parent of its own for each host, store, backend and role; else the component is the parent of all. */
  readonly grouped: boolean;
  readonly release: Release;
  readonly layout: Layout;
  /** Then roles have no hosts here. @default hosts are written to */
  readonly handOver?: HandedTo;
  readonly silence: readonly string[];
  /** What is said of the arguments, in sentences. */
  readonly warnings: readonly string[];
  /** The first one first. */
  readonly clusters: readonly [KnownCluster, ...KnownCluster[]];
  readonly pools: readonly KeyedPool[];
  readonly users: readonly MadeUser[];
  readonly roles: readonly RoleUse[];
  /** A ceph.conf and keyrings on each host. */
  readonly clientFiles: boolean;
  /** Options of every ceph.conf. */
  readonly cephConf: CephConfOptions;
  /** Directories for the guests' admin sockets and logs. */
  readonly directories: boolean;
  /** Where packages, services and checks are managed. */
  readonly manage: Manage;
  /** The program has resources of its own before and after each role on each host. @default none */
  readonly hooked?: true;
  /** Images whose properties are managed. */
  readonly images: readonly ManagedImage[];
}

/** The pools that hold the data of others, each once. */
export const dataPoolsOf = (pools: readonly Pool[]): Pool[] => [
  ...new Set(pools.flatMap(({ data }) => (data === undefined ? [] : [data]))),
];

/** What a user writes beside the pools that it owns, and all that it reads only. */
export const rightsOf = ({ owns, reads }: Pick<MadeUser, "owns" | "reads">) => {
  const data = dataPoolsOf(owns);
  return { data, reads: [...reads, ...dataPoolsOf(reads).filter((pool) => !data.includes(pool))] };
};

/** What `adopt` says of pools and secrets, which have no caps. */
export const adoptOf = ({ adopt }: KnownCluster): { readonly adopt?: Adopt } =>
  adopt === undefined || adopt === "add-caps" ? {} : { adopt };

/** Every host once, in the order of roles. */
export const hostsOf = ({ roles }: Topology): Host[] => [...new Set(roles.flatMap(({ hosts }) => hosts))];

/** The roles of a host. */
export const rolesOn = ({ roles }: Topology, host: Host): RoleUse[] =>
  roles.filter(({ hosts }) => hosts.includes(host));

/** Its name in file names. */
export const clusterName = ({ name = "ceph" }: Cluster): string => name;

/** The ceph.conf that clients of a cluster read where a program names no other: in a container it is at another path than on its host. */
export const usualConf = (cluster: Cluster, { cephDir }: Pick<Layout, "cephDir">): string =>
  `${cephDir}/${clusterName(cluster)}.conf`;

/** UUID of the libvirt secret of the first part's user. */
export const uuidIn = ({ roles }: Topology): string => roles[0]?.parts[0]?.user.secretUuid ?? "";
