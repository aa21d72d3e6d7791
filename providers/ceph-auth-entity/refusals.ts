/** What is not done to an entity, and why. */
import type { Ceph } from "../clients/ceph/index.js";
import { actingEntity } from "../clients/ceph/way.js";
import { poolsNamed } from "../formats/caps/index.js";
import type { Cluster } from "../kernel/common.js";
import { isUnknown } from "../kernel/json.js";
import type { Report } from "../kernel/shape.js";
import type { KeyHolders } from "../ownership/key-holders.js";
import { Failure } from "../remote/failure.js";
import { capsPairs, type EntityCaps } from "./caps.js";

/** Other caps, another key or none: the run that makes it so, and every later one, would be shut out of the cluster. */
export const checkActing = (
  { cluster, entity }: { readonly cluster: Cluster; readonly entity: string },
  report: Report,
): void => {
  if (isUnknown(cluster) || entity !== actingEntity(cluster)) return;
  report(
    ["entity"],
    entity,
    "gives the orders here (cluster.entity), and would shut itself out: name another",
  );
};

/** Ceph takes caps on a pool that does not exist, and the client then fails far away. @throws Failure `refused` */
export const refuseMissingPools = async ({
  ceph,
  caps,
}: {
  readonly ceph: Pick<Ceph, "pools">;
  readonly caps: EntityCaps;
}): Promise<void> => {
  const named = capsPairs(caps).flatMap(([service, text]) => poolsNamed(service, text));
  if (named.length === 0) return;
  const there = new Set((await ceph.pools()).map(({ name }) => name));
  const missing = [...new Set(named)].filter((pool) => pool !== "*" && !there.has(pool)).sort();
  if (missing.length === 0) return;
  throw new Failure({
    code: "refused",
    what: `caps name ${missing.map((pool) => JSON.stringify(pool)).join(", ")}, and there is no such pool in the cluster`,
    cure: "Where the program makes the pool, write `pool.name` in the caps, so that the pool is made first: pulumi.interpolate`profile rbd pool=${pool.name}`.",
  });
};

/** @throws Failure `refused` where the key is of a later generation than the one desired */
export const refuseLower = (
  { entity, generation }: { readonly entity: string; readonly generation: number },
  found: unknown,
): void => {
  if (typeof found !== "number" || found <= generation) return;
  throw new Failure({
    code: "refused",
    what: `the key of ${entity} is of generation ${found}; ${generation} is a lower one`,
    cure: `A key does not come back. Set keyGeneration to ${found}, or to one more for a fresh key.`,
  });
};

/** Another key is nothing that comes about by the way: a refresh shows it, at every keyring and secret too. */
export const isGone = ({ entity }: { readonly entity: string }): Failure =>
  new Failure({
    code: "refused",
    what: `${entity} is gone from the cluster`,
    cure: "`pulumi up --refresh` makes it again, with a new key, and shows every keyring and secret that follows.",
  });

/**
 * Why an entity is not taken away that is to go: without it who has its key loses what he has open as soon as he logs in anew.
 * @throws Failure `conflict` where that lives in this run: the next one tries again
 */
export const whyNeeded = async ({
  entity,
  holders,
}: {
  readonly entity: string;
  readonly holders: Pick<KeyHolders, "inNeed">;
}): Promise<string | undefined> => {
  const { living, others } = await holders.inNeed();
  if (living.length > 0)
    throw new Failure({
      code: "conflict",
      what: `${entity} is not taken away: ${living.join(", ")}, of this program, ${living.length > 1 ? "hold" : "holds"} its key`,
      cure: 'Give them another entity, or take them out of the program too, and run again; onDelete: "keep" leaves the entity.',
    });
  return others.length > 0 ? `its key is held by ${others.join("; by ")}` : undefined;
};
