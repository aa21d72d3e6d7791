/** Whose a thing is. Nothing else compares owners. Pure. */
import { formerOwner, stackOf } from "./owner.js";

/** Who has made or taken over a thing, as its record says. */
export interface Title {
  readonly owner: string;
  /** Written by the create that made it or took it over. */
  readonly token?: string;
  /** While such a create is under way: the tokens of before. Any counts, as nobody knows yet which of them the engine will keep. */
  readonly before?: readonly string[];
}

/** Who asks. */
export interface Party {
  readonly owner: string;
  /** The token that state holds for it, or that its create has made. */
  readonly token: string | undefined;
  /** False in a delete. */
  readonly lives: boolean;
  /** `<project>/<stack>` of a stack that is gone or was renamed: what it owned counts as this stack's. */
  readonly takeOverFrom: string | undefined;
}

/** What is known of one thing. */
export interface Case {
  /** `take`: have it, make it, change it. `let go`: remove it, or put back what was there. */
  readonly to: "take" | "let go";
  readonly record: Title | undefined;
  /** Another resource that lives on this very thing in this run. */
  readonly holder: string | undefined;
  /** True when a check of this run, anybody's, has claimed it. */
  readonly isClaimed: boolean;
}

export type Verdict =
  | "mine"
  | "handed over" // who asks had it once: it belongs to another resource of this stack by now, or to a newer create of this one
  | "another's" // of another stack, or of a resource that lives on it in this run
  | "nobody's"; // no record of ours

const isSameCreate = ({ token, before = [] }: Title, mine: string | undefined): boolean =>
  mine !== undefined && [token, ...before].includes(mine);

const isByName = ({ owner }: Title, { owner: mine, takeOverFrom }: Party): boolean =>
  owner === mine || owner === formerOwner(mine, takeOverFrom);

/** True when the record's stack is this one, or one that this one takes over from. */
const isOfStack = ({ owner }: Title, { owner: mine, takeOverFrom }: Party): boolean =>
  [stackOf(mine), takeOverFrom].includes(stackOf(owner));

const take = (party: Party, { record, holder }: Case): Verdict => {
  if (holder !== undefined) return "another's";
  if (record === undefined) return "nobody's";
  return isSameCreate(record, party.token) || isOfStack(record, party) ? "mine" : "another's";
};

/**
 * The name alone cannot tell a resource from what it was before a replacement: the engine deletes the old half under its old text, in this run
 * or in a later one. So a delete goes by the token; the name counts where there is no token, and for a resource that lives.
 */
const letGo = (party: Party, { record, isClaimed }: Case): Verdict => {
  if (isClaimed) return "handed over";
  if (record === undefined) return "nobody's";
  if (isSameCreate(record, party.token)) return "mine";
  const isNamed = party.lives || party.token === undefined || record.token === undefined;
  if (isNamed && isByName(record, party)) return "mine";
  return isOfStack(record, party) ? "handed over" : "another's";
};

export const decide = (party: Party, thing: Case): Verdict =>
  thing.to === "take" ? take(party, thing) : letGo(party, thing);
