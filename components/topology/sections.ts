/** Sections of a file as values. Pure. */
import type { Sections } from "../releases/index.js";

/** Values by option, by section. */
export type SectionsOf<V> = Readonly<Record<string, Readonly<Record<string, V>>>>;

/** Sections over sections: options of the second win. */
export const merged = <V>(first: SectionsOf<V>, second: SectionsOf<V> = {}): SectionsOf<V> =>
  Object.fromEntries(
    [...new Set([...Object.keys(first), ...Object.keys(second)])].map((section) => [
      section,
      { ...first[section], ...second[section] },
    ]),
  );

/** The named sections, or all others. */
export const only = (sections: Sections, wanted: (section: string) => boolean): Sections =>
  Object.fromEntries(Object.entries(sections).filter(([section]) => wanted(section)));
