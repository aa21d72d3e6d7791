/** A CRUSH rule goes where no pool uses it. */
import type { Ceph } from "./index.js";

type Rules = Pick<Ceph, "rule" | "pools" | "removeCrush">;

/** Names of the pools that use the rule. */
export const poolsOfRule = async (ceph: Rules, name: string): Promise<string[]> => {
  const [rule, pools] = await Promise.all([ceph.rule(name), ceph.pools()]);
  return pools.filter((pool) => pool.rule === rule?.id).map((pool) => pool.name);
};

/** Takes the rule away; success where there is none. Yields why one stays that is in use. */
export const removeUnusedRule = async (ceph: Rules, name: string): Promise<string | undefined> => {
  const users = await poolsOfRule(ceph, name);
  if (users.length > 0) return `pools use it: ${users.join(", ")}`;
  return ceph.removeCrush({ prefix: "osd crush rule rm", name });
};
