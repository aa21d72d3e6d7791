/** Who asks, for clients that read owners in records. */
import type { Reach } from "./contract.js";
import { ownerName, stackOf, standing, type Standing } from "./owner.js";

/** The resource that asks, and how it reads the owner that a record names. */
export const askerOf = ({ owner, settings }: Reach) => ({
  owner,
  standing: (recorded: string | undefined): Standing => standing(recorded, owner, settings.takeOverFrom),
  nameOf: ownerName,
  stackOf,
});
