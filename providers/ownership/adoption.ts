/** Whether something that is in the cluster already may be taken over or changed: by its record first, then by `adopt`. Pure. */
import type { Asker } from "./asker.js";
import type { Adopt } from "../kernel/common.js";
import { Failure } from "../remote/failure.js";

export type { Asker };

/** Something that is there, and what is wished of it. */
export interface Admission {
  /** What is there: "pool vms". */
  readonly thing: string;
  /** The recorded owner. */
  readonly recorded: string | undefined;
  /** True in a create, the only place where `adopt` counts. */
  readonly creating: boolean;
  readonly adopt: Adopt | "only" | undefined;
  /** Every difference between the wish and what is there, in words. */
  readonly differences: readonly string[];
}

/** @throws Failure `owned` when another stack has recorded it, `conflict` when it is nobody's of ours and `adopt` says no */
export const admit = (
  asker: Asker,
  { thing, recorded, creating, adopt = "if-identical", differences }: Admission,
): void => {
  const standing = asker.standing(recorded);
  if (standing === "other-stack" && recorded !== undefined)
    throw new Failure({
      code: "owned",
      what: `${thing} belongs to ${asker.nameOf(recorded)}`,
      cure: `Where that stack is gone or was renamed: \`pulumi config set ceph-openstack:takeOverFrom ${asker.stackOf(recorded)}\`.`,
    });
  if (!creating || standing !== "none") return;
  if (adopt === "never")
    throw new Failure({
      code: "conflict",
      what: `${thing} is there already, and adopt is "never"`,
      cure: 'Choose another name, or adopt: "if-identical".',
    });
  if (adopt !== "overwrite" && differences.length > 0)
    throw new Failure({
      code: "conflict",
      what: `${thing} is there already and differs: ${differences.join("; ")}`,
      cure: 'Say in the program what is there, leave those fields out, or change it by adopt: "overwrite".',
    });
};

/** `size: 2 there, 3 wished` for each key. */
export const differencesOf = (
  changed: readonly string[],
  there: Readonly<Record<string, unknown>>,
  wished: Readonly<Record<string, unknown>>,
): string[] =>
  changed.map((key) => {
    const found = there[key] === undefined ? "nothing" : JSON.stringify(there[key]);
    return `${key}: ${found} there, ${JSON.stringify(wished[key])} wished`;
  });

/** What a removal does with a thing, by its record. A recorded owner that is another one's thing is handed over. */
export const isAnothers = (asker: Asker, recorded: string | undefined): boolean => {
  const standing = asker.standing(recorded);
  // A stack that `takeOverFrom` names counts as this one; another resource of this very stack does not.
  const takenOver = recorded !== undefined && asker.stackOf(recorded) !== asker.stackOf(asker.owner);
  return standing === "other-stack" || (standing === "same-stack" && !takenOver);
};
