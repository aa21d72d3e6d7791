/**
 * Options that exist, or once did, and do harm on RBD: each with the reason and what to do instead. Pure.
 * @see https://wiki.openstack.org/wiki/Security_Notes
 */
import type { CanonicalValue } from "../ini/values.js";
import { linesOf } from "../ini/values.js";
import type { Reason } from "./finding.js";
import { YES } from "./given.js";
import type { Project } from "./index.js";
import type { Reader } from "./reader.js";
import { isIn, type Series } from "./series.js";

/** The whole name of a user, which librados makes of what follows. */
const CLIENT = {
  when: /^client\./,
  why: "begins with client., which librados puts there itself: say the user's name alone",
} as const;

/** libvirt takes a UUID with its hyphens or without. */
const NO_UUID = {
  option: "rbd_secret_uuid",
  when: /^(?![\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}$)[^$]+$/i,
  why: "is no UUID: libvirt takes no disk with it; the UUID is that of the secret, not the key in it",
} as const;

interface Hazard {
  readonly project: Project;
  readonly option: string;
  /** A fixed section; undefined: the section of a backend or store. */
  readonly section?: string;
  /** First and last series in which it holds. @default all */
  readonly since?: Series;
  readonly until?: Series;
  /** Which values do harm. @default all */
  readonly when?: RegExp;
  /** Only in the section of a backend or store on RBD. @default false */
  readonly rbd?: boolean;
  /** Nothing works with it. @default false */
  readonly fatal?: boolean;
  readonly why: string;
}

const HAZARDS: readonly Hazard[] = [
  {
    project: "cinder",
    option: "volume_driver",
    when: /^cinder\.volume\.drivers?\.(?!rbd\.RBDDriver$|ceph\.rbd_iscsi\.RBDISCSIDriver$).*\brbd/i,
    why: "is no class of Cinder's, and the backend does not start; the class is cinder.volume.drivers.rbd.RBDDriver",
  },
  { project: "cinder", option: "rbd_user", ...CLIENT },
  { project: "cinder", section: "DEFAULT", option: "backup_ceph_user", ...CLIENT },
  { project: "glance", option: "rbd_store_user", ...CLIENT },
  { project: "glance", section: "glance_store", option: "rbd_store_user", ...CLIENT },
  { project: "nova", section: "libvirt", option: "rbd_user", ...CLIENT },
  { project: "cinder", ...NO_UUID },
  { project: "nova", section: "libvirt", ...NO_UUID },
  {
    project: "cinder",
    option: "rbd_keyring_conf",
    why: "gave the keyring away to users (OSSN-0085) and is gone since Victoria; ceph.conf or the keyring's default name finds it",
  },
  {
    project: "cinder",
    section: "DEFAULT",
    option: "backup_driver",
    since: "stein",
    when: /^cinder\.backup\.drivers\.\w+$/,
    fatal: true,
    why: "names a module, which does not load since Stein; name the class in it, of Ceph cinder.backup.drivers.ceph.CephBackupDriver",
  },
  {
    project: "cinder",
    option: "image_upload_use_cinder_backend",
    when: YES,
    rbd: true,
    why: "is not meant for RBD (LP 1991516): leave it out",
  },
  {
    project: "cinder",
    section: "DEFAULT",
    option: "glance_api_version",
    why: "is gone since Queens: leave it out",
  },
  {
    project: "cinder",
    option: "volume_tmp_dir",
    why: "is gone since Ocata: leave it out",
  },
  {
    project: "cinder",
    section: "DEFAULT",
    option: "volume_tmp_dir",
    why: "is gone since Ocata: leave it out",
  },
  {
    project: "cinder",
    section: "DEFAULT",
    option: "allowed_direct_url_schemes",
    when: /(^|,)\s*rbd\s*(,|$)/,
    why: "does nothing for rbd: Cinder takes file and cinder alone, and clones images on RBD without it",
  },
  {
    project: "cinder",
    option: "rbd_max_clone_depth",
    when: /^(0|-\d+)$/,
    why: "switches cloning off: each clone of a volume is a copy in full",
  },
  {
    project: "cinder",
    option: "replication_device",
    until: "stein",
    when: /(^|,)\s*(user|secret_uuid)\s*:/,
    why: "holds user or secret_uuid, which count since Train alone",
  },
  {
    project: "glance",
    option: "rados_connect_timeout",
    since: "caracal",
    when: /^0$/,
    why: "switches every time limit off since 2024.1; -1 leaves them to ceph.conf",
  },
  {
    project: "glance",
    section: "DEFAULT",
    option: "show_multiple_locations",
    when: YES,
    why: "lets users exchange what an image is (OSSN-0065), and is deprecated since Newton",
  },
  {
    project: "glance",
    section: "DEFAULT",
    option: "enabled_backends",
    when: /(^|,)\s*os_glance_/,
    fatal: true,
    why: "names a store os_glance_…, which is reserved: Glance does not start",
  },
  {
    project: "glance",
    section: "DEFAULT",
    option: "enable_v1_api",
    why: "is gone since Rocky: leave it out",
  },
  {
    project: "nova",
    section: "libvirt",
    option: "live_migration_flag",
    why: "is gone since Pike: leave it out",
  },
  {
    project: "nova",
    section: "libvirt",
    option: "disk_cachemodes",
    when: /(^|,)\s*\w+=unsafe\s*(,|$)/,
    why: "says unsafe: what guests have flushed is lost with their host",
  },
  {
    project: "nova",
    section: "libvirt",
    option: "disk_cachemodes",
    when: /(^|,)\s*\w+=(?!\s*(?:default|none|writethrough|writeback|directsync)\s*(?:,|$))[^$]*$/,
    why: "says a mode that there is not, and Nova passes it over; there are none, writethrough, writeback, directsync",
  },
  {
    project: "nova",
    section: "workarounds",
    option: "rbd_volume_local_attach",
    when: YES,
    why: "is never wanted, and is gone since Xena",
  },
];

/** Where an option stands: whether the section's name is one of the project's own, and whether it is one on RBD. */
export interface Standing {
  readonly section: string;
  readonly fixed: boolean;
  readonly rbd: boolean;
}

const isAt = (hazard: Hazard, { section, fixed, rbd }: Standing): boolean => {
  if (hazard.section !== undefined) return hazard.section === section;
  return (!fixed || section === "backend_defaults") && (hazard.rbd !== true || rbd);
};

const isMeant = ({ when }: Hazard, value: CanonicalValue | undefined): boolean =>
  when === undefined || (value !== undefined && linesOf(value).some((line) => when.test(line.trim())));

/** Why an option does harm to its reader; undefined where it is not known to. */
export const hazardOf = (
  { project, series }: Reader,
  standing: Standing,
  { name, value }: { name: string; value: CanonicalValue | undefined },
): Reason | undefined => {
  const found = HAZARDS.find(
    (hazard) =>
      hazard.project === project &&
      hazard.option === name &&
      isAt(hazard, standing) &&
      isIn(series, hazard) &&
      isMeant(hazard, value),
  );
  return found === undefined ? undefined : { text: found.why, fatal: found.fatal === true };
};
