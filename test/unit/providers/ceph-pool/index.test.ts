import { beforeEach, describe, expect, test } from "@jest/globals";
import { cephPool } from "../../../../providers/ceph-pool/index";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { ownerOf, runOf } from "../../../support/run-of";
import { failure } from "../../../support/failure";
import { poolRuns } from "../../../support/cluster-runs";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
});

const { run, vms, there, record } = poolRuns(() => ceph);

const full = {
  size: 2,
  minSize: 1,
  crushRule: "ssd",
  pgNum: { exact: 16 },
  pgAutoscaleMode: "off",
  bulk: true,
  quota: { maxBytes: 1_048_576, maxObjects: 100 },
  compression: { mode: "aggressive", algorithm: "snappy", requiredRatio: 0.7 },
  application: ["rbd", "backup"],
  options: { nodelete: true, noscrub: false },
};

describe("create", () => {
  test("makes the pool with everything that is desired, and its id is the cluster's number of it", async () => {
    const { id, outs } = await run().create(vms(full));
    expect(id).toBe(`${ceph.fsid}/1`);
    expect(outs).toMatchObject({
      poolId: 1,
      origin: "created",
      size: 2,
      application: ["backup", "rbd"],
      rbdInit: true,
    });
    expect(there()).toMatchObject({
      size: 2,
      minSize: 1,
      rule: 1,
      pgNum: 16,
      mode: "off",
      quota: { max_bytes: 1_048_576, max_objects: 100 },
    });
    expect([...(there()?.applications ?? [])].sort()).toEqual(["backup", "rbd"]);
    expect([...(there()?.flags ?? [])]).toEqual(expect.arrayContaining(["bulk", "nodelete"]));
    expect(there()?.objects.has("rbd_info")).toBe(true);
  });

  test("then nothing is left to do: diff is empty and a second update writes nothing", async () => {
    const made = await run().create(vms(full));
    expect((await run().diff(made, vms(full))).changes).toBe(false);
    const before = ceph.writes().length;
    await run().update(made, vms(full));
    expect(ceph.writes().length).toBe(before);
  });

  test("of a pool that is there and as desired writes nothing at all, not even a record", async () => {
    addPool(ceph, "vms", { size: 3, applications: new Set(["rbd"]), objects: new Set(["rbd_info"]) });
    const { outs } = await run().create(vms({ size: 3 }));
    expect(outs["origin"]).toBe("adopted");
    expect(ceph.writes()).toEqual([]);
  });

  test("of a pool that is there and differs is a conflict that names each difference", async () => {
    addPool(ceph, "vms", { size: 3, applications: new Set(["rbd"]), objects: new Set(["rbd_info"]) });
    expect(await failure(run().create(vms({ size: 2, pgAutoscaleMode: "off" })))).toMatch(
      /size: 3 there, 2 desired; pgAutoscaleMode: "on" there, "off" desired/,
    );
    expect(ceph.writes()).toEqual([]);
  });

  test('with adopt "overwrite" it changes the pool, and records that it was adopted', async () => {
    addPool(ceph, "vms", { size: 3, applications: new Set(["cephfs"]) });
    const both = { application: ["cephfs", "rbd"], size: 2, adopt: "overwrite" };
    const { outs } = await run().create(vms(both));
    expect(outs["origin"]).toBe("adopted");
    expect([...(there()?.applications ?? [])].sort()).toEqual(["cephfs", "rbd"]);
    expect(record()).toContain('"origin":"adopted"');
  });

  test('of a pool of another application is refused by its name even with adopt "overwrite", and nothing is written', async () => {
    addPool(ceph, "vms", { size: 3, applications: new Set(["cephfs"]) });
    expect(await failure(run().create(vms({ adopt: "overwrite" })))).toMatch(
      /pool vms is in use by another application: cephfs there, rbd desired[^]*another name/,
    );
    expect(ceph.writes()).toEqual([]);
  });

  test('a pool that another tool calls by an application of its own is taken with adopt "overwrite"', async () => {
    addPool(ceph, "vms", { size: 3, applications: new Set(["nova-vms"]) });
    await run().create(vms({ adopt: "overwrite" }));
    expect([...(there()?.applications ?? [])].sort()).toEqual(["nova-vms", "rbd"]);
  });

  test('with adopt "never" it refuses a pool that is there, however alike', async () => {
    addPool(ceph, "vms", { applications: new Set(["rbd"]), objects: new Set(["rbd_info"]) });
    expect(await failure(run().create(vms({ adopt: "never" })))).toContain('adopt is "never"');
  });

  test("a pool of another stack is refused by name, with the cure, and taken with takeOverFrom", async () => {
    await run("vms", "site/old").create(vms());
    expect(await failure(run().create(vms()))).toMatch(
      /belongs to vms .* of stack site\/old[\s\S]*takeOverFrom site\/old/,
    );
    const taking = runOf({ mon1: ceph.machine }, { config: { takeOverFrom: "site/old" } });
    await taking.of(cephPool, ownerOf("vms")).create(vms());
    expect(record()).toContain("site/prod");
  });

  test("an erasure-coded pool is never made of a replicated one", async () => {
    addPool(ceph, "vms", { objects: new Set(["rbd_info"]) });
    expect(await failure(run().create(vms({ type: "erasure", adopt: "overwrite" })))).toContain("migrate");
  });

  test("a CRUSH rule that is not there is an error that lists those that are, before anything is written", async () => {
    expect(await failure(run().create(vms({ crushRule: "nvme" })))).toMatch(
      /no CRUSH rule "nvme"; there are replicated_rule, ssd/,
    );
    expect(ceph.writes()).toEqual([]);
  });

  test("an erasure-code profile that is not there is an error that lists those that are, before anything is written", async () => {
    const ec = vms({ type: "erasure", erasureCodeProfile: "ec21" });
    expect(await failure(run().create(ec))).toMatch(
      /no erasure-code profile "ec21" in the cluster; there is default/,
    );
    expect(ceph.writes()).toEqual([]);
  });

  test("an error of the cluster names host, command, exit code and errno", async () => {
    expect(await failure(run().create(vms({ minSize: 4 })))).toMatch(
      /pool vms on host mon1: ceph osd pool set vms min_size exited 22 \(EINVAL\): pool min_size must be between 1 and size, which is set to 3/,
    );
  });

  const writes = 6;
  test.each(
    [...Array(writes).keys()].flatMap((n) => [[n + 1, "before"] as const, [n + 1, "after"] as const]),
  )("cut at order %d (%s it is done), the next run ends as an undisturbed one", async (at, when) => {
    const undisturbed = await run().create(vms({ size: 2 }));
    const wanted = { ...there(), id: 0 };
    ceph = fakeCeph16_2_15();
    ceph.cut = { at: at + 2, when };
    await failure(run().create(vms({ size: 2 })));
    ceph.cut = undefined;
    const { outs } = await run().create(vms({ size: 2 }));
    expect({ ...there(), id: 0 }).toEqual(wanted);
    expect(outs["origin"]).toBe("created");
    expect(outs["size"]).toBe(undisturbed.outs["size"]);
    expect(JSON.parse(record() ?? "{}")).toMatchObject({ origin: "created", id: outs["poolId"] });
  });
});

test("however many pools a run looks at, one program on the admin host answers", async () => {
  const program = runOf({ mon1: ceph.machine });
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  await Promise.all(names.map((name) => program.of(cephPool, ownerOf(name)).create(vms({ name }))));
  expect(ceph.opened).toBe(1);
  const made = [...ceph.pools.values()].map(({ name }) => name).sort();
  expect(made).toEqual(names);
});

describe("adopt: only", () => {
  const only = (more: object = {}) => vms({ adopt: "only", ...more });

  test("takes a pool as it is, whatever its type and application, and writes nothing", async () => {
    addPool(ceph, "vms", { type: 3 });
    const before = ceph.orders.length;
    const { id, outs } = await run().create(only());
    expect(id).toBe(`${ceph.fsid}/1`);
    expect(outs).toMatchObject({ name: "vms", origin: "adopted" });
    expect(outs).not.toHaveProperty("application");
    expect(outs).not.toHaveProperty("type");
    expect(there()?.applications.size).toBe(0);
    expect(ceph.records.size).toBe(0);
    expect(ceph.orders.length).toBeGreaterThan(before);
  });

  test("a later look finds no difference", async () => {
    addPool(ceph, "vms", { type: 3 });
    const made = await run().create(only());
    const { props, inputs } = await run().read(made);
    expect(props).toEqual(made.outs);
    expect((await run().diff({ ...made, outs: props }, only())).changes).toBe(false);
    expect(inputs).not.toHaveProperty("type");
  });

  test("without such a pool makes none, and says which there are", async () => {
    addPool(ceph, "images");
    const said = await failure(run().create(only()));
    expect(said).toContain(
      'there is no pool vms in the cluster, and it is to be there (adopt: "only"); there are images',
    );
    expect(there()).toBeUndefined();
    expect(ceph.records.size).toBe(0);
  });

  test("manages and compares what is given", async () => {
    addPool(ceph, "vms", { size: 3 });
    expect(await failure(run().create(only({ size: 2 })))).toContain("size: 3 there, 2 desired");
    expect((await run().create(only({ size: 3 }))).outs).toMatchObject({ size: 3 });
  });
});
