/** A create that failed has left somebody else's pool in the state. */
import { expect, test } from "@jest/globals";
import { poolRuns } from "../../../support/cluster-runs";
import { failure, thrown } from "../../../support/failure";
import { fakeCeph16_2_15 } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { leftBy, type Resource } from "../../../support/run-of";

/** Fails at the first order after a look. */
const halfMade = async (adopt: string) => {
  const ceph = fakeCeph16_2_15();
  addPool(ceph, "vms", { applications: new Set(["rbd"]) });
  const site = { ceph, ...poolRuns(() => ceph) };
  const desired = site.vms({ adopt, bulk: true });
  let left: Resource | undefined;
  for (let at = 1; left === undefined; at += 1) {
    ceph.cut = { at, when: "before" };
    left = leftBy(await thrown(site.run().create(desired)));
  }
  ceph.cut = undefined;
  expect(ceph.writes()).toEqual([]);
  return { ...site, left };
};

test('it is not renamed by `renamedFrom`, under adopt "overwrite" neither', async () => {
  const { run, vms, left, there, ceph } = await halfMade("overwrite");
  const renamed = vms({ name: "guests", renamedFrom: "vms", adopt: "overwrite", bulk: true });
  const said = await failure(run().update(left, renamed));
  expect(said).toMatch(/pool vms is there already and is not ours: it is not renamed to guests/);
  expect(there()).toBeDefined();
  expect(ceph.writes()).toEqual([]);
});

test("a refusal says how another name is chosen, and that works: the state without it makes a pool of that name", async () => {
  const { run, vms, left, there, ceph } = await halfMade("never");
  const said = await failure(run().update(left, vms({ adopt: "never", bulk: true })));
  expect(said).toMatch(/Choose another name.*\n.*`pulumi state delete URN` takes it out of the state/);
  const other = vms({ name: "guests", adopt: "never", bulk: true });
  expect((await run().problems(other, left.outs)).join()).toMatch(/must stay vms/);
  expect(ceph.writes()).toEqual([]);
  await run().create(other);
  expect([there()?.flags.has("bulk"), there("guests")?.flags.has("bulk")]).toEqual([false, true]);
});
