/**
 * Caps from who uses which pool. Pure over names and Outputs alike.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#setup-ceph-client-authentication
 */
import * as pulumi from "@pulumi/pulumi";
import { hasSince, type CephRelease } from "../releases/ceph.js";

/** What one user does with pools, each by its name. */
export interface PoolUse {
  /** Reads and writes images. */
  readonly owns: readonly pulumi.Input<string>[];
  /** Where the data of those images is: written, and of no concern to the manager, who is asked by the images. */
  readonly data?: readonly pulumi.Input<string>[];
  /** Clones from, or backs up. */
  readonly reads?: readonly pulumi.Input<string>[];
}

/** Caps as `CephAuthEntity` takes them. */
export interface Caps {
  readonly mon: string;
  readonly osd: pulumi.Input<string>[];
  /** None before Octopus. */
  readonly mgr?: pulumi.Input<string>[];
}

const profile = (name: string, pool: pulumi.Input<string>): pulumi.Input<string> =>
  typeof pool === "string"
    ? `profile ${name} pool=${pool}`
    : pulumi.interpolate`profile ${name} pool=${pool}`;

/** `profile rbd` on the monitors carries the right to block a dead client, without which its locks are never broken. */
export const capsFor = (
  { owns, data = [], reads = [] }: PoolUse,
  release: CephRelease = "octopus",
): Caps => ({
  mon: "profile rbd",
  osd: [
    ...[...owns, ...data].map((pool) => profile("rbd", pool)),
    ...reads.map((pool) => profile("rbd-read-only", pool)),
  ],
  // Since Octopus rbd_support (snapshot schedules, tasks, perf) asks the manager; before, managers do not know the profile.
  ...(hasSince(release, "octopus") ? { mgr: owns.map((pool) => profile("rbd", pool)) } : {}),
});
