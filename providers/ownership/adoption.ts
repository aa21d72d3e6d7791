/** Whether something that is in the cluster already may be taken over or changed: by its record first, then by `adopt`. Pure. */
import type { ActingOwner } from "./acting-owner.js";
import type { Title } from "./decision.js";
import type { Adopt } from "../kernel/common.js";
import { Failure } from "../remote/failure.js";

export type { ActingOwner };

/** Something that is there, and what is desired of it. */
export interface Admission {
  /** What is there: "pool vms". */
  readonly thing: string;
  /** Its record. */
  readonly record: Title | undefined;
  /** What the recorded owner would claim where it lives on this very thing. @default `thing` */
  readonly claim?: string;
  /** True in a create, the only place where `adopt` counts. */
  readonly creating: boolean;
  readonly adopt: Adopt | "only" | undefined;
  /** Every difference between what is desired and what is there, in words. */
  readonly differences: readonly string[];
  /** What to do about them. @default to change what is there */
  readonly cure?: string;
}

const OVERWRITE = 'or change it by adopt: "overwrite".';

/** @throws Failure `owned` when another stack has recorded it, or a resource that lives on it, `conflict` when it is nobody's of ours and `adopt` says no */
export const admit = (
  acting: ActingOwner,
  {
    thing,
    record,
    claim = thing,
    creating,
    adopt = "if-identical",
    differences,
    cure = OVERWRITE,
  }: Admission,
): void => {
  const verdict = acting.take(record, { thing: claim });
  if (verdict === "another's") throw acting.refusal(record, { thing: claim });
  if (!creating || verdict !== "nobody's") return;
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
      cure: `Say in the program what is there, leave those fields out, ${cure}`,
    });
};

/** `size: 2 there, 3 desired` for each key. */
export const differencesOf = (
  changed: readonly string[],
  there: Readonly<Record<string, unknown>>,
  desired: Readonly<Record<string, unknown>>,
): string[] =>
  changed.map((key) => {
    const found = there[key] === undefined ? "nothing" : JSON.stringify(there[key]);
    return `${key}: ${found} there, ${JSON.stringify(desired[key])} desired`;
  });

/** Something that a delete has come to. */
interface Leaving {
  readonly record: Title | undefined;
  /** What its owner claims. */
  readonly claim: string;
  /** False where it stays in any case, or is gone: whose it was, where no record tells, nobody needs to know then. */
  readonly goes: boolean;
}

/** Why a delete leaves what is not this resource's, in words; undefined where it may go on. */
export const whyLeft = (acting: ActingOwner, { record, claim, goes }: Leaving): string | undefined => {
  const verdict = acting.letGo(record, { thing: claim });
  const isFree = verdict === "mine" || (verdict === "nobody's" && !goes);
  return isFree ? undefined : acting.whyLeft(record, { thing: claim });
};
