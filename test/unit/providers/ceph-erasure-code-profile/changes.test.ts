import { beforeEach, describe, expect, test } from "@jest/globals";
import { addPool } from "../../../support/fake-ceph-pools";
import { full, profileSite } from "../../../support/profile-site";
import { failure } from "../../../support/failure";

let { ceph, run, ec, there, record } = profileSite();
beforeEach(() => {
  ({ ceph, run, ec, there, record } = profileSite());
});

describe("a change", () => {
  test.each([
    ["k", 3, "k: must stay 2"],
    ["m", 2, "m: must stay 1"],
    ["plugin", "isa", 'plugin: must stay "jerasure"'],
    ["crushFailureDomain", "rack", 'crushFailureDomain: must stay "osd"'],
    ["crushDeviceClass", "hdd", 'crushDeviceClass: must stay "ssd"'],
    ["options", { technique: "liberation" }, 'options.technique "liberation" must stay "cauchy_good"'],
  ])("of %s is refused in check, and says that another name is the way", async (key, value, said) => {
    const made = await run().create(ec(full));
    const [problem] = await run().problems(ec({ ...full, [key]: value }), made.outs);
    expect(problem).toContain(said);
    expect(problem).toContain("another name makes a new one");
    expect(await run().problems(ec({ ...full, [key]: value, name: "ec21b" }), made.outs)).toEqual([]);
  });

  test("of the name replaces: the new profile is made, then the old one removed", async () => {
    const made = await run().create(ec());
    expect((await run().diff(made, ec({ name: "ec31", k: 3 }))).replaces).toEqual(["name"]);
    const next = run();
    await next.create(ec({ name: "ec31", k: 3 }));
    await next.remove(made);
    expect([...ceph.profiles.keys()].sort()).toEqual(["default", "ec31"]);
    expect([...ceph.records.keys()]).toEqual(["pulumi-ceph-openstack/erasure-code-profile/ec31"]);
  });

  test("a field that is given later is compared, and never set", async () => {
    const made = await run().create(ec());
    await run().update(made, ec({ plugin: "jerasure" }));
    const said = await failure(run().update(made, ec({ plugin: "isa" })));
    expect(said).toMatch(/is there with other values: plugin: "jerasure" there, "isa" desired/);
    expect(there()?.["plugin"]).toBe("jerasure");
  });

  test("the same value in other words is none", async () => {
    const made = await run().create(ec(full));
    const desired = ec({ ...full, options: { technique: "cauchy_good", stripe_unit: 4096 } });
    expect(await run().problems(desired, made.outs)).toEqual([]);
    const { outs } = await run().update(made, desired);
    expect(outs["options"]).toEqual({ technique: "cauchy_good", stripe_unit: "4096" });
  });

  test("by hand with --force is seen by a refresh, and the next preview says so and how to go on", async () => {
    const made = await run().create(ec());
    ceph.profiles.set("ec21", { ...there(), k: "3" });
    const found = await run().refresh(made);
    expect(found?.outs["k"]).toBe(3);
    const [said] = await run().problems(ec(), found?.outs);
    expect(said).toContain("the cluster has 3 now: somebody has changed the profile by --force");
    expect(await run().problems(ec({ k: 3 }), found?.outs)).toEqual([]);
  });

  test("one that is gone is made again", async () => {
    const made = await run().create(ec());
    ceph.profiles.delete("ec21");
    expect(await run().refresh(made)).toBeUndefined();
    await run().create(ec());
    expect(there()).toMatchObject({ k: "2", m: "1" });
  });
});

describe("what is no profile is refused in check", () => {
  test.each([
    [{ k: 1 }, "k: must be a whole number from 2 to 254"],
    [{ m: 0 }, "m: must be a whole number from 1 to 253"],
    [{ k: 200, m: 100 }, "m: must be at most 55"],
    [{ options: { k: 3 } }, "has a field of its own: k"],
    [{ options: { "crush-failure-domain": "osd" } }, "has a field of its own: crushFailureDomain"],
    [{ options: { "ruleset-root": "default" } }, "before Luminous"],
    [{ name: "a b" }, "name: must be a name"],
    [{ adopt: "overwrite" }, 'adopt: must be one of "if-identical", "never", "only"'],
  ])("%j", async (wrong, said) => {
    expect((await run().problems(ec(wrong))).join("\n")).toContain(said);
  });
});

describe("delete", () => {
  test("removes what was made, and its record; a second one finds nothing to do", async () => {
    const made = await run().create(ec());
    await run().remove(made);
    expect([there(), record()]).toEqual([undefined, undefined]);
    const again = run();
    await again.remove(made);
    expect(again.said).toEqual([]);
  });

  test("leaves one that a pool is laid out by, says so, and knows it again as its own", async () => {
    const made = await run().create(ec());
    const pool = addPool(ceph, "data", { type: 3, profile: "ec21" });
    const leaving = run();
    await leaving.remove(made);
    expect(leaving.said.join("\n")).toContain(
      "erasure-code profile ec21 stays: pools are laid out by it: data",
    );
    expect(there()).toBeDefined();
    ceph.pools.delete(pool.id);
    const again = await run().create(ec());
    expect(again.outs["origin"]).toBe("created");
    await run().remove(again);
    expect([there(), record()]).toEqual([undefined, undefined]);
  });

  test('leaves an adopted one and its values, and removes it with onDelete "remove"', async () => {
    ceph.profiles.set("ec21", { k: "2", m: "1", plugin: "jerasure" });
    await run().remove(await run().create(ec()));
    expect(there()).toBeDefined();
    await run().remove(await run().create(ec({ onDelete: "remove" })));
    expect([there(), record()]).toEqual([undefined, undefined]);
  });

  test("never removes the profile default, whatever onDelete says", async () => {
    const made = await run().create(ec({ name: "default", m: 2, onDelete: "remove" }));
    const leaving = run();
    await leaving.remove(made);
    expect(there("default")).toBeDefined();
    expect(leaving.said.join("\n")).toContain("it is Ceph's own");
  });
});
