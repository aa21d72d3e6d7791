/** Why a release has not an option in a section: what became of it, and what is there instead. Pure. */
import { nearest } from "../nearest.js";
import { isOldRabbit } from "./library-names.js";
import { libraryOption, librarySections, optionsOf, rangesOf, sectionsOf, type Project } from "./index.js";
import { factsFor, placeTitle, placeWords, readerTitle, type Reader } from "./reader.js";
import { isSince, orderOf, titleOf } from "./series.js";

interface Missing {
  readonly section: string;
  /** Places of the data that were looked at. */
  readonly places: readonly string[];
  readonly option: string;
}

/** The option of today by an old name: `section/name` → where it stands. */
const olds = new Map<Project, ReadonlyMap<string, readonly [section: string, option: string][]>>();

const oldNames = (project: Project): ReadonlyMap<string, readonly [string, string][]> => {
  const known = olds.get(project);
  if (known !== undefined) return known;
  const all = new Map<string, [string, string][]>();
  for (const section of sectionsOf(project))
    for (const option of optionsOf(project, section))
      for (const name of new Set(
        rangesOf(project, section, option).flatMap((range) => range.deprecated?.names ?? []),
      )) {
        const key = name.includes("/") ? name : `${section}/${name}`;
        all.set(key, [...(all.get(key) ?? []), [section, option]]);
      }
  olds.set(project, all);
  return all;
};

/** A name that the option was renamed from: it still counts for it, or did so in an earlier release. */
const renamed = (reader: Reader, { section, places, option }: Missing): string | undefined => {
  const found = [section, ...places]
    .flatMap((place) => oldNames(reader.project).get(`${place}/${option}`) ?? [])
    .flatMap(([place, name]) => {
      const facts = factsFor(reader, [place], name);
      const names = facts?.deprecated?.names ?? [];
      const counts = names.some((old) => old === option || old.endsWith(`/${option}`));
      return facts === undefined ? [] : [{ place, name, counts }];
    });
  const best = found.find(({ counts }) => counts) ?? found[0];
  if (best === undefined) return undefined;
  const where = places.includes(best.place) ? "" : ` in ${placeWords(best.place)}`;
  return `is an old name that ${best.counts ? "still counts" : "counts no more"}: it is ${best.name}${where} now`;
};

/** Where else this release has it. */
const elsewhere = (reader: Reader, { places, option }: Missing): string | undefined => {
  const found = sectionsOf(reader.project).filter(
    (section) => !places.includes(section) && factsFor(reader, [section], option) !== undefined,
  );
  return found.length === 0 ? undefined : found.slice(0, 3).map(placeWords).join(" or ");
};

/** When it came or went. */
const history = ({ project, series }: Reader, { places, option }: Missing): string | undefined => {
  const ranges = places.flatMap((place) => rangesOf(project, place, option));
  const here = orderOf(series);
  const gone = ranges.filter(({ until }) => until !== undefined && until < here).at(-1)?.until;
  if (gone !== undefined) return `is gone since ${placeTitle(gone + 1)}`;
  const [later] = ranges.filter(({ since }) => since > here);
  return later === undefined
    ? undefined
    : `came with ${placeTitle(later.since)}, and this is ${titleOf(series)}`;
};

/** Names that this release has in the places. */
const namesIn = (reader: Reader, places: readonly string[]): string[] =>
  places.flatMap((place) =>
    optionsOf(reader.project, place).filter((name) => factsFor(reader, [place], name) !== undefined),
  );

/** The name that is meant most likely: a letter is wrong, or the word before it is left out or said twice. */
const meant = ({ section, option }: Missing, names: readonly string[]): string | undefined => {
  const longer = names.filter((name) => name.endsWith(`_${option}`));
  const whole = longer.length === 1 ? longer[0] : longer.find((name) => name.startsWith("rbd_"));
  return names.find((name) => option === `${section}_${name}`) ?? nearest(option, names) ?? whole;
};

/** A library's section: its options by release are not known, so that only what looks misspelt is told. */
const ofLibraryAlone = ({ project }: Reader, section: string): boolean =>
  librarySections(project).includes(section) && !sectionsOf(project).includes(section);

/** Of a library's option why it counts for nothing in this release; undefined where it counts, or may. */
const libraryReason = ({ series }: Reader, { section, option }: Missing, since = 0): string | undefined => {
  if (isOldRabbit(section, option) && isSince(series, "stein"))
    return "is gone since Stein: transport_url in [DEFAULT] says where RabbitMQ is";
  return since <= orderOf(series)
    ? undefined
    : `came with ${placeTitle(since)}, and this is ${titleOf(series)}`;
};

/** Why an option is not there for its reader; undefined where a library has it, or may. */
export const missingReason = (reader: Reader, missing: Missing): string | undefined => {
  const { section, option, places } = missing;
  const since = libraryOption(reader.project, section, option);
  if (since !== undefined || isOldRabbit(section, option)) return libraryReason(reader, missing, since);
  if (ofLibraryAlone(reader, section)) return undefined;
  const old = renamed(reader, missing);
  if (old !== undefined) return old;
  const [when, where] = [history(reader, missing), elsewhere(reader, missing)];
  if (when !== undefined) return where === undefined ? when : `${when}; it stands in ${where}`;
  if (where !== undefined) return `is not read here: it stands in ${where}`;
  const near = meant(missing, namesIn(reader, places));
  return `is no option of ${readerTitle(reader)} here${near === undefined ? "" : `; did you mean ${near}?`}`;
};
