/** `check` of a section: what cannot be written, and the form in which options are kept. Pure. */
import { checkSection, dialectDoubt, dialectOf, type Dialect } from "../formats/ini/index.js";
import { sectionProblems, type CanonicalValue } from "../formats/ini/values.js";
import { numberOf, parseSeries, SERIES } from "../formats/openstack/series.js";
import { checkOwner } from "../kernel/common.js";
import { holdsUnknown, isUnknown } from "../kernel/json.js";
import { HIDDEN, type Report } from "../kernel/shape.js";
import { rememberGiven } from "../remote/redact.js";
import type { ConfigSectionInputs } from "./index.js";
import { refusals } from "./doubts.js";
import { canonicalOrUnknown } from "./value.js";

/** Maps and lists that are unknown as a whole name nothing yet. */
export const entriesOf = <T>(some: Readonly<Record<string, T>> = {}): [string, T][] =>
  isUnknown(some) ? [] : Object.entries(some);
export const itemsOf = (some: readonly string[] = []): readonly string[] => (isUnknown(some) ? [] : some);

const checkDialect = ({ dialect, path, section }: ConfigSectionInputs, report: Report): void => {
  if (dialect !== undefined || isUnknown(path) || isUnknown(section)) return;
  const doubt = dialectDoubt(path, section);
  if (doubt !== undefined) report(["dialect"], undefined, `must be "oslo" or "ceph": ${doubt}`);
};

const checkValues = (dialect: Dialect, inputs: ConfigSectionInputs, report: Report): void => {
  const { section, options, secretOptions, absent } = inputs;
  const reason = isUnknown(section) ? undefined : checkSection(dialect, section);
  if (reason !== undefined) report(["section"], section, `is refused: ${reason}`);
  const values = {
    options: entriesOf(options),
    secretOptions: entriesOf(secretOptions),
    absent: itemsOf(absent).filter((name) => !isUnknown(name)),
  };
  for (const problem of sectionProblems(dialect, values, { isUnknown: holdsUnknown, hidden: HIDDEN }))
    report(problem.path, problem.shown, problem.reason);
};

const checkReader = ({ readBy }: ConfigSectionInputs, report: Report): void => {
  if (readBy === undefined || isUnknown(readBy) || isUnknown(readBy.release)) return;
  if (parseSeries(readBy.release) !== undefined) return;
  const there = SERIES.map((series) => `${series} (${numberOf(series)})`).join(", ");
  report(["readBy", "release"], readBy.release, `must be a release of OpenStack; there are ${there}`);
};

/** What cannot work in the release that reads it. */
const checkRelease = (
  inputs: ConfigSectionInputs,
  options: readonly [string, CanonicalValue][],
  report: Report,
): void => {
  const { readBy, secretOptions } = inputs;
  if (readBy === undefined || isUnknown(readBy)) return;
  const values = { options, secretOptions: entriesOf(secretOptions) };
  for (const { option, text } of refusals(readBy, inputs, values))
    report(["options", option], options.find(([name]) => name === option)?.[1], text);
};

export const checkSectionInputs = (inputs: ConfigSectionInputs, report: Report): ConfigSectionInputs => {
  const { path, options, secretOptions, createFile = {} } = inputs;
  // Where a section is as it was, this is all that is done with it in an `up`, and a service may still print what it has read.
  rememberGiven(secretOptions);
  checkDialect(inputs, report);
  checkReader(inputs, report);
  if (!isUnknown(createFile)) checkOwner(createFile, report, ["createFile"]);
  const dialect = inputs.dialect ?? (isUnknown(path) ? undefined : dialectOf(path));
  if (dialect !== undefined && !isUnknown(dialect)) checkValues(dialect, inputs, report);
  if (options === undefined || isUnknown(options)) return inputs;
  const canonical = entriesOf(options).map(([name, given]): [string, CanonicalValue] => [
    name,
    canonicalOrUnknown(given),
  ]);
  checkRelease(inputs, canonical, report);
  return { ...inputs, options: Object.fromEntries(canonical) };
};
