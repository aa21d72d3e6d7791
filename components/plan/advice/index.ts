/** What a program says that is allowed and will hardly be meant, and what cannot work, in one file and across files. Pure. */
import { isSilenced, spoken } from "../../../providers/formats/openstack/finding.js";
import type { Project } from "../../../providers/formats/openstack/index.js";
import { merged } from "../../topology/sections.js";
import { sectionsOf } from "../service-files.js";
import { SERVICES } from "../services.js";
import type { Sections } from "../../releases/index.js";
import type { Topology } from "../../topology/topology.js";
import { ACROSS } from "./across.js";
import { cephConfAdvice } from "./ceph-conf.js";
import { handedAdvice } from "./handed.js";
import { HOSTS } from "./hosts.js";
import { adviceInFile, type Advice } from "./in-file.js";
import { otherNames } from "./names.js";
import { saidIn } from "./said.js";

/** In sentences. */
export interface Said {
  readonly warnings: readonly string[];
  /** What cannot work. */
  readonly problems: readonly string[];
}

const PROJECTS = ["glance", "cinder", "nova"] as const satisfies readonly Project[];

/** All that a project's file says, whichever roles write it. */
const fileOf = (topology: Topology, project: Project): Sections =>
  topology.roles
    .filter(({ role, shared }) => shared && SERVICES[role].project === project)
    .map((use) => sectionsOf(topology, use))
    .reduce<Sections>(merged, {});

interface Named extends Advice {
  readonly file: string;
}

const all = (topology: Topology): Named[] => {
  const said = saidIn(topology);
  const series = topology.release.name;
  return [
    ...PROJECTS.flatMap((project) =>
      adviceInFile({ project, series }, fileOf(topology, project)).map((one) => ({ ...one, file: project })),
    ),
    ...[...ACROSS, ...HOSTS, otherNames].flatMap((rule) =>
      rule(said).map((one) => ({ ...one, file: one.project })),
    ),
    ...handedAdvice(topology).map((one) => ({ ...one, file: one.project })),
    ...cephConfAdvice(topology).map((one) => ({ ...one, file: "ceph.conf" })),
  ];
};

/** Each once; those that are silenced are left out. */
export const adviceOf = (topology: Topology): Said => {
  const found = all(topology).filter((advice) => !isSilenced(topology.silence, advice.section, advice));
  const said = (fatal: boolean): string[] => [
    ...new Set(
      found
        .filter((advice) => (advice.fatal === true) === fatal)
        .map((advice) => `${advice.file}: ${spoken(advice.section, advice)}`),
    ),
  ];
  return { warnings: said(false), problems: said(true) };
};
