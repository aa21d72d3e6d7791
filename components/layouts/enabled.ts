/** What tools make from values of their own, and what the program's own options say of it: backends and stores beside those that are made are given to each tool where it reads them. Pure. */
import type { HandOverPreset, LayoutRole } from "./layout.js";
import { oneLine, unique, without } from "./parts.js";
import type { SectionsOf, Topology } from "./topology.js";

/** Of the options that tools make from values of their own, those that the program says itself, by role. */
export type SaidOptions = Readonly<Partial<Record<LayoutRole, readonly string[]>>>;

const MADE_FROM_VALUES = {
  glance: [
    ["DEFAULT", "enabled_backends"],
    ["glance_store", "default_backend"],
  ],
  cinder: [["DEFAULT", "enabled_backends"]],
  // Where computes are of several clusters: a file that is merged for all would have those of another one use this.
  nova: ["images_type", "images_rbd_pool", "images_rbd_ceph_conf", "rbd_user", "rbd_secret_uuid"].map(
    (option): [string, string] => ["libvirt", option],
  ),
} as const;

type Valued = keyof typeof MADE_FROM_VALUES;

const isValued = (role: LayoutRole): role is Valued => role in MADE_FROM_VALUES;

/** Those that a role's own options say. */
export const saidOptions = (role: LayoutRole, options: SectionsOf<unknown>): string[] =>
  isValued(role)
    ? MADE_FROM_VALUES[role].flatMap(([section, option]) =>
        options[section]?.[option] === undefined ? [] : [option],
      )
    : [];

/** A role's sections without what the tool makes from its values, unless the program says it. */
export const butMade = <V>(
  sections: SectionsOf<V> | undefined,
  role: Valued,
  said: SaidOptions = {},
): SectionsOf<V> =>
  [...MADE_FROM_VALUES[role]]
    .filter(([, option]) => said[role]?.includes(option) !== true)
    .reduce<SectionsOf<V>>(
      (all, [section, option]) => without(all, section, [option]),
      without(sections, "DEFAULT", []),
    );

/** Backends of Cinder that are enabled: those that are made, unless the program names them itself. */
export const enabledBackends = ({ backends, sections }: Topology): string[] => {
  const value = sections.cinder?.["DEFAULT"]?.["enabled_backends"] ?? "";
  const names = String(oneLine(value))
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.length > 0 ? unique(names) : backends.map(({ name }) => name);
};

/** What is to be known of them. */
export const enabledNotes = (tool: HandOverPreset, topology: Topology): string[] => {
  const { said = {}, sections } = topology;
  const bare = enabledBackends(topology).filter((name) => sections.cinder?.[name] === undefined);
  if (tool === "kolla")
    return Object.entries(said)
      .filter(([, options]) => options.length > 0)
      .map(
        ([role, options]) =>
          `${role}.options say ${options.join(" and ")}: that counts instead of what Kolla-Ansible makes of globals.yml${role === "nova" ? "" : ", and what it enables itself must be named there too"}`,
      );
  return said.cinder === undefined || said.cinder.length === 0
    ? []
    : bare.map(
        (name) =>
          `enabled_backends names ${name}, and cinder.options give no [${name}]: say there what it is, or cinder-volume has no such backend`,
      );
};
