/** The services of the storage path: which file each reads, as whom it runs, and what its release wants there. Data. */
import type { Project } from "../../providers/formats/openstack/index.js";
import type { Layout, LayoutRole } from "../layouts/layout.js";
import type { Release, Role, Sections } from "../releases/index.js";
import { clusterName, type Part } from "../topology/topology.js";

/** One service. */
export interface ServiceFacts {
  /** Whose options the file holds. */
  readonly project: Project;
  readonly runsAs: keyof Layout["users"];
  readonly file: "glanceConf" | "cinderConf" | "cinderBackupConf" | "novaConf";
  /** What a layout calls it. */
  readonly place: LayoutRole;
  readonly wants: (release: Release, parts: readonly Part[]) => Sections;
  /** The section that names a part's pool. */
  readonly section: (release: Release, part: Part) => string;
}

const facts = ({ name, pool, user }: Part) => ({
  name,
  pool: pool.name,
  user: user.name,
  conf: user.at.conf,
  clusterName: clusterName(user.at.cluster),
  secretUuid: user.secretUuid,
});

/** What a service with one pool wants. */
const ofOne =
  (wants: (release: Release, one: ReturnType<typeof facts>) => Sections): ServiceFacts["wants"] =>
  (release, [part]) =>
    part === undefined ? {} : wants(release, facts(part));

export const SERVICES: Readonly<Record<Role, ServiceFacts>> = {
  glance: {
    project: "glance",
    runsAs: "glance",
    file: "glanceConf",
    place: "glance",
    wants: (release, parts) => release.glance(parts.map(facts)),
    section: (release, part) => (release.stores === "one" ? "glance_store" : part.name),
  },
  cinder: {
    project: "cinder",
    runsAs: "cinder",
    file: "cinderConf",
    place: "cinder",
    wants: (release, parts) => release.cinder(parts.map(facts)),
    section: (_, part) => part.name,
  },
  "cinder-backup": {
    project: "cinder",
    runsAs: "cinder",
    file: "cinderBackupConf",
    place: "cinderBackup",
    wants: ofOne((release, one) => release.cinderBackup(one)),
    section: () => "DEFAULT",
  },
  nova: {
    project: "nova",
    runsAs: "nova",
    file: "novaConf",
    place: "nova",
    wants: ofOne((release, one) => release.nova(one)),
    section: () => "libvirt",
  },
};
