/** For an artifact whose look brings nothing where the thing is not there. */
import type { Observed, Seen } from "./contract.js";

/** What is found is all that its `apply` needs. */
export const foundOrNot = <F extends Observed>(found: F | undefined): Seen<F | undefined> => ({
  found,
  look: found,
});
