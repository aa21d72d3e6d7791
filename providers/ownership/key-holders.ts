/** All who hold the key of an entity, for the step in which it changes. */
import type { KeySource } from "../clients/cluster-key.js";
import type { Reach } from "../kernel/contract.js";
import { Failure, isFailure } from "../remote/failure.js";
import { holdersOf, wayOf, type Holder, type Recorded } from "./holder-records.js";
import { claimedAs, heldAt, placeName, type After, type KeyPlace } from "./key-place.js";
import { ownerName, ownStacks, stackOf } from "./owner.js";

/** A key that comes, and in whose place: what holds any other is left to its own resource. */
export interface NewKey {
  readonly key: string;
  readonly after: After;
}

export interface KeyHolders {
  /** True where anybody has said that he holds the key. */
  areThere(): Promise<boolean>;
  /** Writes to each what is there, by the very programs that a rotation uses. @throws Failure `refused` where one cannot be written */
  tryAll(): Promise<void>;
  /** Who would be left with a dead key if the entity went now, in words. */
  inNeed(): Promise<InNeed>;
  /** Gives each the key; success where it has it. @throws Failure `not-converged` naming those that it did not reach */
  give(key: NewKey): Promise<void>;
}

export interface InNeed {
  /** Of this run: what was to give them another key has failed, or nothing does. */
  readonly living: readonly string[];
  /** Of no resource of this run: guests or another stack need them. */
  readonly others: readonly string[];
}

interface Reached {
  readonly reach: Reach;
  readonly entity: string;
}

/**
 * True for a host that the operator has given up. One that was written by other settings may be an explicit provider's, which reaches it otherwise, or
 * the settings have changed since: nobody can tell, so it counts like any other, and giving it up passes over a refused login too.
 */
const mayMiss = (reach: Reach, { way, at }: Holder, error: unknown): boolean =>
  isFailure(error) &&
  reach.settings.forgetUnreachable.includes(at.host) &&
  (error.code === "unreachable" || way !== wayOf(reach));

interface Missed {
  readonly at: KeyPlace;
  readonly record: string;
  readonly why: string;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Does it for every holder at once; those that must not be missed and failed come back. */
const forEach = async (
  { reach, entity }: Reached,
  holders: readonly Recorded[],
  act: (holder: Recorded) => Promise<void>,
): Promise<readonly Missed[]> => {
  const ends = await Promise.allSettled(holders.map(act));
  return ends.flatMap((end, i) => {
    const holder = holders[i];
    if (end.status === "fulfilled" || holder === undefined) return [];
    const error: unknown = end.reason;
    if (!mayMiss(reach, holder, error)) return [{ at: holder.at, record: holder.record, why: textOf(error) }];
    reach.note(`${placeName(holder.at)} may keep the old key of ${entity}: ${textOf(error)}`);
    return [];
  });
};

/** What is one trouble is said once, with all places that it is in the way of. */
const byReason = (missed: readonly Missed[]): string =>
  [...new Set(missed.map(({ why }) => why))]
    .map((why) => {
      const places = missed.filter((one) => one.why === why).map(({ at }) => placeName(at));
      return `${places.join(", ")}: ${why}`;
    })
    .join("\n  ");

const missedAll = (
  missed: readonly Missed[],
  { code, what, cure }: { code: "refused" | "not-converged"; what: string; cure: string },
): Failure =>
  new Failure({
    code,
    hosts: [...new Set(missed.map(({ at }) => at.host))],
    what: `${what}:\n  ${byReason(missed)}`,
    cure: `${cure} ${GIVEN_UP}\n  ${missed.map(({ record }) => struck(record)).join("\n  ")}`,
  });

const GIVEN_UP =
  "A host that is gone for good: name it in ceph-openstack:unreachableOnDelete (`forget:HOST`). Only what holds the key no longer (another machine answers by that name) is taken off the list, on the admin host:";

const struck = (record: string): string => `ceph config-key rm ${record}`;

const isOurs = (reach: Reach, { owner }: Holder): boolean =>
  ownStacks(reach.owner, reach.settings.takeOverFrom).includes(stackOf(owner));

/** What other stacks hold is theirs to write. */
const nameOthers = (reach: Reach, entity: string, all: readonly Recorded[]): void => {
  for (const { owner, at, record } of all.filter((holder) => !isOurs(reach, holder)))
    reach.note(
      `by its record in the cluster, ${placeName(at)} holds the key of ${entity} for ${ownerName(owner)}: an \`up --refresh\` there gives it the new one; where that stack is gone: ${struck(record)}`,
    );
};

const isLiving = ({ claims }: Reach, { owner, at }: Holder): boolean =>
  claims.livingOn(owner, "").some((claim) => claim.at.host === at.host && claim.at.path === claimedAs(at));

/** Those of this stack that no guest needs go with its program, or are gone. */
const needOf = (reach: Reach, holder: Holder): string[] => {
  if (holder.needed === true) return [`${placeName(holder.at)}, which guests need`];
  return isOurs(reach, holder) ? [] : [`${placeName(holder.at)} for ${ownerName(holder.owner)}`];
};

export const keyHoldersOf = (reach: Reach, source: KeySource): KeyHolders => {
  const { entity } = source;
  const reached = { reach, entity };
  const ours = (all: readonly Recorded[]): readonly Recorded[] =>
    all.filter((holder) => isOurs(reach, holder));
  return {
    areThere: async () => (await holdersOf(reach, source)).length > 0,
    async inNeed() {
      const all = await holdersOf(reach, source, "now");
      const living = all.filter((holder) => isLiving(reach, holder));
      const others = all.filter((holder) => !living.includes(holder)).flatMap((one) => needOf(reach, one));
      return { living: living.map(({ at }) => placeName(at)), others };
    },
    async tryAll() {
      const missed = await forEach(reached, ours(await holdersOf(reach, source)), ({ at }) =>
        heldAt(reach, entity, at).tryWrite(),
      );
      if (missed.length === 0) return;
      throw missedAll(missed, {
        code: "refused",
        what: `the key of ${entity} is not changed, for it would not reach everybody who holds it`,
        cure: "Nothing was touched. Repair that and run again.",
      });
    },
    async give({ key, after }) {
      // Once more: somebody may have come since they were tried.
      const all = await holdersOf(reach, source);
      nameOthers(reach, entity, all);
      const missed = await forEach(reached, ours(all), ({ at }) =>
        heldAt(reach, entity, at).write(key, after),
      );
      if (missed.length === 0) return;
      throw missedAll(missed, {
        code: "not-converged",
        what: `the cluster has the new key of ${entity}, and it did not reach everybody who holds it`,
        cure: "Repair that and run `pulumi up` again: it goes on with the same key.",
      });
    },
  };
};
