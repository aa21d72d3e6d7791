/** Rules for what a program gives at a place for resources of its own. Pure. */
import { Resource } from "@pulumi/pulumi";
import type { HookPlace } from "../hook-args.js";

/** Everything that is wrong with it; a program without types, and an async function, may give anything. */
export const givenProblems = (
  { when, role, host }: Pick<HookPlace, "when" | "role" | "host">,
  given: unknown,
): string[] => {
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  return given === undefined || all.every((one) => Resource.isInstance(one))
    ? []
    : [
        `hooks must give a resource, a list of resources or nothing, and not a promise of one: what it gives for "${when}" of ${role} on ${host} is none of these`,
      ];
};
