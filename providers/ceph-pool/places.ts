/** Copies that have no place: Ceph makes such a pool, and its placement groups stay undersized. */
import type { Ceph } from "../clients/ceph/index.js";
import type { PoolDetail } from "../clients/ceph/pool-detail.js";
import { Failure, unlessFailed } from "../remote/failure.js";
import type { Pool } from "./life.js";
import type { PoolSettings } from "./settings.js";

/** A sentence where a size that was just given is above the number of places that the rule tells apart; undefined where it is not. */
export const tooFewPlaces = async (
  ceph: Ceph,
  { size, type = "replicated" }: Pick<Pool, "size" | "type">,
  { pool, changed }: { readonly pool: PoolDetail; readonly changed: readonly string[] },
): Promise<string | undefined> => {
  const isAsked = changed.includes("size") || changed.includes("crushRule");
  if (size === undefined || type !== "replicated" || !isAsked) return undefined;
  const there = await unlessFailed(ceph.failureDomains(pool.rule));
  if (there === undefined || size <= there.count) return undefined;
  const { rule, type: place, count } = there;
  return `size ${size} wants as many different places of type ${place} (rule ${rule}), and there ${count === 1 ? "is" : "are"} ${count}: its placement groups stay undersized until there are more`;
};

/** What Ceph makes of a size that is given alone, unless its own default is smaller. */
const halfOf = (size: number): number => size - Math.floor(size / 2);

/** Places of the rule that the program names, which may be on its way to the pool, or of the pool's own. */
const placesOf = async (ceph: Ceph, named: string | undefined, pool: PoolDetail) => {
  const rules = named === undefined ? [] : [...(await ceph.rules())];
  const rule = rules.find(([, name]) => name === named)?.[0] ?? pool.rule;
  return ceph.failureDomains(rule);
};

/** Where fewer copies have a place than must be there, the pool serves nobody: whoever writes to it waits for ever. @throws Failure `refused` */
export const refuseUnserved = async (
  ceph: Ceph,
  { size, minSize, crushRule }: PoolSettings,
  { pool, changed }: { readonly pool: PoolDetail; readonly changed: readonly string[] },
): Promise<void> => {
  if (pool.type !== "replicated") return;
  const ownOf = (): number =>
    size !== undefined && changed.includes("size") ? Math.min(pool.minSize, halfOf(size)) : pool.minSize;
  const least = minSize ?? ownOf();
  const there = least === 1 ? undefined : await unlessFailed(placesOf(ceph, crushRule, pool));
  if (there === undefined || least <= there.count) return;
  const { rule, type: place, count } = there;
  throw new Failure({
    code: "refused",
    what: `pool ${pool.name} serves nobody: it wants ${least} copies at least (min_size) in as many different places of type ${place} (rule ${rule}), and there ${count === 1 ? "is" : "are"} ${count}`,
    cure: `Name a rule that tells copies apart by a smaller kind of place (\`crushRule\`; a CephCrushRule with failureDomain: "osd"), or give a smaller \`minSize\`; then run again.`,
  });
};
