/**
 * What each release of OpenStack wants, Queens to 2026.2: tables of options with the series that have them (`glance.ts`, `cinder.ts`, `nova.ts`).
 * Every range is held against the projects' own releases (`providers/formats/openstack`) by test.
 */
import { cinder, cinderBackup } from "./cinder.js";
import { glance, storesForm } from "./glance.js";
import { nova } from "./nova.js";
import type { Compat, Release } from "./release.js";
import { numberOf, parseSeries, SERIES } from "../../providers/formats/openstack/series.js";

/** Why a release is not served; undefined when it is. */
export const releaseProblem = (name: unknown): string | undefined => {
  if (typeof name === "string" && parseSeries(name) !== undefined) return undefined;
  if (typeof name === "number" && parseSeries(String(name)) !== undefined)
    return `openstackRelease ${String(name)} must be text: "${String(name)}"`;
  const there = SERIES.map((series) => `${series} (${numberOf(series)})`).join(", ");
  return `openstackRelease ${JSON.stringify(name)} is not known; there are ${there}`;
};

/**
 * The release of a name or number, in any case: "zed", "Zed", "2022.2".
 * @throws Error for one that there is no data for, naming those that there are
 */
export const releaseOf = (name: string, compat?: Compat): Release => {
  const series = parseSeries(name);
  const problem = releaseProblem(name);
  if (series === undefined || problem !== undefined) throw new Error(problem);
  return {
    name: series,
    version: numberOf(series),
    stores: storesForm(series, compat),
    glance: (stores) => glance(series, stores, storesForm(series, compat)),
    cinder: (backends) => cinder(series, backends),
    cinderBackup: (facts) => cinderBackup(series, facts),
    nova: (facts) => nova(series, facts),
  };
};

export type {
  BackendFacts,
  BackupFacts,
  Compat,
  ComputeFacts,
  Options,
  Release,
  Role,
  SecretSections,
  Sections,
  StoreFacts,
  Value,
} from "./release.js";
