/** What a section gets wrong for the release that reads it, as warnings. Pure. */
import type { CanonicalValue } from "../formats/ini/values.js";
import { lintSection, type Finding } from "../formats/openstack/lint.js";
import { parseSeries } from "../formats/openstack/series.js";
import { holdsUnknown, isUnknown } from "../kernel/json.js";
import type { ConfigSectionInputs, ReadBy } from "./index.js";

const isSilenced = (silence: readonly string[], section: string, { option }: Finding): boolean =>
  option === ""
    ? silence.includes(`[${section}]`)
    : silence.includes(option) ||
      silence.includes(`${section}/${option}`) ||
      silence.includes(`[${section}]`);

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
    .map(
      ({ option, text }) =>
        `${isUnknown(path) ? service : path} [${section}] ${option === "" ? text : `${option} ${text}`}`,
    );
};
