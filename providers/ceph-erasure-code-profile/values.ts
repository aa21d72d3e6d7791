/**
 * What a profile's values are called in the program (`crushFailureDomain`) and by Ceph (`crush-failure-domain`), and when two texts are one value.
 * Pure.
 * @see https://docs.ceph.com/en/latest/rados/operations/erasure-code-profile/
 */
import type { Props } from "../kernel/json.js";
import type { MonCommand } from "../clients/ceph/door.js";

/** Values that a program may want. */
export interface DesiredProfile {
  readonly name: string;
  readonly plugin?: string;
  readonly k: number;
  readonly m: number;
  readonly crushRoot?: string;
  readonly crushFailureDomain?: string;
  readonly crushDeviceClass?: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

type CephProfile = Readonly<Record<string, string>>;

/** Ceph's keys of those with a field of their own, and what one means that is not there: the profile `default` has a few only. */
const FIELDS = {
  plugin: ["plugin", undefined],
  k: ["k", undefined],
  m: ["m", undefined],
  crushRoot: ["crush-root", "default"],
  crushFailureDomain: ["crush-failure-domain", "host"],
  crushDeviceClass: ["crush-device-class", ""],
} as const satisfies Record<string, readonly [string, string | undefined]>;

type Field = keyof typeof FIELDS;
const fields = Object.keys(FIELDS).filter((key): key is Field => key in FIELDS);

/** Ceph's keys that have a field of their own, with its name. */
export const OWN_FIELDS: ReadonlyMap<string, string> = new Map(
  fields.map((field): [string, string] => [FIELDS[field][0], field]),
);

const UNITS = "KMGT";

/** Ceph keeps what it was given: "02", "+2" and "2" are one number, "4K" and "4096" too. */
const normal = (text: string): string => {
  const [, digits, unit] = /^\+?(\d{1,15})(?:([KMGT])i?B?)?$/.exec(text) ?? [];
  if (digits === undefined) return text;
  return String(Number(digits) * (unit === undefined ? 1 : 1024 ** (UNITS.indexOf(unit) + 1)));
};

/** True when Ceph makes the same of both. */
export const isSameValue = (one: string, other: string): boolean => normal(one) === normal(other);

const optionsOf = ({ options = {} }: DesiredProfile): [string, string][] =>
  Object.entries(options).map(([key, value]) => [key, String(value)]);

const unlessEmpty = (options: readonly (readonly [string, string])[]): Props =>
  options.length === 0 ? {} : { options: Object.fromEntries(options) };

/** What is desired and compared. */
export const comparedValues = (desired: DesiredProfile): Props => ({
  ...Object.fromEntries(
    fields.flatMap((field): [string, string | number][] => {
      const value = desired[field];
      return value === undefined ? [] : [[field, value]];
    }),
  ),
  ...unlessEmpty(optionsOf(desired)),
});

const foundField = (profile: CephProfile, field: Field): string | number | undefined => {
  const [key, unset] = FIELDS[field];
  const text = profile[key] ?? unset;
  const isNumber = (field === "k" || field === "m") && text !== undefined && /^\d+$/.test(normal(text));
  return isNumber ? Number(normal(text)) : text;
};

/** Of what is desired, what is found, in the program's own form where it is the same. */
export const foundValues = (desired: DesiredProfile, profile: CephProfile): Props => ({
  ...Object.fromEntries(
    fields.flatMap((field): [string, string | number][] => {
      const value = desired[field] === undefined ? undefined : foundField(profile, field);
      return value === undefined ? [] : [[field, value]];
    }),
  ),
  ...unlessEmpty(
    optionsOf(desired).flatMap(([key, value]): [string, string][] => {
      const there = profile[key];
      return there === undefined ? [] : [[key, isSameValue(there, value) ? value : there]];
    }),
  ),
});

const words = (desired: DesiredProfile): string[] => [
  ...fields.flatMap((field) => {
    const value = desired[field];
    return value === undefined ? [] : [`${FIELDS[field][0]}=${value}`];
  }),
  ...optionsOf(desired).map(([key, value]) => `${key}=${value}`),
];

/** The command that makes the profile. What it is not given is the release's own. */
export const creation = (desired: DesiredProfile): MonCommand => ({
  prefix: "osd erasure-code-profile set",
  name: desired.name,
  profile: words(desired),
});
