/** Who asks, with all that the one decision needs: the record is the thing's own, the rest is known here. */
import type { Reach } from "../kernel/contract.js";
import { Failure } from "../remote/failure.js";
import type { Claims } from "./claims.js";
import { decide, type Party, type Title, type Verdict } from "./decision.js";
import { ownerName, stackOf } from "./owner.js";
import { newToken } from "./token.js";

/** Which thing it is. */
export interface Where {
  /** In words, as `claims` has them. */
  readonly thing: string;
  /** Where it lies, by what the machine is and where links lead. */
  readonly spot?: string;
}

/** The resource that asks. */
export interface ActingOwner {
  readonly owner: string;
  /** May it have the thing? Where it may, it is known in this run to be there. */
  take(record: Title | undefined, where: Where): Verdict;
  /** Whether its record names another stack, whoever lives in this run. */
  isElsewhere(record: Title | undefined): boolean;
  /** May it remove the thing, or put back what was there? */
  letGo(record: Title | undefined, where: Where): Verdict;
  /** Why a delete leaves it that may not. */
  whyLeft(record: Title | undefined, where: Where): string;
  /** Why it may not have what is another's. */
  refusal(record: Title | undefined, where: Where, host?: string): Failure;
  /** What its record says of it: while its create or update is under way, and after that. */
  titles(record: Title | undefined): { readonly during: Title; readonly after: Title };
}

/** Of something in a cluster the recorded owner alone can be a living one: names are unique there, and a check has seen to them. */
const holderOf = (
  claims: Claims,
  mine: string,
  { record, where: { thing, spot } }: { record: Title | undefined; where: Where },
): string | undefined => {
  const named = claims.holder(thing);
  const holder = spot === undefined ? (named === record?.owner ? named : undefined) : claims.at(spot)?.owner;
  return holder === mine ? undefined : holder;
};

const SAME = "are one and the same";

const refusalOf = (
  { claims, owner }: Reach,
  record: Title | undefined,
  { where: { thing, spot }, host }: { where: Where; host: string | undefined },
): Failure => {
  const held = spot === undefined ? undefined : claims.at(spot);
  const at = host === undefined ? {} : { host };
  if (held !== undefined && held.owner !== owner)
    return new Failure({
      code: "owned",
      ...at,
      what: `${held.thing}, owned by ${ownerName(held.owner)}, and ${thing}, owned by ${ownerName(owner)}, ${SAME}`,
      cure: "One of the two resources has to go: a machine under two names is one machine, a file under two paths one file.",
    });
  const recorded = record?.owner ?? "";
  if (claims.holder(thing) === recorded)
    return new Failure({
      code: "owned",
      ...at,
      what: `${thing} belongs to ${ownerName(recorded)}`,
      cure: "It lives in this program too: one of the two resources has to go.",
    });
  return new Failure({
    code: "owned",
    ...at,
    what: `by its record, ${thing} belongs to ${ownerName(recorded)}`,
    cure:
      "Set it there, or take it out there first. If that stack is gone or was renamed, or its state has this no more (a destroy was cut there, or a refresh has found it gone): " +
      `pulumi config set ceph-openstack:takeOverFrom ${stackOf(recorded)}`,
  });
};

/** Of what lives the program tells; of the rest the record alone, and whoever it names may be in no state any more. */
const whyLeft = ({ claims, owner }: Reach, record: Title | undefined, { thing, spot }: Where): string => {
  const holder = claims.holder(thing) ?? (spot === undefined ? undefined : claims.at(spot)?.owner);
  if (holder !== undefined)
    return holder === owner ? "this resource lives on in the program" : `${ownerName(holder)} is to have it`;
  if (record === undefined) return "no record says that it is ours";
  const recorded = record.owner === owner ? "another create of this resource" : ownerName(record.owner);
  return `by its record it belongs to ${recorded}`;
};

export const actingOwner = (reach: Reach): ActingOwner => {
  const { owner, claims, lives, settings } = reach;
  const party: Party = { owner, token: reach.token, lives, takeOverFrom: settings.takeOverFrom };
  const token = party.token ?? newToken();
  return {
    owner,
    take(record, where) {
      const holder = holderOf(claims, owner, { record, where });
      const verdict = decide(party, { to: "take", record, holder, isClaimed: false });
      if (verdict !== "another's" && where.spot !== undefined)
        claims.settle(where.spot, { owner, thing: where.thing });
      return verdict;
    },
    isElsewhere: (record) =>
      decide(party, { to: "take", record, holder: undefined, isClaimed: false }) === "another's",
    letGo(record, { thing, spot }) {
      const isClaimed =
        claims.holder(thing) !== undefined || (spot !== undefined && claims.at(spot) !== undefined);
      return decide(party, { to: "let go", record, holder: undefined, isClaimed });
    },
    whyLeft: (record, where) => whyLeft(reach, record, where),
    refusal: (record, where, host) => refusalOf(reach, record, { where, host }),
    titles(record) {
      const after = { owner, token };
      if (record?.token === undefined || record.token === token) return { during: after, after };
      return { during: { ...after, before: [...new Set([...(record.before ?? []), record.token])] }, after };
    },
  };
};
