/** Another spelling of one boolean is no other value where it is known who reads the file: a person's `True` stays, and restarts nobody. Pure. */
import type { CanonicalValue } from "../formats/ini/values.js";
import { factsFor, placesOf } from "../formats/openstack/reader.js";
import { parseSeries } from "../formats/openstack/series.js";
import { isSameBoolean } from "../formats/openstack/values.js";
import { isUnknown } from "../kernel/json.js";
import type { ConfigSectionInputs } from "./index.js";

/** Lines of a file by option. */
type Found = ReadonlyMap<string, readonly string[]>;

type Read = Pick<ConfigSectionInputs, "readBy" | "section">;

type Options = readonly (readonly [string, CanonicalValue])[];

/** What is in the file in the place of what is desired, by option, where its reader takes both for one. */
export const otherSpellings = (
  { readBy, section }: Read,
  options: Options,
  found: Found | undefined,
): Found => {
  const series = readBy === undefined || isUnknown(readBy) ? undefined : parseSeries(readBy.release);
  if (readBy === undefined || series === undefined) return new Map();
  const reader = { project: readBy.service, series };
  const places = placesOf(reader, section);
  const isSame = ([name, desired]: Options[number]): boolean => {
    const [line, ...more] = found?.get(name) ?? [];
    const facts = factsFor(reader, places, name);
    if (facts === undefined || line === undefined || more.length > 0) return false;
    return typeof desired === "string" && line !== desired && isSameBoolean(facts, line, desired);
  };
  return new Map(options.filter(isSame).map(([name]) => [name, found?.get(name) ?? []]));
};

/** What is in the file, other spellings as the desired ones. */
export const asDesired = (inputs: Read, options: Options, found: Found): Found => {
  const spelled = otherSpellings(inputs, options, found);
  const same = options.flatMap(([name, desired]): [string, string[]][] =>
    spelled.has(name) && typeof desired === "string" ? [[name, [desired]]] : [],
  );
  return new Map([...found, ...same]);
};
