/**
 * What a section of a service's file gets wrong for the release that reads it. Warnings, since distributions carry patches; refused is only what cannot work. Pure.
 * The data: `index.ts`; what does harm though it exists: `hazards.ts`; options that do not go together: `contradictions.ts`.
 */
import { substitutions } from "../ini/check.js";
import { canonicalSection } from "../ini/document.js";
import { linesOf } from "../ini/values.js";
import { nearest } from "../nearest.js";
import { contradictions } from "./contradictions.js";
import type { Finding, Reason } from "./finding.js";
import { hazardOf } from "./hazards.js";
import { isOptionName, rangesOf, seriesOf, type OptionFacts } from "./index.js";
import { missingReason } from "./missing.js";
import { factsFor, fixedSections, placesOf, readerTitle, type Reader } from "./reader.js";
import { orderOf } from "./series.js";
import { isRbd, unreadReason, type GivenOption, type Section } from "./unread.js";
import { valueProblem } from "./values.js";

export type { GivenOption } from "./unread.js";

/** oslo.config takes `a-b` for `a_b`. */
const optionName = (name: string): string => name.replaceAll("-", "_");

/** Deprecated, and yet the best that there is: until Stein several stores of Glance are an experiment. */
const ONE_STORE = ["glance_store/stores", "glance_store/default_store"];

const deprecation = ({ reader, section }: Section, { deprecated }: OptionFacts, name: string) => {
  const isOneStore = ONE_STORE.includes(`${section}/${name}`);
  const isBest = isOneStore && orderOf(reader.series) < orderOf("train");
  if (deprecated?.for_removal !== true || isBest) return undefined;
  const since = deprecated.since === undefined ? "" : ` since ${deprecated.since}`;
  const beside = isOneStore ? "; beside [DEFAULT] enabled_backends it is passed over" : "";
  return `is deprecated${since} and will be removed${beside}`;
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
  deprecation(at, facts, name),
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

const asReason = (text: string | undefined): Reason | undefined =>
  text === undefined ? undefined : { text };

const optionFindings = (at: Section, given: GivenOption): Finding[] => {
  const name = optionName(given.name);
  const { reader, section, places, fixed } = at;
  const facts = factsFor(reader, places, name);
  const doubt = () =>
    facts === undefined
      ? missingReason(reader, { section, places, option: name })
      : factReasons(at, facts, { ...given, name }).find((one) => one !== undefined);
  const reason =
    hazardOf(reader, { section, fixed, rbd: isRbd(at) }, { ...given, name }) ?? asReason(doubt());
  return [reason, asReason(substitutionReason(given))]
    .filter((one) => one !== undefined)
    .map((one) => ({ option: given.name, ...one }));
};

/** A section whose name is not the project's own and that holds nothing which a backend or store reads. */
const isUnread = ({ reader: { project }, places, options, fixed }: Section): boolean =>
  !fixed &&
  places.every((one) => one.startsWith("<")) &&
  !options.some(({ name }) => places.some((place) => rangesOf(project, place, optionName(name)).length > 0));

/** The section that oslo.config takes it for, whatever the case of its letters. */
const sameSection = (known: readonly string[], section: string): string | undefined => {
  const name = canonicalSection("oslo", section);
  return known.find((one) => canonicalSection("oslo", one) === name);
};

/** Everything that a section's options get wrong, each once. */
export const lintSection = (reader: Reader, named: string, options: readonly GivenOption[]): Finding[] => {
  const known = fixedSections(reader.project);
  const own = sameSection(known, named);
  const fixed = own !== undefined;
  const section = own ?? named;
  const at: Section = { reader, section, fixed, places: placesOf(reader, section), options };
  if (options.length > 0 && isUnread(at)) {
    const near = nearest(section, known);
    const meant = near === undefined ? "" : `; did you mean [${near}]?`;
    return [{ option: "", text: `is no section that ${readerTitle(reader)} reads${meant}` }];
  }
  return [...options.flatMap((given) => optionFindings(at, given)), ...contradictions(at)];
};
