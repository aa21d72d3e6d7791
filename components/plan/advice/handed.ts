/** What each option that another tool is handed gets wrong for the release that reads it; files that are written here say so themselves. Pure. */
import { Output } from "@pulumi/pulumi";
import { judged } from "../../../providers/formats/openstack/given.js";
import { lintSection } from "../../../providers/formats/openstack/lint.js";
import type { Options } from "../../releases/index.js";
import type { RoleUse, Topology } from "../../topology/topology.js";
import { mergedFiles } from "../hand-over.js";
import { sectionsOf } from "../service-files.js";
import { SERVICES } from "../services.js";
import type { FileAdvice } from "./in-file.js";

const givenIn = (options: Options) =>
  Object.entries(options).map(([name, value]) => ({
    name,
    // Another resource decides it.
    value: Output.isInstance(value) ? undefined : judged(value),
  }));

const adviceOf = (topology: Topology, use: RoleUse): FileAdvice[] => {
  const { project } = SERVICES[use.role];
  return Object.entries(sectionsOf(topology, use)).flatMap(([section, options]) =>
    lintSection({ project, series: topology.release.name }, section, givenIn(options)).map((finding) => ({
      ...finding,
      project,
      section,
    })),
  );
};

/** Where the tool merges files, and they are written, each `ConfigSection` says it. */
const isWritten = (topology: Topology): boolean => {
  const { handOver: to } = topology;
  return to?.host !== undefined && Object.keys(mergedFiles(topology, to, "")).length > 0;
};

/** What options that are handed over get wrong, as in place. */
export const handedAdvice = (topology: Topology): FileAdvice[] =>
  topology.handOver === undefined || isWritten(topology)
    ? []
    : topology.roles.flatMap((use) => adviceOf(topology, use));
