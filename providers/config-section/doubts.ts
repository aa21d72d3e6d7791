/** What a section gets wrong for the release that reads it, as warnings. Pure. */
import type { CanonicalValue } from "../formats/ini/values.js";
import { isSilenced, spoken } from "../formats/openstack/finding.js";
import { lintSection } from "../formats/openstack/lint.js";
import { parseSeries } from "../formats/openstack/series.js";
import { holdsUnknown, isUnknown } from "../kernel/json.js";
import type { ConfigSectionInputs, ReadBy } from "./index.js";

/** One sentence for each; the host is left out, so that what many hosts have is said once. */
export const doubts = (
  { service, release, silence = [] }: ReadBy,
  { path, section }: Pick<ConfigSectionInputs, "path" | "section">,
  values: {
    readonly options: readonly (readonly [string, CanonicalValue])[];
    readonly secretOptions: readonly (readonly [string, string])[];
  },
): string[] => {
  const series = isUnknown(release) || isUnknown(service) ? undefined : parseSeries(release);
  if (series === undefined || isUnknown(section)) return [];
  const given = [
    ...values.options.map(([name, value]) => ({ name, value: holdsUnknown(value) ? undefined : value })),
    ...values.secretOptions.map(([name]) => ({ name, value: undefined })),
  ];
  return lintSection({ project: service, series }, section, given)
    .filter((finding) => !isSilenced(silence, section, finding))
    .map((finding) => `${isUnknown(path) ? service : path} ${spoken(section, finding)}`);
};
