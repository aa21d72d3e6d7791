/** The CRUSH rule that Ceph makes by the way with an erasure-coded pool. */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { cephCrushRule } from "../../../../providers/ceph-crush-rule/index";
import { failure } from "../../../support/failure";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { newRule } from "../../../support/fake-crush";
import { poolRuns } from "../../../support/cluster-runs";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
  ceph.profiles.set("ec21", { k: "2", m: "1", plugin: "jerasure" });
});

const { run, vms, there, record } = poolRuns(() => ceph);
const BEFORE = ["replicated_rule", "ssd"];
const rules = () => ceph.rules.map(({ rule_name }) => rule_name);
const ec = (more: object = {}) =>
  vms({ type: "erasure", erasureCodeProfile: "ec21", onDelete: "remove", ...more });
const ofDefault = (name: string) => ec({ name, erasureCodeProfile: "default" });

test("goes with the pool, and is recorded as long as the pool is there", async () => {
  const made = await run().create(ec());
  expect(rules()).toEqual([...BEFORE, "vms"]);
  expect(record()).toContain('"rule":"vms"');
  const { remove, said } = run();
  await remove(made);
  expect([rules(), said, record()]).toEqual([BEFORE, [], undefined]);
});

test("goes with the pool after that was renamed, changed and given another rule", async () => {
  const made = await run().create(ec());
  ceph.rules.push(newRule(ceph.rules, "other", { type: 3 }));
  const desired = ec({ name: "guests", renamedFrom: "vms", crushRule: "other" });
  await run().remove({ ...made, ...(await run().update(made, desired)) });
  expect(rules()).toEqual([...BEFORE, "other"]);
});

describe("stays", () => {
  test("where it was there before the pool", async () => {
    ceph.rules.push(newRule(ceph.rules, "vms", { type: 3 }));
    const made = await run().create(ec());
    await run().remove(made);
    expect(rules()).toEqual([...BEFORE, "vms"]);
  });

  test("where another pool uses it, and that is said", async () => {
    const made = await run().create(ec());
    addPool(ceph, "theirs", { rule: 2 });
    const { remove, said } = run();
    await remove(made);
    expect(there()).toBeUndefined();
    expect(rules()).toEqual([...BEFORE, "vms"]);
    expect(said.join()).toContain("pool vms is deleted; its CRUSH rule vms stays: pools use it: theirs");
  });

  test("where a CephCrushRule of the program has taken it over", async () => {
    const made = await run().create(ec());
    const { program, remove, said } = run();
    await program
      .of(cephCrushRule)
      .create({ cluster: vms().cluster, name: "vms", type: "erasure", erasureCodeProfile: "ec21" });
    await remove(made);
    expect(rules()).toEqual([...BEFORE, "vms"]);
    expect(said.join()).toMatch(/its CRUSH rule vms stays: .* is to have it/);
  });

  test("with a pool that is kept", async () => {
    const made = await run().create(ec({ onDelete: "keep" }));
    await run().remove(made);
    expect(rules()).toEqual([...BEFORE, "vms"]);
  });

  test("where the pool was adopted with it, also one that is removed", async () => {
    const rule = newRule(ceph.rules, "vms", { type: 3 });
    ceph.rules.push(rule);
    addPool(ceph, "vms", {
      type: 3,
      rule: rule.rule_id,
      profile: "ec21",
      applications: new Set(["rbd"]),
    });
    await run().remove(await run().create(ec()));
    expect(there()).toBeUndefined();
    expect(rules()).toEqual([...BEFORE, "vms"]);
  });
});

test("of the default profile goes with the last pool that it was made for, whichever that is", async () => {
  const first = await run().create(ofDefault("vms"));
  const second = await run("guests").create(ofDefault("guests"));
  const { remove, said } = run();
  await remove(first);
  expect(said.join()).toContain("its CRUSH rule erasure-code stays: pools use it: guests");
  expect(rules()).toEqual([...BEFORE, "erasure-code"]);
  await run("guests").remove(second);
  expect(rules()).toEqual(BEFORE);
});

test("of a pool that Ceph then refuses does not stay behind", async () => {
  expect(await failure(run().create(ec({ pgNum: { initial: 60_000 } })))).toContain("total pgs");
  expect([rules(), record()]).toEqual([BEFORE, undefined]);
});

describe("a cut", () => {
  const orders = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const places = orders.flatMap((at) => [[at, "before"] as const, [at, "after"] as const]);

  test.each(places)(
    "of a delete at order %d (%s it is done) is completed by the next one",
    async (at, when) => {
      const made = await run().create(ec());
      ceph.cut = { at, when };
      await run()
        .remove(made)
        .catch(() => undefined);
      ceph.cut = undefined;
      await run().remove(made);
      expect([rules(), there(), record()]).toEqual([BEFORE, undefined, undefined]);
    },
  );

  test.each(places)(
    "of a create at order %d (%s it is done) is completed by the next one, and the rule goes at the end",
    async (at, when) => {
      ceph.cut = { at, when };
      await run()
        .create(ec())
        .catch(() => undefined);
      ceph.cut = undefined;
      await run().remove(await run().create(ec()));
      expect([rules(), there(), record()]).toEqual([BEFORE, undefined, undefined]);
    },
  );

  test("of a delete after the pool has gone, and a create in place of the next delete: the rule is ours still", async () => {
    const made = await run().create(ec());
    const at = 1 + ordersUntil("delete", await ordersOf(() => run().remove(made)));
    const again = await run().create(ec());
    ceph.cut = { at, when: "before" };
    await failure(run().remove(again));
    ceph.cut = undefined;
    expect([rules(), there()]).toEqual([[...BEFORE, "vms"], undefined]);
    await run().remove(await run().create(ec()));
    expect(rules()).toEqual(BEFORE);
  });
});

const ordersOf = async (act: () => Promise<unknown>) => {
  const before = ceph.orders.length;
  await act();
  return ceph.orders.slice(before);
};
const ordersUntil = (what: string, orders: FakeCeph["orders"]) =>
  orders.findIndex((order) => order.do === what) + 1;
