/** The same for units, packages, checks, profiles, rules and images. */
import type { Desired } from "./previews";
import { textOf, type Owning } from "./previews-path";

/** Begins a property that no input says by itself: of those named after it, the ones that differ tell that it changes. */
export const TOLD = "told by";

const wantsOf = (name: string): string => `/etc/systemd/system/multi-user.target.wants/${name}.service`;

/** Why a unit begins anew, or reloads: its triggers, and whether it is to run. */
const BEGUN = [TOLD, "triggers", "running"];
const UNIT: Readonly<Record<string, readonly string[]>> = {
  active: ["running"],
  enabled: ["enabled"],
  began: BEGUN,
  starts: BEGUN,
  reloads: BEGUN,
};

const owningUnit: Owning = ({ kind, args }, { thing, property }) => {
  if (kind !== "service") return undefined;
  if (thing === `unit/${args.host}:${args.unit}`) return UNIT[property];
  return thing === `other/${args.host}:${wantsOf(args.unit)}` ||
    thing === `file/${args.host}:${wantsOf(args.unit)}`
    ? ["enabled"]
    : undefined;
};

const owningCrush: Owning = ({ kind, args }, { thing, property }) => {
  if (kind === "profile" && thing === `profile/${args.name}`) return [property];
  return kind === "rule" && thing === `rule/${args.name}`
    ? [TOLD, "deviceClass", "erasureCodeProfile", "failureDomain", "root"]
    : undefined;
};

export const owningNewer: Owning = (desired, change, poolName) => {
  const { kind, args } = desired;
  const { thing, property } = change;
  if (kind === "packages" && thing.startsWith(`package/${args.host}:`)) return ["packages"];
  if (kind === "image" && thing.startsWith("image/")) return ["properties", property];
  return owningUnit(desired, change, poolName) ?? owningCrush(desired, change, poolName);
};

const under = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

/** Lines for those of some properties in which two programs differ; of a map, its keys. Without any it was not told; of a unit it is told that something comes, as what it reads is written. */
export const toldIn = (
  name: string,
  [old, now]: readonly [Desired, Desired],
  properties: readonly string[],
): string[] => {
  const [was, is] = [under(old.args), under(now.args)];
  const lines = properties.flatMap((property) => {
    const [before, after] = [was[property], is[property]];
    const keys = [...new Set([...Object.keys(under(before)), ...Object.keys(under(after))])];
    if (keys.length === 0) return before === after ? [] : [`${name} ${property}`];
    return keys
      .filter((key) => under(before)[key] !== under(after)[key])
      .map((key) => `${name} ${textOf([property, key])}`);
  });
  const untold = now.kind === "service" ? `update ${name}` : `untold ${name}`;
  return lines.length === 0 ? [untold] : lines;
};

/** What replaces it where it changes; undefined: it is of an older kind. */
export const placeOfNewer = ({ kind, args }: Desired): Readonly<Record<string, unknown>> | undefined => {
  if (kind === "service") return { host: args.host, unit: args.unit };
  if (kind === "profile" || kind === "rule") return { name: args.name };
  if (kind === "packages") return { host: args.host };
  if (kind === "check") return { host: args.host, entity: args.entity };
  return kind === "image" ? { image: args.image } : undefined;
};
