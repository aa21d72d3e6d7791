/** What a section gets wrong for the release that reads it, as warnings. Pure. */
import type { CanonicalValue } from "../formats/ini/values.js";
import { isSilenced, silencer, spoken, type Finding } from "../formats/openstack/finding.js";
import { lintSection } from "../formats/openstack/lint.js";
import { parseSeries } from "../formats/openstack/series.js";
import { holdsUnknown, isUnknown } from "../kernel/json.js";
import type { ConfigSectionInputs, ReadBy } from "./index.js";

/** What a section says, as it is judged. */
export interface Given {
  readonly options: readonly (readonly [string, CanonicalValue])[];
  readonly secretOptions: readonly (readonly [string, string])[];
}

type Place = Pick<ConfigSectionInputs, "path" | "section">;

/** What is not silenced. */
const findings = (
  { service, release, silence = [] }: ReadBy,
  { section }: Place,
  values: Given,
): Finding[] => {
  const series = isUnknown(release) || isUnknown(service) ? undefined : parseSeries(release);
  if (series === undefined || isUnknown(section)) return [];
  const given = [
    ...values.options.map(([name, value]) => ({ name, value: holdsUnknown(value) ? undefined : value })),
    ...values.secretOptions.map(([name]) => ({ name, value: undefined })),
  ];
  return lintSection({ project: service, series }, section, given).filter(
    (finding) => !isSilenced(silence, section, finding),
  );
};

/** What is doubtful, one sentence for each; the host is left out, so that what many hosts have is said once. */
export const doubts = (reader: ReadBy, place: Place, values: Given): string[] =>
  findings(reader, place, values)
    .filter(({ fatal }) => fatal !== true)
    .map(
      (finding) => `${isUnknown(place.path) ? reader.service : place.path} ${spoken(place.section, finding)}`,
    );

/** What cannot work in that release: the option, and why. */
export const refusals = (reader: ReadBy, place: Place, values: Given): Finding[] =>
  findings(reader, place, values)
    .filter(({ fatal }) => fatal === true)
    .map((finding) => ({ ...finding, text: `${finding.text} ${silencer(place.section, finding)}` }));
