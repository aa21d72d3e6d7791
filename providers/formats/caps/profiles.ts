/** Names of profiles in caps. */
import type { CapsType } from "./words.js";

/**
 * Profiles that a daemon of any release knows: a monitor or OSD takes an unknown one silently, and the client then hangs.
 * @see https://github.com/ceph/ceph/blob/main/src/mon/MonCap.cc https://github.com/ceph/ceph/blob/main/src/osd/OSDCap.cc
 *   https://github.com/ceph/ceph/blob/main/src/mgr/MgrCap.cc
 */
export const PROFILES: Record<CapsType, readonly string[]> = {
  mon: [
    ...["read-only", "read-write", "mon", "osd", "mds", "mgr", "crash", "role-definer", "fs-client"],
    ...[
      "bootstrap-osd",
      "bootstrap-mds",
      "bootstrap-mgr",
      "bootstrap-rgw",
      "bootstrap-rbd",
      "bootstrap-rbd-mirror",
    ],
    // A monitor grants the same to every profile that begins with "rbd" (Nautilus and later).
    ...["rbd", "rbd-read-only", "rbd-mirror", "rbd-mirror-peer"],
    ...["simple-rados-client", "simple-rados-client-with-blocklist"],
    ...["cephfs-mirror", "ceph-exporter"],
  ],
  osd: ["read-only", "read-write", "rbd", "rbd-read-only"],
  mgr: ["read-only", "read-write", "crash", "osd", "mds", "rgw", "rbd", "rbd-read-only"],
  mds: [],
};
