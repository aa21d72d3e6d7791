/** Copies that have no place: Ceph makes such a pool, and its placement groups stay undersized. */
import type { Ceph } from "../clients/ceph/index.js";
import type { PoolDetail } from "../clients/ceph/pool-detail.js";
import { isFailure } from "../remote/failure.js";
import type { Pool } from "./life.js";

/** What is asked for a sentence alone: where it cannot be asked, there is none, and the pool stands all the same. */
const asked = async <T>(doing: Promise<T>): Promise<T | undefined> => {
  try {
    return await doing;
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
};

/** A sentence where a size that was just given is above the number of places that the rule tells apart; undefined where it is not. */
export const tooFewPlaces = async (
  ceph: Ceph,
  { size, type = "replicated" }: Pick<Pool, "size" | "type">,
  { pool, changed }: { readonly pool: PoolDetail; readonly changed: readonly string[] },
): Promise<string | undefined> => {
  const isAsked = changed.includes("size") || changed.includes("crushRule");
  if (size === undefined || type !== "replicated" || !isAsked) return undefined;
  const there = await asked(ceph.failureDomains(pool.rule));
  if (there === undefined || size <= there.count) return undefined;
  const { rule, type: place, count } = there;
  return `size ${size} wants as many different places of type ${place} (rule ${rule}), and there ${count === 1 ? "is" : "are"} ${count}: its placement groups stay undersized until there are more`;
};
