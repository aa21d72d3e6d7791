/** Which packages make a host a client of Ceph, by what they are for. Pure. */
import type { Names } from "../clients/packages/index.js";

/**
 * What a host needs, by its purpose.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#install-ceph-client-packages
 */
export const ROLES = {
  /** Python's bindings, which Glance and Cinder import. */
  "rbd-python": { apt: ["python3-rbd", "python3-rados"], dnf: ["python3-rbd", "python3-rados"] },
  /** `ceph`, `rbd` and the library: Nova, cinder-backup, people. */
  "ceph-common": { apt: ["ceph-common"], dnf: ["ceph-common"] },
  /** QEMU's block driver; without it a guest ends with "Unknown protocol rbd". */
  "qemu-rbd": { apt: ["qemu-block-extra"], dnf: ["qemu-kvm-block-rbd"] },
} as const satisfies Readonly<Record<string, Names>>;

export type PackageRole = keyof typeof ROLES;

export const ROLE_NAMES: readonly PackageRole[] = ["rbd-python", "ceph-common", "qemu-rbd"];

/** QEMU's driver is built with QEMU: it has QEMU's version, not Ceph's. */
const OF_CEPH: readonly PackageRole[] = ["rbd-python", "ceph-common"];

interface Desired {
  readonly roles?: readonly PackageRole[];
  readonly packages?: readonly string[];
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** Every package, by the names that each manager's distributions have. */
export const namesOf = ({ roles = [], packages = [] }: Desired): Names => ({
  apt: unique([...roles.flatMap((role) => ROLES[role].apt), ...packages]),
  dnf: unique([...roles.flatMap((role) => ROLES[role].dnf), ...packages]),
});

/** Those that `version` is said of. */
export const pinnedBy = ({ roles = [], packages = [] }: Desired): Names =>
  namesOf({ roles: roles.filter((role) => OF_CEPH.includes(role)), packages });
