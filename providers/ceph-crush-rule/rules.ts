/** What of a rule goes together. Pure. */
import type { Report } from "../kernel/shape.js";
import { isUnknown } from "../kernel/json.js";
import type { DesiredRule } from "./layout.js";

interface Given extends DesiredRule {
  readonly adopt?: string;
}

const OF_REPLICATED = ["root", "failureDomain", "deviceClass"] as const;

export const checkRule = (desired: Given, report: Report): void => {
  const { type, erasureCodeProfile } = desired;
  if (type === "erasure")
    for (const field of OF_REPLICATED)
      if (desired[field] !== undefined)
        report(
          [field],
          desired[field],
          'is for rules of type "replicated": the profile of an erasure-coded one says it',
        );
  if (type === "replicated" && erasureCodeProfile !== undefined)
    report(["erasureCodeProfile"], erasureCodeProfile, 'is for rules of type "erasure"');
  for (const field of OF_REPLICATED.slice(0, 2))
    if (desired[field]?.includes("~") === true)
      report([field], desired[field], 'must be without "~": deviceClass says the class of the devices');
};

/** What is desired, with what Ceph would take; a rule that must be there is managed in what is given of it. */
export const withDefaults = <W extends Given>(desired: W): W => {
  if (desired.adopt === "only" || isUnknown(desired.type)) return desired;
  const more =
    desired.type === "erasure"
      ? { erasureCodeProfile: desired.erasureCodeProfile ?? "default" }
      : { root: desired.root ?? "default", failureDomain: desired.failureDomain ?? "host" };
  return { ...desired, ...more };
};
