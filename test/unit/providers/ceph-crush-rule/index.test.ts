import { beforeEach, describe, expect, test } from "@jest/globals";
import { cephCrushRule } from "../../../../providers/ceph-crush-rule/index";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { newRule } from "../../../support/fake-crush";
import { ownerOf, runOf } from "../../../support/run-of";
import { failure } from "../../../support/failure";
import { runsOn } from "../../../support/cluster-runs";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
});

const run = runsOn(() => ceph, cephCrushRule, "fast");
const rule = (more: object = {}) => ({
  cluster: { fsid: ceph.fsid, admin: "mon1" },
  name: "fast",
  type: "replicated",
  ...more,
});
const there = (name = "fast") => ceph.rules.find(({ rule_name }) => rule_name === name);
const stepsOf = (name = "fast") =>
  there(name)?.steps.map(({ op, item_name, num, type }) =>
    [op, item_name, num, type].filter(Boolean).join(" "),
  );
const record = () => ceph.records.get("pulumi-ceph-openstack/crush-rule/fast");
/** Adds a rule that somebody else made. */
const byHand = (more: Parameters<typeof newRule>[2] = {}) =>
  void ceph.rules.push(newRule(ceph.rules, "fast", more));

describe("create", () => {
  test("makes a rule of root, failure domain and class, and records it first", async () => {
    const { id, outs } = await run().create(rule({ deviceClass: "ssd", failureDomain: "osd" }));
    expect(id).toBe(`${ceph.fsid}/crush-rule/fast`);
    expect(outs).toMatchObject({
      root: "default",
      failureDomain: "osd",
      deviceClass: "ssd",
      origin: "created",
    });
    expect(stepsOf()).toEqual(["take default~ssd", "choose_firstn osd", "emit"]);
    expect(ceph.writes().map((order) => order.do === "mon" && order.command.prefix)).toEqual([
      "config-key set",
      "osd crush rule create-replicated",
    ]);
  });

  test("without more it is of the root default, one copy a host, any class", async () => {
    const { outs } = await run().create(rule());
    expect(outs).toMatchObject({ root: "default", failureDomain: "host" });
    expect(outs).not.toHaveProperty("deviceClass");
    expect(stepsOf()).toEqual(["take default", "chooseleaf_firstn host", "emit"]);
  });

  test("makes an erasure-coded rule of a profile", async () => {
    ceph.profiles.set("ec", { k: "2", m: "1", plugin: "jerasure", "crush-failure-domain": "osd" });
    const { outs } = await run().create(rule({ type: "erasure", erasureCodeProfile: "ec" }));
    expect(outs).toMatchObject({
      type: "erasure",
      erasureCodeProfile: "ec",
      steps: "as these settings make them",
    });
    expect(there()?.type).toBe(3);
    expect(stepsOf()).toContain("choose_indep osd");
  });

  test("then nothing is left to do: diff is empty and a second update writes nothing", async () => {
    const made = await run().create(rule({ deviceClass: "ssd" }));
    expect((await run().diff(made, rule({ deviceClass: "ssd" }))).changes).toBe(false);
    const before = ceph.writes().length;
    await run().update(made, rule({ deviceClass: "ssd" }));
    expect(ceph.writes().length).toBe(before);
  });

  test.each([
    [
      { failureDomain: "hots" },
      /no kind of place "hots" in the cluster; there are osd, host[\s\S]*"host" meant/,
    ],
    [{ root: "defualt" }, /no root "defualt" in the cluster; there is default[\s\S]*"default" meant/],
    [{ deviceClass: "nvme" }, /no device class "nvme" in the cluster; there are hdd, ssd/],
    [
      { type: "erasure", erasureCodeProfile: "ec" },
      /no erasure-code profile "ec" in the cluster; there is default/,
    ],
  ])(
    "%j, which is nowhere, is refused with those that there are, before anything is written",
    async (wrong, said) => {
      expect(await failure(run().create(rule(wrong)))).toMatch(said);
      expect(ceph.writes()).toEqual([]);
    },
  );

  test("of a profile for a class that is nowhere is refused before Ceph would", async () => {
    ceph.profiles.set("ec", { k: "2", m: "1", plugin: "jerasure", "crush-device-class": "nvme" });
    expect(await failure(run().create(rule({ type: "erasure", erasureCodeProfile: "ec" })))).toContain(
      'no device class "nvme"',
    );
    expect(ceph.writes()).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5, 6].flatMap((at) => [[at, "before"] as const, [at, "after"] as const]))(
    "cut at order %d (%s it is done), the next run ends as an undisturbed one",
    async (at, when) => {
      await run().create(rule());
      const [wanted, orders] = [stepsOf(), ceph.orders.length];
      ceph = fakeCeph16_2_15();
      ceph.cut = { at: at + 1, when };
      const said = await failure(run().create(rule()));
      expect(said).toContain(at < orders ? "the connection was lost" : "no failure");
      ceph.cut = undefined;
      expect((await run().create(rule())).outs["origin"]).toBe("created");
      expect(stepsOf()).toEqual(wanted);
      expect(JSON.parse(record() ?? "{}")).toMatchObject({ origin: "created" });
    },
  );
});

describe("a rule that is there", () => {
  test("as desired is adopted, whatever its class where none is desired, and nothing is written", async () => {
    byHand({ deviceClass: "ssd" });
    expect((await run().create(rule())).outs["origin"]).toBe("adopted");
    expect(ceph.writes()).toEqual([]);
  });

  test("and other is a conflict that names each difference and the ways", async () => {
    byHand({ place: "rack" });
    const said = await failure(run().create(rule({ deviceClass: "ssd" })));
    expect(said).toMatch(/failureDomain: "rack" there, "host" desired; deviceClass: "" there, "ssd" desired/);
    expect(said).toContain("take another name");
    expect(ceph.writes()).toEqual([]);
  });

  test('with adopt "overwrite" is made anew where no pool uses it, and counts as adopted', async () => {
    byHand({ place: "rack" });
    expect((await run().create(rule({ adopt: "overwrite" }))).outs["origin"]).toBe("adopted");
    expect(stepsOf()).toEqual(["take default", "chooseleaf_firstn host", "emit"]);
  });

  test("of a person's own steps is a difference, and shown as such", async () => {
    byHand();
    const own = there();
    if (own !== undefined)
      own.steps = [
        ...own.steps.slice(0, 1),
        { op: "choose_firstn", num: 2, type: "rack" },
        ...own.steps.slice(1),
      ];
    expect(await failure(run().create(rule()))).toContain(
      'steps: "take default, choose_firstn 2 rack, chooseleaf_firstn 0 host, emit" there',
    );
  });

  test('is wanted by adopt "only": without one none is made, and those that there are are named', async () => {
    expect(await failure(run().create(rule({ adopt: "only" })))).toContain("there are replicated_rule, ssd");
    byHand({ place: "rack" });
    expect((await run().create(rule({ adopt: "only" }))).outs).not.toHaveProperty("failureDomain");
    expect(ceph.writes()).toEqual([]);
  });

  test("of another stack is refused by name, with the cure", async () => {
    await run("fast", "site/old").create(rule());
    expect(await failure(run().create(rule()))).toMatch(
      /belongs to fast .* of stack site\/old[\s\S]*takeOverFrom/,
    );
  });

  test("two resources of one program cannot own one rule", async () => {
    const program = runOf({ mon1: ceph.machine });
    await program.of(cephCrushRule, ownerOf("one")).check(rule());
    expect(await program.of(cephCrushRule, ownerOf("two")).problems(rule())).toHaveLength(1);
  });
});

test("what does not go together is refused in check", async () => {
  const problems = async (more: object) => (await run().problems(rule(more))).join("\n");
  expect(await problems({ type: "erasure", root: "default" })).toContain(
    'root: is for rules of type "replicated"',
  );
  expect(await problems({ erasureCodeProfile: "ec" })).toContain('is for rules of type "erasure"');
  expect(await problems({ root: "default~ssd" })).toContain("root: must be a name");
});
