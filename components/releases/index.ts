/**
 * What each release of OpenStack wants: tables of options with the series that have them (`glance.ts`, `cinder.ts`, `nova.ts`). A series is served
 * when its name is in `SERVED`: then every option's range has been checked for it.
 */
import { cinder, cinderBackup } from "./cinder.js";
import { glance } from "./glance.js";
import { nova } from "./nova.js";
import type { Release } from "./release.js";
import { numberOf, parseSeries, type Series } from "./series.js";

/** Zed: what Debian 12 has. */
const SERVED: readonly Series[] = ["zed"];

const served = (): string => SERVED.map((series) => `"${series}" (${numberOf(series)})`).join(", ");

/** Why a release is not served; undefined when it is. */
export const releaseProblem = (name: string): string | undefined => {
  const series = typeof name === "string" ? parseSeries(name) : undefined;
  if (series !== undefined && SERVED.includes(series)) return undefined;
  const what =
    series === undefined ? "is not known here yet" : `(${series}, ${numberOf(series)}) has no data here yet`;
  return `openstackRelease ${JSON.stringify(name)} ${what}; there are ${served()}`;
};

/**
 * The release of a name or number, in any case: "zed", "Zed", "2022.2".
 * @throws Error for one that there is no data for, naming those that there are
 */
export const releaseOf = (name: string): Release => {
  const series = parseSeries(name);
  const problem = releaseProblem(name);
  if (series === undefined || problem !== undefined) throw new Error(problem);
  return {
    name: series,
    version: numberOf(series),
    glance: (stores) => glance(series, stores),
    cinder: (backends) => cinder(series, backends),
    cinderBackup: (facts) => cinderBackup(series, facts),
    nova: (facts) => nova(series, facts),
  };
};

export type {
  BackendFacts,
  BackupFacts,
  ComputeFacts,
  Options,
  Release,
  Role,
  Sections,
  StoreFacts,
  Value,
} from "./release.js";
