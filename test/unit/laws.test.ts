/** What holds for every artifact, over a stateful world: real files and a real shell, a cluster and a libvirt in memory. */
import { describe, expect, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { same, type Props } from "../../providers/kernel/json";
import { cutAt } from "../support/laws-cut-at";
import { comparable, recordsOf, secretsOf, worldOf, writesIn, type Site } from "../support/laws-site";
import type { LawEntry } from "../support/laws-entry";
import { laws } from "../support/laws-table";
import { placesIn, put, reversed, SENTINELS, unknownAt } from "../support/laws-values";
import { ownerOf, runOf } from "../support/run-of";
import { siteFor } from "../support/laws-of";

const root = join(__dirname, "../..");

/** A run of the engine: a process of its own. */
const run = (entry: LawEntry, site: Site) =>
  entry.of(runOf(site.machines, { web: site.glance.web }), ownerOf(entry.file));

/** Programs, orders and requests so far. */
const looksAt = ({ host, ceph, glance }: Site): number =>
  host.ran.length + ceph.opened + ceph.orders.length + glance.asked.length;

const SHARED = ["kernel", "ownership", "clients", "formats", "remote", "doctor", "argument-rules"];
const artifactFiles = readdirSync(join(root, "providers"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !SHARED.includes(entry.name))
  .map(({ name }) => name);

test("every artifact has its entry in the table of laws, and only artifacts have", () => {
  expect(laws.map(({ file }) => file).sort()).toEqual(artifactFiles.sort());
  const cuts = readdirSync(join(root, "test/contract/cuts")).map((name) => name.replace(/\.test\.ts$/, ""));
  expect(cuts.sort()).toEqual(artifactFiles.sort());
});

const plainInputs = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};

const states = (entry: LawEntry, site: Site) => [entry.first(site), entry.later(site)];

describe.each(laws)("$kind", (entry) => {
  test("created, it leaves no difference", async () => {
    const site = siteFor(entry);
    for (const inputs of states(entry, site)) {
      const made = await run(entry, site).create(inputs);
      expect((await run(entry, site).diff(made, inputs)).changes).toBe(false);
      await run(entry, site).remove(made);
    }
  });

  test("read after a create gives exactly its outputs, and its inputs", async () => {
    const site = siteFor(entry);
    const made = await run(entry, site).create(entry.first(site));
    const inputs = await run(entry, site).check(entry.first(site));
    const found = await run(entry, site).read(made);
    expect(found).toEqual({ id: made.id, props: made.outs, inputs });
  });

  test("another state is reached by an update as by a create, and leaves no difference", async () => {
    const site = siteFor(entry);
    const made = await run(entry, site).create(entry.first(site));
    entry.between?.(site);
    const updated = await run(entry, site).update(made, entry.later(site));
    expect((await run(entry, site).diff(updated, entry.later(site))).changes).toBe(false);
    expect((await run(entry, site).read(updated)).props).toEqual(updated.outs);
  });

  test("with the same inputs nothing is written, whatever made the update run", async () => {
    const site = siteFor(entry);
    const made = await run(entry, site).create(entry.first(site));
    const before = writesIn(site);
    const looks = looksAt(site);
    await run(entry, site).update({ ...made, outs: { ...made.outs, __failed: true } }, entry.first(site));
    expect(looksAt(site)).toBeGreaterThan(looks);
    expect(writesIn(site)).toEqual(before);
  });

  test("created once more, as after a create whose end nobody heard of, nothing but its record is written", async () => {
    const site = siteFor(entry);
    const made = await run(entry, site).create(entry.first(site));
    const [before, world] = [writesIn(site, false), worldOf(site)];
    const again = await run(entry, site).create(entry.first(site));
    expect(comparable(site, again)).toEqual(comparable(site, made));
    expect(again.outs["__token"]).not.toBe(made.outs["__token"]);
    expect(writesIn(site, false)).toEqual(before);
    expect(worldOf(site)).toEqual(world);
  });

  test("deleted, the world is as before, and no record is left; deleted twice, too", async () => {
    const site = siteFor(entry);
    const before = worldOf(site);
    const made = await run(entry, site).create(entry.first(site));
    expect(same(worldOf(site), before)).toBe(entry.leavesNothing === true);
    await run(entry, site).remove(made);
    expect(worldOf(site)).toEqual(before);
    expect(recordsOf(site)).toEqual([]);
    await run(entry, site).remove(made);
    expect(worldOf(site)).toEqual(before);
  });

  test("what is gone is seen by a refresh, or shown as different", async () => {
    const site = siteFor(entry);
    const made = await run(entry, site).create(entry.first(site));
    await run(entry, site).remove(made);
    const found = await run(entry, site).read(made);
    if (found.id === undefined || entry.leavesNothing === true) return;
    const refreshed = { id: found.id, outs: plainInputs(found.props) as Props };
    expect((await run(entry, site).diff(refreshed, entry.first(site))).changes).not.toBe(false);
  });

  test.each(["before", "after"] as const)(
    "a create cut %s any command is completed by the next run",
    async (when) => {
      const whole = siteFor(entry);
      const undisturbed = await run(entry, whole).create(entry.first(whole));
      const wanted = worldOf(whole);
      for (let n = 1, cut = true; cut; n += 1) {
        const site = siteFor(entry);
        cut = await cutAt(site, { n, when }, () => run(entry, site).create(entry.first(site)));
        const made = await run(entry, site).create(entry.first(site));
        expect([n, worldOf(site)]).toEqual([n, wanted]);
        expect(Object.keys(made.outs).sort()).toEqual(Object.keys(undisturbed.outs).sort());
        await run(entry, site).remove(made);
        expect([n, recordsOf(site)]).toEqual([n, []]);
      }
    },
    // Several programs of a shell for each of its commands, on a machine that may be busy.
    120_000,
  );

  test("what a create leaves that was cut before it saw anything is read and deleted", async () => {
    const site = siteFor(entry);
    const before = worldOf(site);
    const made = await run(entry, site).create(entry.first(site));
    const managed = entry.managed(made.outs);
    const seen = Object.fromEntries(Object.entries(made.outs).filter(([key]) => !managed.includes(key)));
    const left = { id: made.id, outs: { ...seen, __failed: true } };
    expect((await run(entry, site).read(left)).id).toBe(made.id);
    await run(entry, site).remove(left);
    expect(worldOf(site)).toEqual(before);
    expect(recordsOf(site)).toEqual([]);
    await run(entry, site).remove(left);
  });

  test("an update of policy alone opens no connection, and keeps every output", async () => {
    const site = siteFor(entry);
    const made = await run(entry, site).create(entry.first(site));
    const before = looksAt(site);
    const desired = { ...entry.first(site), ...entry.policy };
    const after = await run(entry, site).update(made, desired);
    expect(looksAt(site)).toBe(before);
    expect(after.outs).toEqual({ ...made.outs, ...entry.policy });
    expect(await run(entry, site).diff(after, desired)).toMatchObject({ changes: false });
  });

  test("unknowns anywhere in the inputs survive check, and break no rule", async () => {
    const site = siteFor(entry);
    for (const inputs of states(entry, site))
      for (const place of placesIn(inputs).filter(({ length }) => length > 0))
        for (const sentinel of SENTINELS) {
          const checked = await run(entry, site).check(plainInputs(put(inputs, place, sentinel)));
          expect([place, unknownAt(checked, place)]).toEqual([place, true]);
        }
  });

  test("check of checked inputs changes nothing", async () => {
    const site = siteFor(entry);
    for (const inputs of states(entry, site)) {
      const checked = await run(entry, site).check(inputs);
      const given = Object.fromEntries(Object.entries(checked).filter(([key]) => !key.startsWith("__")));
      expect(await run(entry, site).check(given, checked)).toEqual(checked);
    }
  });

  test("the order of keys is no difference", async () => {
    const site = siteFor(entry);
    for (const inputs of states(entry, site)) {
      const checked = await run(entry, site).check(inputs);
      const turned = await run(entry, site).check(plainInputs(reversed(inputs)));
      expect(same(turned, checked)).toBe(true);
      const outs = plainInputs(reversed(checked)) as Props;
      const { changes } = await run(entry, site).diff({ id: "x", outs }, inputs);
      expect(changes).toBe(false);
    }
  });

  test("no key is in state, and none on a command line", async () => {
    const site = siteFor(entry);
    const seen: string[] = [];
    const { before } = site.host;
    site.host.before = (request, n) => {
      seen.push(JSON.stringify([request.program, request.args]));
      return before(request, n);
    };
    const made = await run(entry, site).create(entry.first(site));
    entry.between?.(site);
    const updated = await run(entry, site).update(made, entry.later(site));
    const text = JSON.stringify([made, updated, seen]);
    for (const key of secretsOf(site)) expect(text).not.toContain(key);
    expect(seen.join()).not.toContain("a secret of the program");
  });
});
