/** What records of others on a host mean to the resource that asks. */
import type { Reach } from "./contract.js";
import { ownerName, standing } from "./owner.js";

/** Who asks, and what it may take over. */
export interface Rights {
  readonly owner: string;
  /** True when what this owner has recorded may be taken over: it is ours, this stack's, or that of the stack to take over from. */
  mayTake(owner: string): boolean;
  /** How a person calls an owner. */
  nameOf(owner: string): string;
}

export const rightsOf = ({ owner, settings }: Reach): Rights => ({
  owner,
  mayTake: (other) => standing(other, owner, settings.takeOverFrom) !== "other-stack",
  nameOf: ownerName,
});
