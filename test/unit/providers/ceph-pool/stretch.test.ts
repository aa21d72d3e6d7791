/** Pools of a cluster in stretch mode, as Ceph 16.2.15 lists them whole and while a datacenter is missing. */
import { describe, expect, test } from "@jest/globals";
import { foundSettings, settingOrders, type PoolSettings } from "../../../../providers/ceph-pool/settings";
import { leftToCeph, refuseOtherSize } from "../../../../providers/ceph-pool/stretch";
import { parseDetails } from "../../../../providers/clients/ceph/pool-detail";

const stretched = (count: number, size: number, min_size: number) => {
  const peering = { peering_crush_bucket_count: count, peering_crush_bucket_barrier: 8 };
  const all = [{ pool_id: 3, pool_name: "vms", type: 1, size, min_size, pg_num: 32, ...peering }];
  const [pool] = parseDetails(JSON.stringify(all));
  if (pool === undefined) throw new Error("no pool");
  return pool;
};
const WHOLE = stretched(2, 4, 2);
const DEGRADED = stretched(1, 4, 1);
/** Ceph makes a pool so meanwhile. */
const BORN_DEGRADED = stretched(1, 2, 1);

const AROUND = { rules: new Map(), asked: new Map(), pools: new Map() };
const found = (desired: PoolSettings, pool: typeof WHOLE) => foundSettings(desired, pool, AROUND);
const orders = (desired: PoolSettings, changed: string[], pool: typeof WHOLE) =>
  settingOrders(desired, changed, pool).map((group) =>
    group.map((order) => `${String(order["var"])}=${String(order["val"])}`),
  );

describe("a min_size", () => {
  const DESIRED = { size: 4, minSize: 2 };

  test("that Ceph has halved because a datacenter is missing is no difference; one of a hand is", () => {
    expect(found(DESIRED, DEGRADED)).toEqual(DESIRED);
    expect(found(DESIRED, stretched(2, 4, 1))).toEqual({ size: 4, minSize: 1 });
    expect(found({ size: 4 }, DEGRADED)).toEqual({ size: 4 });
  });

  test("is put back as Ceph has it where a size is set meanwhile, which would raise it", () => {
    expect(orders(DESIRED, ["size"], BORN_DEGRADED)).toEqual([["size=4"], ["min_size=1"]]);
    expect(orders({ size: 4 }, ["size"], BORN_DEGRADED)).toEqual([["size=4"], ["min_size=1"]]);
    expect(orders(DESIRED, ["size"], stretched(2, 3, 1))).toEqual([["size=4"], ["min_size=2"]]);
  });

  test("that is left to Ceph is said, and only then", () => {
    expect(leftToCeph(DESIRED, DEGRADED)).toMatch(/datacenter[^]*missing: min_size stays 1[^]*makes it 2/);
    expect(leftToCeph({ size: 4 }, DEGRADED)).toBeUndefined();
    expect(leftToCeph(DESIRED, WHOLE)).toBeUndefined();
  });
});

describe("a size", () => {
  const refusal = (
    desired: PoolSettings,
    changed: string[],
    { one, pool = WHOLE }: { one?: number; pool?: typeof WHOLE },
  ) =>
    refuseOtherSize({ stretchSize: () => Promise.resolve(one) }, desired, { pool, changed }).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  test("that the cluster would not make is refused with the one that it makes", async () => {
    expect(await refusal({ size: 3 }, ["size"], { one: 4 })).toMatch(
      /size 4[^]*says 3, and vms has 4[^]*size: 4/,
    );
  });

  test.each<[string, PoolSettings, string[], { one?: number; pool?: typeof WHOLE }]>([
    ["is the cluster's", { size: 4 }, ["size"], { one: 4 }],
    ["is there as it is", { size: 3 }, ["crushRule"], { one: 4 }],
    ["is of a pool that is stretched alone, in no such mode", { size: 3 }, ["size"], {}],
    ["is of a pool that is not stretched", { size: 3 }, ["size"], { one: 4, pool: { ...WHOLE, other: {} } }],
  ])("that %s is not refused", async (_what, desired, changed, where) => {
    expect(await refusal(desired, changed, where)).toBeUndefined();
  });
});
