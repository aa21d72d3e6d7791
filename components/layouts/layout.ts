/** Where a deployment keeps the services' files, whom they belong to, and what runs the services: what a preset says, and what a program may say otherwise. */

/** A user, and the group if it is another than its own. */
export interface FileOwner {
  readonly owner: string;
  /** @default the owner's group */
  readonly group?: string;
}

/** Roles of hosts, as the integration's arguments call them. */
export type LayoutRole = "glance" | "cinder" | "cinderBackup" | "nova";

/** What runs a service, and how it is restarted where systemd does not do it. */
export interface ServiceUnit {
  /** Unit of systemd; a container's name where none runs it. */
  readonly unit: string;
  /** Container that the service runs in. @default none */
  readonly container?: string;
  /** What runs that container, e.g. `podman` or `/usr/bin/docker`. @default what starts virsh in one, else docker */
  readonly engine?: string;
  /** Command that restarts it. @default systemd restarts the unit */
  readonly restart?: readonly string[];
}

/** What packages are wanted for. */
export type PackageRole = "rbd-python" | "ceph-common" | "qemu-rbd";

/** Files, users, units and packages of a deployment. */
export interface Layout {
  /** File of glance-api. */
  readonly glanceConf: string;
  /** File of cinder-volume. */
  readonly cinderConf: string;
  /** File of cinder-backup. @default the preset's; without a preset's own, that of cinder-volume */
  readonly cinderBackupConf: string;
  /** File of nova-compute. */
  readonly novaConf: string;
  /** Who runs the services: a user, or a user with its group where that is another (a number, of a user in a container, needs its group). Keyrings are theirs unless `keyring` names an owner. */
  readonly users: Readonly<Record<"glance" | "cinder" | "nova", string | FileOwner>>;
  /** Directory, on the host, of a role's ceph.conf and keyrings. */
  readonly cephDirs: Readonly<Record<LayoutRole, string>>;
  /** Directory in which the services themselves find them: what their options name. In a container it is another than on the host. */
  readonly cephDir: string;
  /** Further directories of a compute host that want a ceph.conf: that of libvirt's own container. */
  readonly libvirtCephDirs: readonly string[];
  /** Owner, group and mode of keyring files. @default the service's user, its group, "0640" */
  readonly keyring: { readonly owner?: string; readonly group?: string; readonly mode?: string };
  /** Who QEMU runs as, for its directories. */
  readonly qemu: FileOwner;
  /** How virsh is started on a compute host. */
  readonly virsh: readonly string[];
  /** libvirt's connection. */
  readonly libvirtUri: string;
  /** What runs the services, by role. */
  readonly units: Readonly<Record<LayoutRole, ServiceUnit>>;
  /** Names of distribution packages, by what they are for; none in containers, whose images have them. */
  readonly packages: Readonly<Record<PackageRole, readonly string[]>>;
}

/** Of a record of the preset, entries may be named alone; of everything else the whole. */
export interface LayoutOverrides extends Partial<
  Omit<Layout, "users" | "cephDirs" | "units" | "packages" | "keyring">
> {
  /** What is not named here is as in this preset. @default "debian" */
  readonly preset?: HostPreset;
  readonly users?: Partial<Layout["users"]>;
  readonly cephDirs?: Partial<Layout["cephDirs"]>;
  readonly units?: Partial<Layout["units"]>;
  readonly packages?: Partial<Layout["packages"]>;
  readonly keyring?: Layout["keyring"];
}

/** Presets under which hosts are written to. "packages" is "debian". */
export const HOST_PRESETS = ["packages", "debian", "ubuntu", "rdo9", "kolla-containers"] as const;
export type HostPreset = (typeof HOST_PRESETS)[number];

/** Presets under which another tool writes the hosts, and is given what it reads. */
export const HAND_OVER_PRESETS = ["kolla", "osa", "helm", "edpm"] as const;
export type HandOverPreset = (typeof HAND_OVER_PRESETS)[number];

/** A preset by name, or one with some of its fields said otherwise. */
export type LayoutChoice = HostPreset | HandOverPreset | LayoutOverrides;
