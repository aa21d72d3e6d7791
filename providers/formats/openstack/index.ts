/**
 * Every option of Glance, Cinder and Nova by series: where it is registered, its type, what became of it. Read from the projects' own releases
 * (scripts/options). Pure.
 * @see https://docs.openstack.org/oslo.config/latest/reference/index.html
 */
import { gunzipSync } from "node:zlib";
import { PACKED } from "./data.js";
import { isOldLibraryName, OWN_SECTIONS, UNLISTED_SECTIONS } from "./library-names.js";

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

/** Sections that an option names; `also` are sections of fixed names that take the same options, each since a series. */
interface Pattern {
  readonly also?: Readonly<Record<string, string>>;
}

interface Data {
  readonly series: readonly string[];
  readonly types: readonly string[];
  readonly modules: readonly string[];
  readonly patterns: Readonly<Record<string, Pattern>>;
  readonly sections: Readonly<Record<string, Readonly<Record<string, readonly Range[]>>>>;
  /** Options of libraries that share the projects' sections: section → library → names. */
  readonly libraries: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** From when on a section of the project's own takes a library's options. */
  readonly registered: Readonly<Record<string, Readonly<Record<string, readonly { since: string }[]>>>>;
  /** Names for which a library stands that takes `*`. */
  readonly keystoneauth: readonly string[];
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

/** A section or option may be called `constructor`. */
const own = <T>(from: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  from !== undefined && Object.hasOwn(from, name) ? from[name] : undefined;

/** Names of the series that there is data for, the oldest first: "queens" … "2026.2". */
export const seriesOf = (project: Project): readonly string[] => dataOf(project).series;

/** Sections that the project itself has in any series; those that an option names are patterns: `<backend>`, `<store:rbd>`, `mdev_*`. */
export const sectionsOf = (project: Project): readonly string[] => Object.keys(dataOf(project).sections);

/** Options that the project itself has in a section, in any series. */
export const optionsOf = (project: Project, section: string): readonly string[] =>
  Object.keys(own(dataOf(project).sections, section) ?? {});

/** The patterns whose options a section of this fixed name takes too in a series, by its place: `[backend_defaults]`. */
export const patternsOf = (project: Project, section: string, series: number): readonly string[] => {
  const { patterns, series: names } = dataOf(project);
  return Object.entries(patterns).flatMap(([pattern, { also = {} }]) => {
    const since = own(also, section);
    return since !== undefined && names.indexOf(since) <= series ? [pattern] : [];
  });
};

/**
 * What an option is in each range of series, the oldest first; empty where no series has it in this section. Sections that are named by an option
 * are `<backend>` (Cinder), `<store:rbd>` and `<store>` (Glance).
 */
export const rangesOf = (project: Project, section: string, option: string): readonly OptionFacts[] => {
  const { types, modules, sections } = dataOf(project);
  return (own(own(sections, section), option) ?? []).map(([since, until, type, module, more]) => ({
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

/** Names that a library has in a section; `*` stands for every name that keystoneauth knows. */
const libraryNames = ({ keystoneauth }: Data, names: readonly string[]): readonly string[] =>
  names.includes("*") ? keystoneauth : names;

/**
 * Whether a library that the project uses (oslo.messaging, keystoneauth, …) has options in a section, and this one: from which series on, by its
 * place; undefined where it is none of theirs. What a library has in which release is not known: it counts in all.
 */
export const libraryOption = (project: Project, section: string, option: string): number | undefined => {
  const data = dataOf(project);
  if (isOldLibraryName(section, option)) return 0;
  const there = Object.entries(own(data.libraries, section) ?? {});
  const found = there.find(([, names]) => libraryNames(data, names).includes(option));
  if (found === undefined) return undefined;
  if (OWN_SECTIONS.includes(section)) return 0;
  // Where a library has the section for itself too ([keystone_authtoken]), it registers the other's options there as well.
  const [first] = there.length > 1 ? [] : (own(data.registered, section)?.[found[0]] ?? []);
  return first === undefined ? 0 : data.series.indexOf(first.since);
};

/** Sections of the libraries that the project uses. */
export const librarySections = (project: Project): readonly string[] => [
  ...Object.keys(dataOf(project).libraries),
  ...UNLISTED_SECTIONS,
];

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
