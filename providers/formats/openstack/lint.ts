/**
 * What a section of a service's file gets wrong for the release that reads it. Warnings, never refusals: distributions carry patches. Pure.
 * The data: `index.ts`; what does harm though it exists: `hazards.ts`.
 */
import { substitutions } from "../ini/check.js";
import { linesOf } from "../ini/values.js";
import { nearest } from "../nearest.js";
import { hazardOf } from "./hazards.js";
import { isOptionName, rangesOf, seriesOf, type OptionFacts } from "./index.js";
import { missingReason } from "./missing.js";
import { factsFor, fixedSections, placesOf, readerTitle, type Reader } from "./reader.js";
import { orderOf } from "./series.js";
import { isRbd, unreadReason, type GivenOption, type Section } from "./unread.js";
import { valueProblem } from "./values.js";

export type { GivenOption } from "./unread.js";

/** One warning: the option that it is about, empty for the section itself, and a sentence about it. */
export interface Finding {
  readonly option: string;
  readonly text: string;
}

/** oslo.config takes `a-b` for `a_b`. */
const optionName = (name: string): string => name.replaceAll("-", "_");

/** Deprecated, and yet the best that there is: until Stein several stores of Glance are an experiment. */
const NOTHING_BETTER = ["glance_store/stores", "glance_store/default_store"];

const deprecation = ({ deprecated }: OptionFacts, better: boolean): string | undefined => {
  if (deprecated?.for_removal !== true || !better) return undefined;
  const since = deprecated.since === undefined ? "" : ` since ${deprecated.since}`;
  return `is deprecated${since} and will be removed`;
};

/** What is there from, or until, a point release only. */
const pointRelease = ({ project, series }: Reader, facts: OptionFacts): string | undefined => {
  const from = facts.backport?.[seriesOf(project)[orderOf(series)] ?? ""];
  if (from !== undefined) return `is there from ${project} ${from} on only`;
  return facts.gone !== undefined && facts.until === orderOf(series)
    ? `is gone since ${project} ${facts.gone}`
    : undefined;
};

const factReasons = (
  at: Section,
  facts: OptionFacts,
  { name, value }: GivenOption,
): (string | undefined)[] => [
  deprecation(
    facts,
    !(NOTHING_BETTER.includes(`${at.section}/${name}`) && orderOf(at.reader.series) < orderOf("train")),
  ),
  pointRelease(at.reader, facts),
  unreadReason(at, name),
  value === undefined ? undefined : valueProblem(facts, value),
];

/** `$name` that nothing is called: the service does not start. */
const substitutionReason = ({ value }: GivenOption): string | undefined => {
  const unknown = (value === undefined ? [] : linesOf(value))
    .flatMap((line) => substitutions("oslo", line))
    .find((name) => !isOptionName((name.split(".").at(-1) ?? name).toLowerCase()));
  return unknown === undefined
    ? undefined
    : `holds $${unknown}, and no option is called so: oslo.config fails on it; a literal $ is $$`;
};

const optionFindings = (at: Section, given: GivenOption): Finding[] => {
  const name = optionName(given.name);
  const { reader, section, places } = at;
  const fixed = fixedSections(reader.project).includes(section);
  const hazard = hazardOf(reader, { section, fixed, rbd: isRbd(at) }, { ...given, name });
  const facts = factsFor(reader, places, name);
  const reasons =
    facts === undefined
      ? [hazard ?? missingReason(reader, { section, places, option: name })]
      : [hazard ?? factReasons(at, facts, { ...given, name }).find((reason) => reason !== undefined)];
  return [...reasons, substitutionReason(given)]
    .filter((reason) => reason !== undefined)
    .map((text) => ({ option: given.name, text }));
};

/** A section whose name is not the project's own and that holds nothing which a backend or store reads. */
const isUnread = ({ reader, section, places, options }: Section): boolean => {
  const { project } = reader;
  if (
    fixedSections(project).includes(section) ||
    placesOf(reader, section).some((one) => !one.startsWith("<"))
  )
    return false;
  return !options.some(({ name }) =>
    places.some((place) => rangesOf(project, place, optionName(name)).length > 0),
  );
};

/** Everything that a section's options get wrong, each once. */
export const lintSection = (reader: Reader, section: string, options: readonly GivenOption[]): Finding[] => {
  const at: Section = { reader, section, places: placesOf(reader, section), options };
  if (options.length > 0 && isUnread(at)) {
    const near = nearest(section, fixedSections(reader.project));
    const meant = near === undefined ? "" : `; did you mean [${near}]?`;
    return [{ option: "", text: `is no section that ${readerTitle(reader)} reads${meant}` }];
  }
  return options.flatMap((given) => optionFindings(at, given));
};
