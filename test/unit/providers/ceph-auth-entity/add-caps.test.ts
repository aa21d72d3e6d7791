/** An entity that is there with less than a program gives it, as of the classic guide, and `adopt: "add-caps"`. */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { cephAuthEntity } from "../../../../providers/ceph-auth-entity/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { ownerOf, runOf } from "../../../support/run-of";

const ENTITY = "client.cinder-backup";
let ceph: FakeCeph;
/** What the last run said. */
let said: readonly string[] = [];
beforeEach(() => {
  ceph = fakeCeph16_2_15();
  addPool(ceph, "backups");
  addPool(ceph, "volumes");
});

const guide = { mon: "profile rbd", osd: "profile rbd pool=backups", mgr: "profile rbd pool=backups" };
const caps = { ...guide, osd: ["profile rbd pool=backups", "profile rbd-read-only pool=volumes"] };
const desired = { ...guide, osd: "profile rbd pool=backups, profile rbd-read-only pool=volumes" };

const create = async (adopt?: string, given = caps) => {
  const program = runOf({ mon1: ceph.machine });
  said = program.said;
  const cluster = { fsid: ceph.fsid, admin: "mon1" };
  const made = program.of(cephAuthEntity, ownerOf("backup"));
  return made.create({
    cluster,
    entity: ENTITY,
    caps: given,
    ...(adopt === undefined ? {} : { adopt }),
  });
};
const there = () => ceph.entities.get(ENTITY);

test("one of the classic guide gets what it lacks, which is said, and keeps its key", async () => {
  const key = newKey();
  ceph.entities.set(ENTITY, { key, caps: guide });
  const { outs } = await create("add-caps");
  expect(there()).toEqual({ key, caps: desired });
  expect(outs).toMatchObject({ origin: "adopted" });
  expect(said.join()).toMatch(/has caps .*osd 'profile rbd pool=backups' mgr .*; it gets .*rbd-read-only/);
});

test("one that got caps keeps them after a destroy, which says that it stays: who runs with its key may need them by now", async () => {
  ceph.entities.set(ENTITY, { key: newKey(), caps: guide });
  const made = await create("add-caps");
  const program = runOf({ mon1: ceph.machine });
  await program.of(cephAuthEntity, ownerOf("backup")).remove(made);
  expect(there()?.caps).toEqual(desired);
  expect(program.said.join()).toContain(`${ENTITY} stays: it was there before`);
  expect([...ceph.records.keys()]).toEqual([]);
});

/** Runs that are cut after their first order, their second, and so on, up to one that ends before its cut. */
const cutRuns = async (adopt: string) => {
  const runs: { readonly caps: unknown; readonly said: string }[] = [];
  for (let at = 1, isCut = true; isCut; at += 1) {
    ceph.records.clear();
    ceph.entities.set(ENTITY, { key: newKey(), caps: guide });
    ceph.cut = { at, when: "after" };
    isCut = await create(adopt).then(
      () => false,
      () => true,
    );
    if (isCut) runs.push({ caps: there()?.caps, said: said.join() });
  }
  return runs;
};

test.each(["add-caps", "overwrite"])("what %s changes is said wherever the run is cut", async (adopt) => {
  const runs = await cutRuns(adopt);
  const changed = runs.filter(({ caps: now }) => now !== guide);
  expect(changed).not.toEqual([]);
  expect(changed.filter((run) => !run.said.includes(`${ENTITY} has caps mon 'profile rbd'`))).toEqual([]);
});

test("one that is as desired is taken without a write", async () => {
  ceph.entities.set(ENTITY, { key: newKey(), caps: desired });
  await create("add-caps");
  expect(ceph.writes()).toEqual([]);
});

test.each([
  ["another clause", { ...guide, osd: "profile rbd pool=backups, profile rbd pool=legacy" }],
  ["another right in a pool", { ...guide, osd: "profile rbd pool=volumes" }],
  ["caps of another service", { ...guide, mds: "allow r" }],
])("one with %s is refused: it would be taken away", async (_what, foreign) => {
  ceph.entities.set(ENTITY, { key: newKey(), caps: foreign });
  await expect(create("add-caps")).rejects.toThrow(/is there already and differs: caps/);
  expect(there()?.caps).toEqual(foreign);
});

test("one that has a clause of several about a pool gets the others", async () => {
  ceph.entities.set(ENTITY, { key: newKey(), caps: { ...guide, osd: "allow class-write pool=backups" } });
  await create("add-caps", { ...caps, osd: [...caps.osd, "allow class-write pool=backups"] });
  expect(there()?.caps["osd"]).toBe(`allow class-write pool=backups, ${desired.osd}`);
});

test("one that has another clause about a pool too is refused", async () => {
  const foreign = { ...guide, osd: "profile rbd pool=backups, allow rwx pool=backups" };
  ceph.entities.set(ENTITY, { key: newKey(), caps: foreign });
  await expect(create("add-caps")).rejects.toThrow(/is there already and differs: caps/);
  expect(there()?.caps).toEqual(foreign);
});

describe("without it", () => {
  test("the refusal names it where it would do", async () => {
    ceph.entities.set(ENTITY, { key: newKey(), caps: guide });
    await expect(create()).rejects.toThrow('adopt: "add-caps"');
  });

  test("the refusal does not name it where it would be refused too", async () => {
    ceph.entities.set(ENTITY, { key: newKey(), caps: { mon: "allow r" } });
    await expect(create()).rejects.not.toThrow("add-caps");
  });
});
