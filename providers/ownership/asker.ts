/** Who asks, for clients that read owners in records. */
import type { Reach } from "../kernel/contract.js";
import { formerOwner, ownerName, stackOf, standing, type Standing } from "./owner.js";

/** The resource that asks, and how it reads the owner that a record names. */
export interface Asker {
  readonly owner: string;
  /** What it was called in the stack that it takes over from. */
  readonly formerly: string | undefined;
  /** Where it stands to a recorded owner. */
  standing(recorded: string | undefined): Standing;
  /** A recorded owner, as a person calls it. */
  nameOf(owner: string): string;
  /** `<project>/<stack>` of a recorded owner. */
  stackOf(owner: string): string;
}

export const askerOf = ({ owner, settings }: Reach): Asker => ({
  owner,
  formerly: formerOwner(owner, settings.takeOverFrom),
  standing: (recorded) => standing(recorded, owner, settings.takeOverFrom),
  nameOf: ownerName,
  stackOf,
});
