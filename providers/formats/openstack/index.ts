/**
 * Every option of Glance, Cinder and Nova by series: where it is registered, its type, what became of it. Read from the projects' own releases
 * (scripts/options). Pure.
 * @see https://docs.openstack.org/oslo.config/latest/reference/index.html
 */
import { gunzipSync } from "node:zlib";
import { PACKED } from "./data.js";

export type Project = keyof typeof PACKED;

/** An option's deprecation, as its source has it. */
export interface Deprecation {
  readonly for_removal?: boolean;
  /** A release number or a series, as written there. */
  readonly since?: string;
  /** Old names that still count, `section/name` where the section was another. */
  readonly names?: readonly string[];
}

/** What an option is over a range of series. */
export interface OptionFacts {
  /** First series, by its place in `seriesOf`. */
  readonly since: number;
  /** Last series; undefined: the newest has it. */
  readonly until: number | undefined;
  /** `string boolean integer float list dict port uri …`, `multi X` where it may be repeated. */
  readonly type: string;
  /** The module that defines it: tells which driver reads it. */
  readonly module: string;
  readonly choices?: readonly unknown[];
  readonly min?: number;
  readonly max?: number;
  readonly deprecated?: Deprecation;
  /** In a series only from this point release on. */
  readonly backport?: Readonly<Record<string, string>>;
  /** The point release of its last series that removed it. */
  readonly gone?: string;
}

type Range = readonly [number, number, number, number, Partial<OptionFacts>?];

interface Data {
  readonly series: readonly string[];
  readonly types: readonly string[];
  readonly modules: readonly string[];
  readonly sections: Readonly<Record<string, Readonly<Record<string, readonly Range[]>>>>;
  /** Options of libraries that share the projects' sections: section → library → names. */
  readonly libraries: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const PROJECTS = ["glance", "cinder", "nova"] as const satisfies readonly Project[];

const opened = new Map<Project, Data>();

const dataOf = (project: Project): Data => {
  const known = opened.get(project);
  if (known !== undefined) return known;
  const text = gunzipSync(Buffer.from(PACKED[project], "base64")).toString("utf8");
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- made by scripts/options/pack.mjs
  const data = JSON.parse(text) as Data;
  opened.set(project, data);
  return data;
};

/** Names of the series that there is data for, the oldest first: "queens" … "2026.2". */
export const seriesOf = (project: Project): readonly string[] => dataOf(project).series;

/**
 * What an option is in each range of series, the oldest first; empty where no series has it in this section. Sections that are named by an option
 * are `<backend>` (Cinder), `<store:rbd>` and `<store>` (Glance).
 */
export const rangesOf = (project: Project, section: string, option: string): readonly OptionFacts[] => {
  const { types, modules, sections } = dataOf(project);
  return (sections[section]?.[option] ?? []).map(([since, until, type, module, more]) => ({
    ...more,
    since,
    until: until < 0 ? undefined : until,
    type: types[type] ?? "",
    module: modules[module] ?? "",
  }));
};

/** What an option is in one series, by its place; undefined where that series has it not. */
export const factsIn = (
  project: Project,
  { section, option, series }: { section: string; option: string; series: number },
): OptionFacts | undefined =>
  rangesOf(project, section, option).find(
    ({ since, until }) => since <= series && (until === undefined || series <= until),
  );

let names: ReadonlySet<string> | undefined;

/** True for the name of an option that any series of any project has, in whatever section, or a library of theirs. */
export const isOptionName = (name: string): boolean => {
  names ??= new Set(
    PROJECTS.flatMap((project) => {
      const { sections, libraries } = dataOf(project);
      const own = Object.values(sections).flatMap((options) => Object.keys(options));
      return [...own, ...Object.values(libraries).flatMap((all) => Object.values(all).flat())];
    }),
  );
  return names.has(name);
};
