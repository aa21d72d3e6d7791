/** The door for a doctor: told of every resource when its check is over, before the engine goes on. Without one a check touches nothing. */
import type { Artifact, Reach } from "./contract.js";
import type { Props } from "./json.js";
import type { CheckFailure } from "./problems.js";

/** What a check said of one resource. */
export interface CheckedResource {
  readonly inputs: Props;
  /** No state knows it: an `up` creates it. */
  readonly isNew: boolean;
  readonly failures: readonly CheckFailure[];
  readonly warnings: readonly string[];
}

export type Examine = <I extends object, X>(
  artifact: Artifact<I, X>,
  checked: CheckedResource,
  reach: Reach,
) => Promise<void>;
