/** What a rule's settings come to: the steps that CRUSH takes, and what is found of them. Pure. */
import { layoutOf, type CrushRule } from "../clients/ceph/crush-map.js";
import { isUnknown, UNKNOWN, type Props } from "../kernel/json.js";

/** The constant that stands for "its steps are those of these settings"; what is found takes its place when they are not. */
export const AS_MADE = "as these settings make them";

/** A rule as it is desired, after `withDefaults`. */
export interface DesiredRule {
  readonly name: string;
  readonly type: "replicated" | "erasure";
  readonly root?: string;
  readonly failureDomain?: string;
  readonly deviceClass?: string;
  readonly erasureCodeProfile?: string;
}

type Profile = Readonly<Record<string, string>>;

const LAYOUT = ["root", "failureDomain", "deviceClass", "erasureCodeProfile"] as const;
const FIELDS = ["type", ...LAYOUT] as const;

/** What is desired and compared. */
export const comparedRule = (desired: DesiredRule): Props => ({
  ...Object.fromEntries(
    FIELDS.flatMap((field): [string, string][] => {
      const value = desired[field];
      return value === undefined ? [] : [[field, value]];
    }),
  ),
  steps: isUnknown(desired.type) ? UNKNOWN : AS_MADE,
});

/** From Squid on every profile has these two, as "0" where nobody gave them. */
const SEVERAL = ["crush-num-failure-domains", "crush-osds-per-failure-domain"];

/** Of a profile: what is not in it is Ceph's default. Of locally repairable codes and of several pieces in a place the steps are Ceph's own matter. */
const ofProfile = (rule: CrushRule, profile: Profile): boolean => {
  const { "crush-root": root = "default", "crush-device-class": deviceClass = "" } = profile;
  const isSimple = profile["plugin"] !== "lrc" && SEVERAL.every((key) => (profile[key] ?? "0") === "0");
  const failureDomain = profile["crush-failure-domain"] ?? "host";
  return isSimple
    ? rule.steps === layoutOf("erasure", { root, deviceClass, failureDomain })
    : rule.root === root && rule.deviceClass === deviceClass;
};

/** Whether the steps are told by type, root, failure domain and class: these show by themselves where they differ. */
const isAsMade = (desired: DesiredRule, rule: CrushRule, profile: Profile | undefined): boolean => {
  // One that must be there is named, and its steps are a person's own: those of stretch mode can be said in no fields.
  if (LAYOUT.every((field) => desired[field] === undefined)) return true;
  // A rule is a copy: of a profile that is gone nothing can be said.
  if (desired.type === "erasure") return profile === undefined || ofProfile(rule, profile);
  const { type, root = "", failureDomain = "", deviceClass = "" } = rule;
  return rule.steps === layoutOf(type, { root, failureDomain, deviceClass });
};

/** Of what is desired, what is found; steps in words where they are others. */
export const foundRule = (desired: DesiredRule, rule: CrushRule, profile: Profile | undefined): Props => {
  const { type, root, failureDomain, deviceClass } = rule;
  const found = { type, root, failureDomain, deviceClass, erasureCodeProfile: desired.erasureCodeProfile };
  return {
    ...Object.fromEntries(
      FIELDS.flatMap((field): [string, string][] => {
        const value = desired[field] === undefined ? undefined : found[field];
        return value === undefined ? [] : [[field, value]];
      }),
    ),
    steps: isAsMade(desired, rule, profile) ? AS_MADE : rule.steps,
  };
};
