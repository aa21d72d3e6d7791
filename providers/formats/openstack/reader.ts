/** Who reads a section of a service's file, and where the options of that section stand in the data. Pure. */
import { factsIn, librarySections, patternsOf, sectionsOf, type OptionFacts, type Project } from "./index.js";
import { orderOf, titleOf, SERIES, type Series } from "./series.js";

/** A service in a release. */
export interface Reader {
  readonly project: Project;
  readonly series: Series;
}

/** `Nova of Zed` */
export const readerTitle = ({ project, series }: Reader): string =>
  `${project.charAt(0).toUpperCase()}${project.slice(1)} of ${titleOf(series)}`;

/** A series by its place in the data, as people call it. */
export const placeTitle = (place: number): string => {
  const series = SERIES[place];
  return series === undefined ? "a later series" : titleOf(series);
};

const isPattern = (section: string): boolean => /[<*]/.test(section);

/** Fixed names of sections: what a section that is none of these is called, an option decides (`enabled_backends`). */
export const fixedSections = (project: Project): readonly string[] => [
  ...sectionsOf(project).filter((section) => !isPattern(section)),
  ...librarySections(project),
];

const matchesGlob = (pattern: string, section: string): boolean =>
  pattern.endsWith("*") && section.startsWith(pattern.slice(0, -1));

/** Sections of the data that hold the options of this one: itself, or the patterns that it may be one of. */
export const placesOf = ({ project, series }: Reader, section: string): readonly string[] => {
  const patterns = sectionsOf(project).filter(isPattern);
  if (fixedSections(project).includes(section))
    return [section, ...patterns.filter((one) => matchesGlob(one, section))];
  const also = patternsOf(project, section, orderOf(series));
  if (also.length > 0) return patterns.filter((one) => also.includes(one) || also.includes(typeOf(one)));
  const globbed = patterns.filter((one) => matchesGlob(one, section));
  return globbed.length > 0 ? globbed : patterns.filter((one) => one.startsWith("<"));
};

/** `<store:rbd>` stands in the patterns as `<store:TYPE>`. */
const typeOf = (pattern: string): string => pattern.replace(/:[a-z0-9]+>$/, ":TYPE>");

/** What an option is for its reader, in the first place that has it. */
export const factsFor = (
  { project, series }: Reader,
  places: readonly string[],
  option: string,
): OptionFacts | undefined => {
  for (const section of places) {
    const facts = factsIn(project, { section, option, series: orderOf(series) });
    if (facts !== undefined) return facts;
  }
  return undefined;
};

/** A place of the data in words. */
export const placeWords = (place: string): string => {
  if (place === "<backend>") return "the section of a backend";
  const [, store] = /^<store:?([a-z0-9]*)>$/.exec(place) ?? [];
  if (store !== undefined) return `the section of a store${store === "" ? "" : ` (${store})`}`;
  return place.startsWith("<") ? "a section of its own" : `[${place}]`;
};
