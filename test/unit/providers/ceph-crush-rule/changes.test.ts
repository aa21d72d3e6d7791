import { beforeEach, describe, expect, test } from "@jest/globals";
import { cephCrushRule } from "../../../../providers/ceph-crush-rule/index";
import { cephPool } from "../../../../providers/ceph-pool/index";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { newRule } from "../../../support/fake-crush";
import { addPool, poolNamed } from "../../../support/fake-ceph-pools";
import { runOf } from "../../../support/run-of";
import { failure } from "../../../support/failure";
import { runsOn } from "../../../support/cluster-runs";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
});

const run = runsOn(() => ceph, cephCrushRule, "fast");
const cluster = () => ({ fsid: ceph.fsid, admin: "mon1" });
const rule = (more: object = {}) => ({ cluster: cluster(), name: "fast", type: "replicated", ...more });
const there = (name = "fast") => ceph.rules.find(({ rule_name }) => rule_name === name);
const takeOf = (name = "fast") => there(name)?.steps.find(({ op }) => op === "take")?.item_name;
/** A pool that uses the rule. */
const using = () => addPool(ceph, "vms", { rule: there()?.rule_id ?? -1 });

describe("a change", () => {
  test("of a rule that no pool uses makes it anew", async () => {
    const made = await run().create(rule());
    const { outs } = await run().update(made, rule({ deviceClass: "ssd" }));
    expect(outs).toMatchObject({ deviceClass: "ssd", origin: "created" });
    expect(takeOf()).toBe("default~ssd");
  });

  test("of a rule in use is refused, names the pools and says the way; nothing is written", async () => {
    const made = await run().create(rule());
    using();
    const before = ceph.writes().length;
    const said = await failure(run().update(made, rule({ deviceClass: "ssd" })));
    expect(said).toMatch(/in use by vms and cannot be changed so: deviceClass: "" there, "ssd" desired/);
    expect(said).toContain("Give it another name");
    expect(ceph.writes().length).toBe(before);
  });

  test("under another name goes that way: the new rule, then the pools, then the old one goes", async () => {
    const made = await run().create(rule());
    const pool = { cluster: cluster(), name: "vms" };
    const vms = await runOf({ mon1: ceph.machine })
      .of(cephPool)
      .create({ ...pool, crushRule: "fast" });
    const desired = rule({ name: "faster", deviceClass: "ssd" });
    expect((await run().diff(made, desired)).replaces).toEqual(["name"]);
    const { program, create, remove, said } = run();
    await create(desired);
    await program.of(cephPool).update(vms, { ...pool, crushRule: "faster" });
    await remove(made);
    expect(said).toEqual([]);
    expect(there()).toBeUndefined();
    expect(poolNamed(ceph, "vms")?.rule).toBe(there("faster")?.rule_id);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8].flatMap((at) => [[at, "before"] as const, [at, "after"] as const]))(
    "cut at order %d (%s it is done), the next run completes it, and an adopted rule stays one",
    async (at, when) => {
      ceph.rules.push(newRule(ceph.rules, "fast"));
      const made = await run().create(rule());
      ceph.cut = { at: at + 1, when };
      await failure(run().update(made, rule({ deviceClass: "ssd" })));
      ceph.cut = undefined;
      const { outs } = await run().update(made, rule({ deviceClass: "ssd" }));
      expect([takeOf(), outs["origin"]]).toEqual(["default~ssd", "adopted"]);
    },
  );

  test("by hand is seen by a refresh, in the words of its steps, and repaired while no pool uses it", async () => {
    const made = await run().create(rule());
    const found = there();
    if (found !== undefined) found.steps = newRule([], "x", { place: "rack", deviceClass: "hdd" }).steps;
    const refreshed = await run().refresh(made);
    expect(refreshed?.outs).toMatchObject({ failureDomain: "rack", steps: "as these settings make them" });
    if (refreshed === undefined) throw new Error("gone");
    expect((await run().diff(refreshed, rule())).changes).toBeUndefined();
    await run().update(refreshed, rule());
    expect(there()?.steps).toEqual(newRule([], "x").steps);
  });

  test("of the profile shows at an erasure-coded rule as other steps; of one that is gone nothing is said", async () => {
    ceph.profiles.set("ec", { k: "2", m: "1", plugin: "jerasure", "crush-failure-domain": "osd" });
    const made = await run().create(rule({ type: "erasure", erasureCodeProfile: "ec" }));
    ceph.profiles.set("ec", { k: "2", m: "1", plugin: "jerasure", "crush-failure-domain": "rack" });
    expect((await run().refresh(made))?.outs["steps"]).toBe("take default, choose_indep 0 osd, emit");
    ceph.profiles.delete("ec");
    expect((await run().refresh(made))?.outs).toEqual(made.outs);
  });

  test("of the profile shows too where it has what Squid writes into every profile", async () => {
    const zeros = { "crush-num-failure-domains": "0", "crush-osds-per-failure-domain": "0" };
    ceph.profiles.set("ec", { k: "2", m: "1", plugin: "isa", "crush-failure-domain": "osd", ...zeros });
    const made = await run().create(rule({ type: "erasure", erasureCodeProfile: "ec" }));
    expect((await run().refresh(made))?.outs).toEqual(made.outs);
    ceph.profiles.set("ec", { k: "2", m: "1", plugin: "isa", "crush-failure-domain": "rack", ...zeros });
    expect((await run().refresh(made))?.outs["steps"]).toBe("take default, choose_indep 0 osd, emit");
  });

  test("one that is gone is made again", async () => {
    const made = await run().create(rule());
    ceph.rules.splice(
      ceph.rules.findIndex(({ rule_name }) => rule_name === "fast"),
      1,
    );
    expect(await run().refresh(made)).toBeUndefined();
    await run().create(rule());
    expect(there()).toBeDefined();
  });
});

test("a rule that must be there may be of any steps where the program says nothing of them, and not where it does", async () => {
  const steps = [
    { op: "take", item: -1, item_name: "default" },
    { op: "choose_firstn", num: 0, type: "datacenter" },
    { op: "chooseleaf_firstn", num: 2, type: "host" },
    { op: "emit" },
  ];
  ceph.rules.push({ ...newRule([], "fast"), steps });
  const made = await run().create(rule({ adopt: "only" }));
  expect((await run().refresh(made))?.outs).toEqual(made.outs);
  expect(await failure(run("other").create(rule({ adopt: "only", failureDomain: "host" })))).toMatch(
    /failureDomain[^]*chooseleaf_firstn 2 host/,
  );
});

describe("delete", () => {
  test("removes what was made, and its record; a second one finds nothing to do", async () => {
    const made = await run().create(rule());
    await run().remove(made);
    expect([there(), ceph.records.size]).toEqual([undefined, 0]);
    const again = run();
    await again.remove(made);
    expect(again.said).toEqual([]);
  });

  test("leaves one that a pool uses, says so, and knows it again as its own", async () => {
    const made = await run().create(rule());
    const pool = using();
    const leaving = run();
    await leaving.remove(made);
    expect(leaving.said.join("\n")).toContain("CRUSH rule fast stays: pools use it: vms");
    ceph.pools.delete(pool.id);
    const again = await run().create(rule());
    expect(again.outs["origin"]).toBe("created");
    await run().remove(again);
    expect([there(), ceph.records.size]).toEqual([undefined, 0]);
  });

  test('leaves an adopted one, and removes it with onDelete "remove"', async () => {
    ceph.rules.push(newRule(ceph.rules, "fast"));
    await run().remove(await run().create(rule()));
    expect(there()).toBeDefined();
    await run().remove(await run().create(rule({ onDelete: "remove" })));
    expect([there(), ceph.records.size]).toEqual([undefined, 0]);
  });
});
