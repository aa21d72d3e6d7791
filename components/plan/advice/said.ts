/** What all files of a topology say, for the rules across them. Pure. */
import type { Sections } from "../../releases/index.js";
import type { Role } from "../../releases/index.js";
import { sectionsOf } from "../service-files.js";
import { SERVICES } from "../services.js";
import type { Part, RoleUse, Topology } from "../../topology/topology.js";

/** A role with all that its file says. */
export interface SaidRole extends RoleUse {
  readonly sections: Sections;
}

/** A topology with all that its files say. */
export interface Said {
  readonly topology: Topology;
  readonly of: (role: Role) => SaidRole | undefined;
}

export const saidIn = (topology: Topology): Said => {
  const all = topology.roles.map((use) => ({ ...use, sections: sectionsOf(topology, use) }));
  return { topology, of: (role) => all.find((use) => use.role === role) };
};

/** The section that names a part's pool. */
export const sectionOf = ({ topology }: Said, { role }: RoleUse, part: Part): string =>
  SERVICES[role].section(topology.release, part);

export const fsidOf = ({ user }: Part): string => user.at.cluster.fsid;
