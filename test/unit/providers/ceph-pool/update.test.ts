import { beforeEach, describe, expect, test } from "@jest/globals";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { failure } from "../../../support/failure";
import { poolRuns } from "../../../support/cluster-runs";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
});

const { run, vms, there } = poolRuns(() => ceph);

describe("placement groups", () => {
  test("a bare number counts at creation only: an autoscaler's work is never a diff", async () => {
    const made = await run().create(vms({ pgNum: 32 }));
    const pool = there();
    if (pool !== undefined) pool.pgNum = 128;
    const read = await run().refresh(made);
    expect(read?.outs["pgNum"]).toEqual({ initial: 32 });
    expect((await run().diff(made, vms({ pgNum: 32 }))).changes).toBe(false);
  });

  test("a changed initial says that it does nothing, and does nothing", async () => {
    const made = await run().create(vms({ pgNum: { initial: 32 } }));
    const later = run();
    const before = ceph.writes().length;
    await later.update(made, vms({ pgNum: { initial: 64 } }));
    expect(later.said.join()).toMatch(/initial counts at creation only: 64 does nothing/);
    expect(ceph.writes().length).toBe(before);
  });

  test("an exact number is kept: another one is drift, and repaired", async () => {
    const desired = vms({ pgNum: 16, pgAutoscaleMode: "off" });
    const made = await run().create(desired);
    const pool = there();
    if (pool !== undefined) pool.pgNum = 64;
    const read = await run().refresh(made);
    expect(read?.outs["pgNum"]).toEqual({ exact: 64 });
    await run().update(read ?? made, desired);
    expect(there()?.pgNum).toBe(16);
  });
});

test("a size above the number of hosts is said, once, and a smaller one is not", async () => {
  const first = run();
  const made = await first.create(vms({ size: 5 }));
  expect(first.said.join()).toContain(
    "size 5 wants as many different places of type host (rule replicated_rule), and there are 4: its placement groups stay undersized",
  );
  const later = run();
  const smaller = await later.update(made, vms({ size: 4 }));
  await later.update(smaller, vms({ size: 4, targetSizeRatio: 0.5 }));
  expect(later.said.join()).not.toContain("undersized");
});

test("a pool that could serve nobody is told so, and RBD's own initialisation, which would wait for ever, is not begun", async () => {
  await expect(run().create(vms({ size: 6, minSize: 5, rbdInit: true }))).rejects.toThrow(
    /pool vms serves nobody: it wants 5 copies at least \(min_size\) .* of type host \(rule replicated_rule\), and there are 4/,
  );
  expect(ceph.writes().some((order) => order.do === "init")).toBe(false);
  const smaller = await run().create(vms({ size: 6, minSize: 4, rbdInit: true }));
  expect(smaller.outs["rbdInit"]).toBe(true);
});

test("such a pool is well at once with a rule that has more places", async () => {
  const copies = { size: 3, rbdInit: true };
  await expect(run().create(vms({ ...copies, minSize: 3, crushRule: "ssd" }))).rejects.toThrow(
    /serves nobody: .*\(rule ssd\), and there are 2/,
  );
  const made = await run().create(vms({ ...copies, minSize: 3, crushRule: "replicated_rule" }));
  expect(made.outs).toMatchObject({ crushRule: "replicated_rule", rbdInit: true });
});

test("what a pool has for its min_size counts, where the program says none: Ceph's own default may be smaller", async () => {
  addPool(ceph, "vms", { size: 10, minSize: 1 });
  const made = await run().create(vms({ size: 10, rbdInit: true, adopt: "overwrite" }));
  expect(made.outs["rbdInit"]).toBe(true);
});

describe("update", () => {
  test("sets size before min_size, and min_size again because Ceph sets its own with the size", async () => {
    const made = await run().create(vms({ size: 2, minSize: 1 }));
    const before = ceph.writes().length;
    await run().update(made, vms({ size: 3, minSize: 1 }));
    const set = ceph
      .writes()
      .slice(before)
      .flatMap((order) =>
        order.do === "mon" && order.command.prefix === "osd pool set" ? [order.command["var"]] : [],
      );
    expect(set).toEqual(["size", "min_size"]);
    expect(there()).toMatchObject({ size: 3, minSize: 1 });
  });

  test("a pool renamed by hand is drift of its name, and gets its name back", async () => {
    const made = await run().create(vms());
    const pool = there();
    if (pool !== undefined) pool.name = "vms-old";
    const read = await run().refresh(made);
    expect(read?.outs["name"]).toBe("vms-old");
    await run().update(read ?? made, vms());
    expect([...ceph.pools.values()].map(({ name }) => name)).toEqual(["vms"]);
  });

  test("renamedFrom renames in place and moves the record; left in the program it does nothing more", async () => {
    const made = await run().create(vms());
    const desired = vms({ name: "guests", renamedFrom: "vms" });
    const renamed = await run().update(made, desired);
    expect(there("guests")?.id).toBe(1);
    expect([...ceph.records.keys()]).toEqual(["pulumi-ceph-openstack/pool/guests"]);
    expect((await run().diff(renamed, desired)).changes).toBe(false);
  });

  test("renamedFrom in a create acts on a pool that is ours and passes over a foreign one", async () => {
    await run().create(vms());
    expect((await run("guests").create(vms({ name: "guests", renamedFrom: "vms" }))).outs["poolId"]).toBe(1);
    addPool(ceph, "foreign");
    expect((await run("mine").create(vms({ name: "mine", renamedFrom: "foreign" }))).outs["poolId"]).toBe(3);
  });

  test.each([
    ["size", (pool: { size: number }) => (pool.size = 1), 3],
    [
      "quota",
      (pool: { quota: { max_bytes: number } }) => (pool.quota.max_bytes = 7),
      { maxBytes: 1_048_576 },
    ],
    ["rbdInit", (pool: { objects: Set<string> }) => pool.objects.delete("rbd_info"), true],
    ["application", (pool: { applications: Set<string> }) => pool.applications.delete("rbd"), ["rbd"]],
    ["options", (pool: { flags: Set<string> }) => pool.flags.delete("nodelete"), { nodelete: "true" }],
  ] as const)(
    "a tampered %s is the only property that a refresh shows, and an update repairs it",
    async (key, tamper, right) => {
      const desired = vms({ size: 3, quota: { maxBytes: 1_048_576 }, options: { nodelete: true } });
      const made = await run().create(desired);
      const pool = there();
      if (pool === undefined) throw new Error("no pool");
      tamper(pool);
      const read = await run().refresh(made);
      const changed = Object.keys(made.outs).filter(
        (name) => JSON.stringify(made.outs[name]) !== JSON.stringify(read?.outs[name]),
      );
      expect(changed).toEqual([key]);
      expect((await run().update(read ?? made, desired)).outs[key]).toEqual(right);
    },
  );

  test("a pool that is gone is gone after a refresh, and is not silently made anew by an update", async () => {
    const made = await run().create(vms());
    ceph.pools.clear();
    expect(await run().refresh(made)).toBeUndefined();
    expect(await failure(run().update(made, vms({ size: 2 })))).toContain("pulumi up --refresh");
    expect(ceph.pools.size).toBe(0);
  });

  test("a change of policy alone opens no connection", async () => {
    const made = await run().create(vms());
    const opened = ceph.opened;
    await run().update(made, vms({ adopt: "never", forceDestroy: true }));
    expect(ceph.opened).toBe(opened);
  });
});

test("a program that follows a rename by hand is not refused, and nothing is renamed", async () => {
  const made = await run().create(vms());
  const pool = there();
  if (pool !== undefined) pool.name = "guests";
  const read = await run().refresh(made);
  expect(await run().problems(vms({ name: "guests" }), read?.outs)).toEqual([]);
  const followed = await run().update(read ?? made, vms({ name: "guests" }));
  expect(followed.outs["name"]).toBe("guests");
  expect(there("guests")?.id).toBe(1);
});
