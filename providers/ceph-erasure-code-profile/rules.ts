/** What a profile may be, and that it is never changed in place. Pure. */
import { isMap, isUnknown } from "../kernel/json.js";
import type { Report, Rule } from "../kernel/shape.js";
import { isSameValue, OWN_FIELDS, type DesiredProfile } from "./values.js";

/** Pieces of an object: Ceph keeps a pool's size in one byte. @see https://github.com/ceph/ceph/blob/main/src/osd/osd_types.h */
const MOST_PIECES = 255;

/** A key of a profile that has no field of its own. */
export const optionName: Rule<string> = {
  check(value, path, report) {
    const field = typeof value === "string" ? OWN_FIELDS.get(value) : undefined;
    if (field !== undefined) report(path, value, `has a field of its own: ${field}`);
    else if (typeof value === "string" && value.startsWith("ruleset-"))
      report(path, value, 'is of Ceph before Luminous: there is crushRoot, crushFailureDomain, or "crush-…"');
    else if (typeof value === "string" && /^[a-z][a-z0-9_-]*$/.test(value)) return value;
    else report(path, value, 'must be a key of an erasure-code profile, e.g. "technique"');
    return undefined;
  },
};

const INSTEAD =
  "a profile is never changed in place, because pools are laid out by it: another name makes a new one, for new pools";

/** Values of a profile by key, those under `options` each by its own. */
const flat = (values: unknown): Map<string, unknown> => {
  if (!isMap(values)) return new Map();
  const { options } = values;
  return new Map([
    ...[...OWN_FIELDS.values()].map((field): [string, unknown] => [field, values[field]]),
    ...(isMap(options) ? Object.entries(options) : []).map(([key, value]): [string, unknown] => [
      `options.${key}`,
      value,
    ]),
  ]);
};

const isPlain = (value: unknown): value is string | number =>
  (typeof value === "string" || typeof value === "number") && !isUnknown(value);

const isOther = (now: unknown, then: unknown): boolean =>
  isPlain(now) && isPlain(then) && !isSameValue(String(now), String(then));

const reasonFor = (found: unknown, { now, before }: { now: unknown; before: unknown }): string =>
  before !== undefined && !isOther(now, before)
    ? `is what was made, and the cluster has ${JSON.stringify(found)} now: somebody has changed the profile by --force. ` +
      "Put it back there by hand and refresh, or say here what is there: this package forces no profile"
    : `must stay ${JSON.stringify(found)}: ${INSTEAD}`;

/** `olds`: what was recorded or found of this profile; `before`: what was desired of it. */
export const checkProfile = (
  desired: DesiredProfile,
  { olds, before }: { olds: unknown; before: unknown },
  report: Report,
): void => {
  const { k, m } = desired;
  if (typeof k === "number" && typeof m === "number" && k + m > MOST_PIECES)
    report(["m"], m, `must be at most ${MOST_PIECES - k}: k and m together are at most ${MOST_PIECES}`);
  const [there, earlier] = [flat(olds), flat(before)];
  for (const [key, now] of flat(desired)) {
    const found = there.get(key);
    if (isOther(now, found)) report(key.split("."), now, reasonFor(found, { now, before: earlier.get(key) }));
  }
};
