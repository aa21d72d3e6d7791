/** What holds for the ownership of every artifact, over a stateful world. */
import { describe, expect, test } from "@jest/globals";
import { cephAuthEntity } from "../../../../providers/ceph-auth-entity/index";
import { cephPool } from "../../../../providers/ceph-pool/index";
import { newKey } from "../../../../providers/formats/keyring";
import { poolNamed } from "../../../support/fake-ceph-pools";
import { recordsOf, worldOf, type Site } from "../../../support/laws-site";
import type { LawEntry } from "../../../support/laws-entry";
import { laws } from "../../../support/laws-table";
import { ownerOf, runOf } from "../../../support/run-of";
import { entryOf, siteFor } from "../../../support/laws-of";

/** A run of the engine: a process of its own. */
const run = (entry: LawEntry, site: Site) =>
  entry.of(runOf(site.machines, { web: site.glance.web }), ownerOf(entry.file));

describe.each(laws)("$kind", (entry) => {
  test("created once more, the end of what it was before removes nothing, in this run or in a later one", async () => {
    for (const isLater of [false, true]) {
      const site = siteFor(entry);
      const world = worldOf(site);
      const made = await run(entry, site).create(entry.first(site));
      const once = run(entry, site);
      const again = await once.create(entry.first(site));
      const before = worldOf(site);
      await (isLater ? run(entry, site) : once).remove(made);
      expect(worldOf(site)).toEqual(before);
      await run(entry, site).remove(again);
      expect([worldOf(site), recordsOf(site)]).toEqual([world, []]);
    }
  });

  test("known by another name by now, which its record does not say yet, it is removed by a destroy", async () => {
    const site = siteFor(entry);
    const world = worldOf(site);
    const made = await run(entry, site).create(entry.first(site));
    await run(entry, site).remove({ ...made, outs: { ...made.outs, __owner: ownerOf("renamed") } });
    expect([worldOf(site), recordsOf(site)]).toEqual([world, []]);
  });
});

describe("two who adopt one entity", () => {
  const entity = () => {
    const site = siteFor(entryOf("ceph-auth-entity"));
    site.ceph.entities.set("client.theirs", { key: newKey(), caps: { mon: "profile rbd" } });
    const desired = (onDelete?: "remove") => ({
      cluster: { fsid: site.ceph.fsid, admin: site.adminName },
      entity: "client.theirs",
      caps: { mon: "profile rbd" },
      ...(onDelete === undefined ? {} : { onDelete }),
    });
    const by = (stack: string) => runOf(site.machines).of(cephAuthEntity, ownerOf("theirs", stack));
    return { site, desired, by, isThere: () => site.ceph.entities.has("client.theirs") };
  };

  test("the first of which is to remove it: the second is refused, and names it", async () => {
    const { desired, by } = entity();
    await by("site/one").create(desired("remove"));
    await expect(by("site/two").create(desired())).rejects.toThrow(
      /belongs to theirs \(X\) of stack site\/one/,
    );
  });

  test("the second of which is to remove it: it goes with the second alone, who holds its record", async () => {
    const { desired, by, isThere } = entity();
    const kept = await by("site/one").create(desired());
    const removed = await by("site/two").create(desired("remove"));
    await by("site/one").remove(kept);
    expect(isThere()).toBe(true);
    await by("site/two").remove(removed);
    expect(isThere()).toBe(false);
  });

  test("a later change of policy to remove writes the record, and is refused where another has it", async () => {
    const { site, desired, by } = entity();
    const [one, two] = [await by("site/one").create(desired()), await by("site/two").create(desired())];
    expect(recordsOf(site)).toEqual([]);
    await by("site/one").update(one, desired("remove"));
    expect(recordsOf(site)).toHaveLength(1);
    await expect(by("site/two").update(two, desired("remove"))).rejects.toThrow(/belongs to theirs/);
  });

  test("what is to be removed and has lost its record is left, and said", async () => {
    const { site, desired, isThere } = entity();
    const run = runOf(site.machines);
    const made = await runOf(site.machines).of(cephAuthEntity, ownerOf("x")).create(desired("remove"));
    site.ceph.records.clear();
    await run.of(cephAuthEntity, ownerOf("x")).remove(made);
    expect(isThere()).toBe(true);
    expect(run.said.join()).toContain("no record says that it is ours");
  });
});

test("a pool that is to be removed with its data stays with a newer create of it, in a later run too", async () => {
  const site = siteFor(entryOf("ceph-pool"));
  const desired = { cluster: { fsid: site.ceph.fsid, admin: site.adminName }, name: "vms" };
  const of = () => runOf(site.machines).of(cephPool);
  const old = await of().create({ ...desired, onDelete: "remove", forceDestroy: true });
  poolNamed(site.ceph, "vms")?.objects.add("rbd_data.1");
  const made = await of().create({ ...desired, onDelete: "remove", forceDestroy: true });
  await of().remove(old);
  expect(poolNamed(site.ceph, "vms")?.objects.has("rbd_data.1")).toBe(true);
  await of().remove(made);
  expect(poolNamed(site.ceph, "vms")).toBeUndefined();
});

test("options, files and entities of a stack that was renamed are removed by a destroy, whatever the records still say", async () => {
  for (const entry of laws) {
    const site = siteFor(entry);
    const before = worldOf(site);
    const made = await entry
      .of(runOf(site.machines, { web: site.glance.web }), ownerOf("a", "site/was"))
      .create(entry.first(site));
    const outs = Object.fromEntries(Object.entries(made.outs).filter(([key]) => key !== "__token"));
    outs["__owner"] = ownerOf("a", "site/is");
    const renamed = runOf(site.machines, { web: site.glance.web, config: { takeOverFrom: "site/was" } });
    await entry.of(renamed, ownerOf("a", "site/is")).remove({ ...made, outs });
    expect([entry.kind, worldOf(site), recordsOf(site)]).toEqual([entry.kind, before, []]);
  }
});
