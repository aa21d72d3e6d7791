/** A create is cut where something stands that is nobody's of ours: what `adopt` says counts until it has been taken over. */
import { describe, expect, test } from "@jest/globals";
import { rmSync } from "node:fs";
import { same } from "../../providers/kernel/json";
import { HALF_MADE } from "../../providers/kernel/partial";
import { failure, thrown } from "../support/failure";
import { cutAt } from "../support/laws-cut-at";
import type { LawEntry } from "../support/laws-entry";
import { siteFor } from "../support/laws-of";
import { worldOf, type Site } from "../support/laws-site";
import { laws } from "../support/laws-table";
import { leftBy, ownerOf, runOf, type Resource } from "../support/run-of";

const run = (entry: LawEntry, site: Site, name = "ours") =>
  entry.of(runOf(site.machines, { web: site.glance.web }), ownerOf(name));

interface Trial {
  readonly entry: LawEntry;
  /** It differs from what is there. */
  readonly isOtherwise: boolean;
  desired(site: Site): object;
}

/** A site where somebody has made it who is in no record. */
const foreign = async ({ entry, isOtherwise }: Trial): Promise<Site> => {
  const site = siteFor(entry);
  await run(entry, site, "theirs").create(entry.first(site));
  if (isOtherwise) entry.between?.(site);
  site.ceph.records.clear();
  rmSync(site.host.ledger, { recursive: true, force: true });
  return site;
};

const DISTURBANCES = [
  { name: "cut before", when: "before" },
  { name: "cut after", when: "after" },
  { name: "cut for a moment before", when: "before", alone: "cut" },
  { name: "failing at", when: "before", alone: "command" },
] as const;
type Disturbance = (typeof DISTURBANCES)[number];

/** The next `up`, with what state has. */
const up = (entry: LawEntry, site: Site, left: Resource | undefined, inputs: object): Promise<Resource> =>
  left === undefined ? run(entry, site).create(inputs) : run(entry, site).update(left, inputs);

const refreshed = async (entry: LawEntry, site: Site, left: Resource | undefined) =>
  left === undefined ? undefined : run(entry, site).refresh(left);

/** What is said, and what has become of the world: keys in it are another in each site. */
const outcomeOf = async (site: Site, there: unknown, work: Promise<unknown>) => {
  const said = (await failure(work)).replace(`\n  ${HALF_MADE}`, "");
  const world = worldOf(site);
  return [said, same(world, there) ? "nothing changed" : world];
};

/** A create that is disturbed at every command; yields what it leaves, and its site. */
const disturbed = async function* (trial: Trial, disturbance: Disturbance) {
  const { entry, desired } = trial;
  for (let n = 1, reached = true; reached; n += 1) {
    const site = await foreign(trial);
    const there = worldOf(site);
    let left: Resource | undefined;
    reached = await cutAt(site, { n, ...disturbance }, async () => {
      left = leftBy(await thrown(run(entry, site).create(desired(site))));
    });
    if (reached) yield { n, site, there, left };
    site.dispose();
  }
};

const adopting = laws.filter(({ policy }) => "adopt" in policy);

describe.each(adopting)("$kind", (entry) => {
  // Real programs of a shell take longer than orders of a cluster in memory.
  const isOfHost = entry.kind === "LibvirtSecret";
  const disturbances = DISTURBANCES.filter(({ name }) => !isOfHost || name === "failing at");
  const only = entry.kind === "CephAuthEntity" ? "add-caps" : isOfHost ? undefined : "only";
  const policies = ["if-identical", "never", "overwrite", only].filter(
    (adopt) => adopt !== undefined && !(entry.kind === "CephErasureCodeProfile" && adopt === "overwrite"),
  );
  const atStake = { onDelete: "remove", ...("forceDestroy" in entry.policy ? { forceDestroy: true } : {}) };
  const states = [
    ["as it is", entry.first, false],
    ["otherwise", entry.otherwise ?? entry.later, true],
  ] as const;
  const trials = policies.flatMap((adopt) =>
    states
      .filter(([, , isOtherwise]) => isOtherwise || !isOfHost)
      .map(([wanted, of, isOtherwise]) => ({
        isOtherwise,
        adopt,
        wanted,
        entry,
        desired: (site: Site) => ({ ...of(site), ...atStake, adopt }),
      })),
  );

  test.each(trials)(
    "wanted $wanted by adopt $adopt: a disturbed create ends as an undisturbed one",
    async (trial) => {
      const whole = await foreign(trial);
      const expected = await outcomeOf(whole, worldOf(whole), run(entry, whole).create(trial.desired(whole)));
      const isRefused = expected[0] !== "no failure";
      for (const disturbance of disturbances)
        for await (const { n, site, there, left } of disturbed(trial, disturbance)) {
          const turn = (n + DISTURBANCES.indexOf(disturbance)) % 3;
          const found = turn === 0 ? await refreshed(entry, site, left) : left;
          // By turns a destroy comes at once.
          if (turn !== 1 || !isRefused) {
            const outcome = await outcomeOf(site, there, up(entry, site, found, trial.desired(site)));
            expect([disturbance.name, n, ...outcome]).toEqual([disturbance.name, n, ...expected]);
          }
          if (!isRefused || found === undefined) continue;
          await run(entry, site).remove(found);
          expect([disturbance.name, n, worldOf(site)]).toEqual([disturbance.name, n, there]);
        }
    },
    120_000,
  );
});
