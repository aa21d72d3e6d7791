import { beforeEach, describe, expect, test } from "@jest/globals";
import { cephPool } from "../../../../providers/ceph-pool/index";
import { UNKNOWN, type Props } from "../../../../providers/kernel/json";
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

describe("check", () => {
  test.each([
    [{ name: "a/b" }, /^name: .*a pool name|^name: .*letters, digits/],
    // Since Quincy it would be said to be made, and not be there.
    [{ name: ".x" }, /name.*the last two not first/],
    [{ size: 0 }, /size.*from 1 to 10/],
    [{ size: 2, minSize: 3 }, /minSize.*from 1 to size, which is 2/],
    [{ type: "erasure", size: 3 }, /size.*its profile decides/],
    [{ type: "erasure", rbdInit: true }, /rbdInit.*no omap/],
    [{ erasureCodeProfile: "k2m1" }, /erasureCodeProfile.*type "erasure"/],
    [{ pgNum: { exact: 32 } }, /pgNum.*pgAutoscaleMode "off" or "warn"/],
    [{ pgNum: { exact: 32 }, pgAutoscaleMode: "on" }, /autoscaler would set another/],
    [{ pgNumMin: 64, pgNumMax: 32 }, /pgNumMin.*at most pgNumMax/],
    [{ pgNum: 8, pgNumMin: 16 }, /pgNum.*16/],
    [{ options: { min_size: 2 } }, /options.*use `minSize`/],
    [{ options: { size: 2 } }, /options.*use `size`/],
    [{ options: { compression_mode: "force" } }, /options.*use `compression\.mode`/],
    [{ options: { pgNumMin: 8 } }, /options.*use `pgNumMin`/],
    [{ rbdInit: true, application: "cephfs" }, /rbdInit.*"rbd" among application/],
    [{ application: "a b" }, /application/],
    [{ quota: { maxBytes: -1 } }, /quota/],
    [{ sizes: 3 }, /sizes.*is not a property/],
  ])("%j is refused, and nothing is touched", async (bad, reason) => {
    expect((await run().problems(vms(bad))).join("\n")).toMatch(reason);
    expect(ceph.opened).toBe(0);
  });

  test.each([
    [{ name: "guests" }, /must stay vms: images, volumes and guests hold it; renamedFrom: "vms"/],
    [{ type: "erasure" }, /must stay replicated: make a new pool and migrate/],
    [{ cluster: { fsid: "b0a1c2d3-0000-4000-8000-00000000000f", admin: "mon1" } }, /a pool does not move/],
  ])("a change to %j is refused", async (change, reason) => {
    const { outs } = await run().create(vms());
    expect((await run().problems(vms(change), outs)).join("\n")).toMatch(reason);
  });

  test("a preview of a rename says who is refused from then on, also where it goes back to the program's name", async () => {
    const { outs } = await run().create(vms());
    const saidOf = async (inputs: object, olds: Props) => {
      const one = run();
      await one.check(inputs, olds);
      return one.said.join("\n");
    };
    expect(await saidOf(vms({ name: "guests", renamedFrom: "vms" }), outs)).toMatch(
      /pool vms is renamed to guests: .*guests that run too, is refused/,
    );
    expect(await saidOf(vms(), { ...outs, name: "by-hand" })).toContain("pool by-hand is renamed to vms");
    expect(await saidOf(vms(), outs)).toBe("");
    expect(await saidOf(vms({ name: UNKNOWN }), outs)).toBe("");
  });

  test("unknown values pass every rule, and what follows from them is unknown", async () => {
    const checked = await run().check(vms({ application: UNKNOWN, size: UNKNOWN, minSize: 3 }));
    expect(checked).toMatchObject({ application: UNKNOWN, rbdInit: UNKNOWN, size: UNKNOWN });
  });

  test("two resources of one pool in one program fail, naming both", async () => {
    const program = runOf({ mon1: ceph.machine });
    await program.of(cephPool, ownerOf("a")).check(vms());
    expect((await program.of(cephPool, ownerOf("b")).problems(vms())).join()).toMatch(/a .*and by b /);
  });
});

describe("delete", () => {
  test("keeps the pool by default, says so, and takes the record away", async () => {
    const made = await run().create(vms());
    const last = run();
    await last.remove(made);
    expect(there()).toBeDefined();
    expect(record()).toBeUndefined();
    expect(last.said.join()).toContain("kept");
  });

  test('with onDelete "remove" it deletes an empty pool, twice without an error', async () => {
    const made = await run().create(vms({ onDelete: "remove" }));
    await run().remove(made);
    expect(ceph.pools.size).toBe(0);
    expect(ceph.records.size).toBe(0);
    await run().remove(made);
  });

  test("refuses a pool with content, naming some of it, unless forceDestroy was applied", async () => {
    const made = await run().create(vms({ onDelete: "remove" }));
    there()?.objects.add("rbd_data.1");
    expect(await failure(run().remove(made))).toMatch(/not empty[\s\S]*rbd_data\.1/);
    expect(there()).toBeDefined();
    const forced = await run().update(made, vms({ onDelete: "remove", forceDestroy: true }));
    await run().remove(forced);
    expect(there()).toBeUndefined();
  });

  test("a snapshot of the pool is content", async () => {
    const made = await run().create(vms({ onDelete: "remove" }));
    there()?.snapshots.push("before-upgrade");
    expect(await failure(run().remove(made))).toContain("snapshot before-upgrade");
  });

  test("deletes by number: another pool that has the name by now stays", async () => {
    const made = await run().create(vms({ onDelete: "remove" }));
    ceph.pools.clear();
    addPool(ceph, "vms");
    await run().remove(made);
    expect(there()).toBeDefined();
  });

  test("what another resource of the stack has taken over is handed over and stays", async () => {
    const made = await run("old").create(vms({ onDelete: "remove" }));
    await run("new").create(vms({ onDelete: "remove" }));
    await run("old").remove(made);
    expect(there()).toBeDefined();
    expect(record()).toContain("::new");
  });
});
