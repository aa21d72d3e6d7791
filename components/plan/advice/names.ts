/** Options that name another pool, user, ceph.conf or secret than what is made for them. Plain values alone. Pure. */
import type { Role } from "../../releases/index.js";
import type { Part } from "../../topology/topology.js";
import { SERVICES } from "../services.js";
import type { FileAdvice } from "./in-file.js";
import { sectionOf, type Said, type SaidRole } from "./said.js";
import { plain } from "./values.js";

type What = "pool" | "user" | "conf" | "secretUuid";

/** The option by which a role's file names each. */
const OPTIONS: Readonly<Record<Role, Partial<Readonly<Record<What, string>>>>> = {
  glance: { pool: "rbd_store_pool", user: "rbd_store_user", conf: "rbd_store_ceph_conf" },
  cinder: {
    pool: "rbd_pool",
    user: "rbd_user",
    conf: "rbd_ceph_conf",
    secretUuid: "rbd_secret_uuid",
  },
  "cinder-backup": { pool: "backup_ceph_pool", user: "backup_ceph_user", conf: "backup_ceph_conf" },
  nova: {
    pool: "images_rbd_pool",
    user: "rbd_user",
    conf: "images_rbd_ceph_conf",
    secretUuid: "rbd_secret_uuid",
  },
};

const ROLES: readonly Role[] = ["glance", "cinder", "cinder-backup", "nova"];

/** What is made, and how a program says another. */
const MADE: Readonly<Record<What, { of: (part: Part) => unknown; words: string }>> = {
  pool: { of: ({ pool }) => pool.name, words: "and its user has its rights in pool" },
  user: { of: ({ user }) => user.name, words: "and the keyring on its hosts is that of client." },
  conf: { of: ({ user }) => user.at.conf, words: "and the ceph.conf on its hosts is" },
  secretUuid: {
    of: ({ user }) => user.secretUuid,
    words: "and the libvirt secret on compute hosts is",
  },
};

const WHATS = ["pool", "user", "conf", "secretUuid"] as const;

const adviceOn = (said: Said, use: SaidRole, part: Part): FileAdvice[] =>
  WHATS.flatMap((what): FileAdvice[] => {
    const option = OPTIONS[use.role][what];
    const section = sectionOf(said, use, part);
    const value = option === undefined ? undefined : plain(use.sections, section, option);
    const made = MADE[what].of(part);
    if (option === undefined || value === undefined || typeof made !== "string" || value === made) return [];
    const words = `${MADE[what].words}${what === "user" ? "" : " "}${made}`;
    const { project } = SERVICES[use.role];
    return [
      { project, section, option, text: `is ${value}, ${words}: say it by ${what}, and not by options` },
    ];
  });

/** An option that a role's `options` say over what is made. */
export const otherNames = (said: Said): FileAdvice[] =>
  ROLES.flatMap((role) => {
    const use = said.of(role);
    return use === undefined ? [] : use.parts.flatMap((part) => adviceOn(said, use, part));
  });
