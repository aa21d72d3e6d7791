/** What of a rule goes together. Pure. */
import type { Report } from "../kernel/shape.js";
import { isUnknown } from "../kernel/json.js";
import type { RuleWish } from "./layout.js";

interface Given extends RuleWish {
  readonly adopt?: string;
}

const OF_REPLICATED = ["root", "failureDomain", "deviceClass"] as const;

export const checkRule = (wish: Given, report: Report): void => {
  const { type, erasureCodeProfile } = wish;
  if (type === "erasure")
    for (const field of OF_REPLICATED)
      if (wish[field] !== undefined)
        report(
          [field],
          wish[field],
          'is for rules of type "replicated": the profile of an erasure-coded one says it',
        );
  if (type === "replicated" && erasureCodeProfile !== undefined)
    report(["erasureCodeProfile"], erasureCodeProfile, 'is for rules of type "erasure"');
  for (const field of OF_REPLICATED.slice(0, 2))
    if (wish[field]?.includes("~") === true)
      report([field], wish[field], 'must be without "~": deviceClass says the class of the devices');
};

/** The wish with what Ceph would take; a rule that must be there is managed in what is given of it. */
export const withDefaults = <W extends Given>(wish: W): W => {
  if (wish.adopt === "only" || isUnknown(wish.type)) return wish;
  const more =
    wish.type === "erasure"
      ? { erasureCodeProfile: wish.erasureCodeProfile ?? "default" }
      : { root: wish.root ?? "default", failureDomain: wish.failureDomain ?? "host" };
  return { ...wish, ...more };
};
