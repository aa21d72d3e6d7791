/** The services' own files: one resource for each section. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import type { Options, Role, Sections } from "../releases/index.js";
import { hostsOf, rolesOn, type RoleUse, type Topology } from "../topology/topology.js";
import type { Entry, Ref } from "./entry.js";
import { parentOfHost, parentOfPart, poolRefs } from "./names.js";
import { optionReads, secretReads } from "./reads.js";
import { merged, only } from "../topology/sections.js";
import { SERVICES } from "./services.js";

/** The sections alone. */
const sectionNames = (sections: object): Sections =>
  Object.fromEntries(Object.keys(sections).map((section) => [section, {}]));

/** All that a role's file says but for secrets, the program's own options over those that the release wants. */
export const sectionsOf = (
  { release }: Topology,
  { role, parts, options, secretOptions }: RoleUse,
): Sections => merged(merged(SERVICES[role].wants(release, parts), options), sectionNames(secretOptions));

/** Glance and Cinder have sections that several parts share; backups and disks are all of their role. */
const SHARING: readonly Role[] = ["glance", "cinder"];

/** The parent of a section: its store or backend, the role where that is one part, or the host. */
const parentOf = (topology: Topology, use: RoleUse, at: { host: Host; section: string }): Ref | undefined => {
  const part = SHARING.includes(use.role) ? use.parts.find(({ name }) => name === at.section) : use.parts[0];
  return part === undefined ? parentOfHost(topology, at.host) : parentOfPart(topology, use, part);
};

/** The roles that read a section on a host: cinder-volume and cinder-backup may have one file, of which the backends are the first one's alone. */
const readersOf = (topology: Topology, use: RoleUse, at: { host: Host; section: string }): Role[] => {
  if (use.parts.some(({ name }) => name === at.section)) return [use.role];
  const fileOf = (role: Role): string => topology.layout[SERVICES[role].file];
  return rolesOn(topology, at.host)
    .map(({ role }) => role)
    .filter((role) => fileOf(role) === fileOf(use.role));
};

/** `<name>-<host>-<role>-<section>` */
const sectionEntry = (
  topology: Topology,
  use: RoleUse,
  { host, section, options }: { host: Host; section: string; options: Options },
): Entry => {
  const secretOptions = use.secretOptions[section];
  const shown = Object.fromEntries(
    Object.entries(options).filter(([option]) => secretOptions?.[option] === undefined),
  );
  const hidden = secretOptions === undefined ? {} : { secretOptions };
  const { name, release, layout, silence } = topology;
  const { role, parts } = use;
  const { project, file, section: naming } = SERVICES[role];
  const used = parts.filter((part) => naming(release, part) === section).map(({ pool }) => pool);
  const readBy = { service: project, release: release.name, ...(silence.length === 0 ? {} : { silence }) };
  return {
    kind: "ConfigSection",
    name: `${name}-${host}-${role}-${section}`,
    parent: parentOf(topology, use, { host, section }),
    args: { host, path: layout[file], section, options: shown, ...hidden, readBy },
    dependsOn: poolRefs(topology, used),
    file: `${layout[file]}#[${section}]`,
    place: { host, step: "files", roles: readersOf(topology, use, { host, section }) },
    reads: { ...optionReads({ [section]: shown }), ...secretReads(section, secretOptions) },
  };
};

/** Every section of every role of a host; without what parts share, their own alone. */
export const serviceFiles = (topology: Topology): Entry[] =>
  hostsOf(topology).flatMap((host) =>
    rolesOn(topology, host).flatMap((use) => {
      const all = sectionsOf(topology, use);
      const own = only(all, (section) => use.parts.some(({ name }) => name === section));
      return Object.entries(use.shared ? all : own).map(([section, options]) =>
        sectionEntry(topology, use, { host, section, options }),
      );
    }),
  );
