/** What an integration manages beside files: packages, services, checks, each as a whole or by role and host. */
import type { Host } from "../providers/kernel/common.js";
import type { ImagePropertiesArgs } from "../providers/image-properties/index.js";
import type { Probe } from "../providers/service/index.js";
import type { LayoutRole } from "./layouts/layout.js";

/** Where something is managed. */
export interface Managed {
  /** Of which roles. @default all that are there */
  readonly roles?: readonly LayoutRole[];
  /** Hosts that are left to somebody else. @default none */
  readonly exceptHosts?: readonly Host[];
}

/** Restarts of the services whose files changed. */
export interface ManagedServices extends Managed {
  /**
   * How many hosts of a role restart at a time; the next ones wait until these are well, and the first that is not stops the rest; after a destroy has put the
   * files back, too. A number is for all roles. @default 1 for glance, cinder and cinderBackup, 10 for nova
   */
  readonly batch?: number | Partial<Readonly<Record<LayoutRole, number>>>;
  /** How long a service must run after its restart, without restarting itself, before the next hosts are restarted, in seconds. @default 3 */
  readonly pauseSeconds?: number;
  /** What must answer after a restart, by role: `{ glance: { tcp: 9292 } }`. @default none: the unit must stay active */
  readonly probes?: Partial<Readonly<Record<LayoutRole, Probe>>>;
  /** How long a service may take to be well, in seconds. @default 120 */
  readonly timeoutSeconds?: number;
}

/** Images that are there, and which cloud they are of. */
export interface ManagedImages extends Omit<ImagePropertiesArgs, "image"> {
  /** Names or ids of the images. Plain. */
  readonly names: readonly string[];
}

/** `true` is everywhere. What is not said of packages and services is done where it can be, and stops nothing where it cannot. */
export interface ManageArgs {
  /** Directories for the guests' admin sockets and logs, and the options of ceph.conf that use them. @default false */
  readonly directories?: boolean;
  /**
   * The packages that each role needs of Ceph and QEMU; never upgraded, and kept by a destroy. With `true` one that cannot be had is an error.
   * @default those that can be had are installed, the others are a warning
   */
  readonly packages?: boolean | Managed;
  /**
   * A service that runs is restarted when what it reads has changed, cinder-volume before computes, and after a destroy has put its files back. With `true` a unit
   * that is not there, or has failed, is an error. @default units that are there are restarted so, the others are a warning
   */
  readonly services?: boolean | ManagedServices;
  /** A proof on each host, with the service's own user and key, of what it must be able to do, and of what it must not. @default false */
  readonly checks?: boolean | Managed;
  /**
   * Images that get the properties which guests on Ceph block devices want, or those of `properties`, after the services; with `cloud` and the like as `ImageProperties` has them.
   * One, or a list for several clouds. @default none
   */
  readonly images?: ManagedImages | readonly ManagedImages[];
}
