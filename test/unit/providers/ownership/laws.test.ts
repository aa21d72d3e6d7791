/** What holds for the ownership of every artifact, over a stateful world. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { newSite, recordsOf, worldOf, type Site } from "../../../support/laws-site";
import { laws, type LawEntry } from "../../../support/laws-table";
import { ownerOf, runOf } from "../../../support/run-of";

const sites: Site[] = [];
afterEach(() => sites.splice(0).forEach((site) => site.dispose()));

const siteFor = ({ prepare }: LawEntry): Site => {
  const site = newSite();
  sites.push(site);
  prepare?.(site);
  return site;
};

/** A run of the engine: a process of its own. */
const run = (entry: LawEntry, site: Site) => entry.of(runOf(site.machines), ownerOf(entry.file));

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
