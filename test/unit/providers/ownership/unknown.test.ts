/** What is not known yet in a preview is no other thing, no missing one, and nobody else's. */
import { describe, expect, test } from "@jest/globals";
import type { Props } from "../../../../providers/kernel/json";
import { type Site } from "../../../support/laws-site";
import { laws } from "../../../support/laws-table";
import { placesIn, put, SENTINELS } from "../../../support/laws-values";
import { ownerOf, runOf } from "../../../support/run-of";
import { siteFor } from "../../../support/laws-of";

/** What a claim is made of. */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  "ceph-pool": ["cluster", "cluster.fsid", "name"],
  "ceph-auth-entity": ["cluster", "cluster.fsid", "entity"],
  "ceph-keyring-file": ["host", "path"],
  "libvirt-secret": ["cluster", "entity", "host", "uri"],
  "config-section": ["host", "path", "section"],
  "ceph-config-file": ["host", "path"],
  directory: ["host", "path"],
  "image-properties": ["image", "endpoint", "properties"],
};

describe.each(laws)("$kind", (entry) => {
  const place = () => {
    const site = siteFor(entry);
    return { site, first: entry.first(site) };
  };

  const run = (site: Site) => entry.of(runOf(site.machines, { web: site.glance.web }), ownerOf("a"));

  test("two of which the same part is not known yet do not collide", async () => {
    const { site, first } = place();
    for (const path of IDENTITY[entry.file] ?? [])
      for (const unknown of SENTINELS) {
        const run = runOf(site.machines, { web: site.glance.web });
        const inputs = put(first, path.split("."), unknown) as Props;
        for (const name of ["a", "b"])
          expect([path, await entry.of(run, ownerOf(name)).problems(inputs)]).toEqual([path, []]);
      }
  });

  test("is not replaced, and not refused, because something is not known yet", async () => {
    const { site, first } = place();
    const made = await run(site).create(first);
    for (const path of placesIn(first).filter((some) => some.length > 0))
      for (const unknown of SENTINELS.slice(0, 2)) {
        const inputs = put(first, path, unknown) as Props;
        const { replaces } = await run(site).diff(made, inputs);
        expect([path, replaces ?? []]).toEqual([path, []]);
      }
  });
});
