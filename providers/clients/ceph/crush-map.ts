/**
 * What `ceph osd crush dump`, `ceph osd crush rule dump` and `ceph osd erasure-code-profile get` tell, as JSON. Pure.
 * @see https://docs.ceph.com/en/latest/rados/operations/crush-map-edits/#crush-map-rules
 */
import { nearest } from "../../formats/nearest.js";
import { Failure } from "../../remote/failure.js";
import { parseJson } from "./door.js";
import { fieldsOf, listOf, type Fields } from "./pool-detail.js";

/** What a rule can start from and tell copies apart by. */
export interface CrushPlaces {
  /** Names of buckets that are no other's part, and of all others. */
  readonly roots: readonly string[];
  readonly buckets: readonly string[];
  /** Classes of devices that there are trees of. */
  readonly classes: readonly string[];
  /** Kinds of places: `osd`, `host`, `rack`, … */
  readonly types: readonly string[];
}

/** A rule, as far as it can be said in three words; and as all of its steps say it. */
export interface CrushRule {
  readonly id: number;
  readonly type: "replicated" | "erasure";
  readonly root: string | undefined;
  /** `""` for any. */
  readonly deviceClass: string | undefined;
  readonly failureDomain: string | undefined;
  /** Steps that place something, in words; how often is tried is nobody's layout. */
  readonly steps: string;
}

const texts = (values: readonly unknown[]): string[] =>
  values.filter((value): value is string => typeof value === "string");

/** A class's tree goes by the root's name, `~` and the class. */
const halves = (name: string): readonly [string, string] => {
  const [root = "", deviceClass = ""] = name.split("~");
  return [root, deviceClass];
};

export const crushPlaces = (out: string): CrushPlaces => {
  const dump = fieldsOf(parseJson(out));
  const buckets = listOf(dump["buckets"]);
  const parts = new Set(buckets.flatMap(({ items }) => listOf(items).map(({ id }) => id)));
  const names = texts(buckets.map(({ name }) => name));
  const plain = (of: readonly Fields[]) =>
    texts(of.map(({ name }) => name)).filter((name) => !name.includes("~"));
  return {
    roots: plain(buckets.filter(({ id }) => !parts.has(id))).sort(),
    buckets: plain(buckets),
    classes: [...new Set(names.map((name) => halves(name)[1]).filter((name) => name !== ""))].sort(),
    types: texts(listOf(dump["types"]).map(({ name }) => name)),
  };
};

/** Of rules of several numbers: 1 and 4 (MSR) put copies, 3 and 5 put pieces. @see https://github.com/ceph/ceph/blob/main/src/crush/crush.h */
const ERASURE = [3, 5];

const wordsOf = ({ op, item_name: item, num, type }: Fields): string =>
  texts([op, item, typeof num === "number" ? String(num) : undefined, type]).join(" ");

const isSetting = ({ op }: Fields): boolean => typeof op === "string" && op.startsWith("set_");

/** The steps of a simple rule: a take, a choice, an emit. */
export const layoutOf = (
  type: CrushRule["type"],
  {
    root,
    deviceClass,
    failureDomain,
  }: { readonly root: string; readonly deviceClass: string; readonly failureDomain: string },
): string => {
  const take = deviceClass === "" ? root : `${root}~${deviceClass}`;
  // What is to be on different OSDs is chosen itself, and not a leaf below it.
  const choose = `${failureDomain === "osd" ? "choose" : "chooseleaf"}_${type === "erasure" ? "indep" : "firstn"}`;
  return `take ${take}, ${choose} 0 ${failureDomain}, emit`;
};

const ruleOf = (rule: Fields): CrushRule => {
  const steps = listOf(rule["steps"]).filter((step) => !isSetting(step));
  const takes = texts(steps.filter(({ op }) => op === "take").map(({ item_name }) => item_name));
  const choices = texts(
    steps.filter(({ op }) => typeof op === "string" && op.startsWith("choose")).map(({ type }) => type),
  );
  const [first] = takes;
  const [root, deviceClass] = takes.length === 1 && first !== undefined ? halves(first) : [];
  return {
    id: typeof rule["rule_id"] === "number" ? rule["rule_id"] : -1,
    type: ERASURE.some((number) => number === rule["type"]) ? "erasure" : "replicated",
    root,
    deviceClass,
    failureDomain: choices.length === 1 ? choices[0] : undefined,
    steps: steps.map(wordsOf).join(", "),
  };
};

export const crushRuleOf = (out: string, name: string): CrushRule | undefined => {
  const rule = listOf(parseJson(out)).find(({ rule_name }) => rule_name === name);
  return rule === undefined ? undefined : ruleOf(rule);
};

export const profileOf = (out: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fieldsOf(parseJson(out))).flatMap(([key, value]) =>
      typeof value === "string" ? [[key, value]] : [],
    ),
  );

/** Where to put copies or pieces; what is left out is not judged. */
export interface DesiredPlace {
  readonly root?: string | undefined;
  readonly failureDomain?: string | undefined;
  readonly deviceClass?: string | undefined;
}

const missing = (
  what: string,
  name: string,
  { there, otherwise = "Name one of these." }: { there: readonly string[]; otherwise?: string },
): Failure => {
  const meant = nearest(name, there);
  return new Failure({
    code: "refused",
    what: `there is no ${what} ${JSON.stringify(name)} in the cluster; there ${there.length === 1 ? "is" : "are"} ${there.join(", ") || "none"}`,
    cure: meant === undefined ? otherwise : `Is ${JSON.stringify(meant)} meant?`,
  });
};

/** What is desired and not there, with what is; undefined where all is. Ceph takes a profile of a class or root that is nowhere. */
export const missingPlace = (
  { root, failureDomain, deviceClass = "" }: DesiredPlace,
  { roots, buckets, classes, types }: CrushPlaces,
): Failure | undefined => {
  if (failureDomain !== undefined && !types.includes(failureDomain))
    return missing("kind of place", failureDomain, { there: types });
  if (root !== undefined && !buckets.includes(root)) return missing("root", root, { there: roots });
  if (deviceClass !== "" && !classes.includes(deviceClass))
    return missing("device class", deviceClass, { there: classes });
  return undefined;
};

/** A profile that a pool or a rule is to be made by, and that is not there. */
export const missingProfile = (name: string, profiles: readonly string[]): Failure =>
  missing("erasure-code profile", name, {
    there: [...profiles].sort(),
    otherwise: "Name one of these, or make it first: a CephErasureCodeProfile, whose `name` is handed over.",
  });
