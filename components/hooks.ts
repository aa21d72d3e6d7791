/** What a program gives at the places for resources of its own. */
import type * as pulumi from "@pulumi/pulumi";
import type { HookPlace, Hooks } from "./hook-args.js";
import type { Asked } from "./resources.js";
import { givenProblems } from "./topology/hook-rules.js";
import { refuse } from "./topology/rules.js";

const listed = (given: ReturnType<Hooks>): readonly pulumi.Resource[] => {
  if (given === undefined) return [];
  return given instanceof Array ? given : [given];
};

/**
 * Asks the program, and makes a list of what it gives.
 * @throws RunError where that is no resource: nothing could wait for it
 */
export const asked =
  (name: string, hooks: Hooks = () => undefined): Asked =>
  (at: HookPlace) => {
    const given = hooks(at);
    refuse({ kind: "CephOpenStackIntegration", name }, givenProblems(at, given));
    return listed(given);
  };
