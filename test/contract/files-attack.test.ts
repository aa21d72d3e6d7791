/**
 * The user whom a directory belongs to against root who writes in it: at the start of every tool of a write, and as fast as he can. A long
 * run: ATTACK_ROUNDS=2000 ATTACK_SEED=… npx jest --selectProjects contract --testPathPatterns files-attack
 */
import { afterAll, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACTIONS, emptied, LAYS, prepare, siteOf, storm, VERBS, work, type Round } from "../support/attack";
import { outsideNow, wrongs } from "../support/attack-laws";

const asRoot = process.getuid?.() === 0 ? test : test.skip;
const SEED = Number(process.env["ATTACK_SEED"] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env["ATTACK_ROUNDS"] ?? 12);
const MINUTES = 60_000;

const bin = mkdtempSync(join(tmpdir(), "attack-bin-"));
afterAll(() => rmSync(bin, { recursive: true }));

const dice = (seed: number) => {
  let state = (seed * 2_654_435_761) % 4_294_967_296 || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const one = <T>(items: readonly [T, ...T[]] | readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  };
  return { below, one };
};

const roundOf = (seed: number): Round => {
  const { below, one } = dice(seed);
  const lay = one(LAYS);
  return {
    verb: one(VERBS),
    lay,
    action: one(Object.keys(ACTIONS)),
    at: 1 + below(40),
    back: one([0, 1, 1, 2, 3]),
    what: one(
      lay === "below itself"
        ? (["target", "temporary", "directory"] as const)
        : (["target", "temporary"] as const),
    ),
  };
};

/** How many rounds ended how. */
const count = (ends: Map<string, number>, verb: string, end: string): void => {
  const key = `${verb} ${end.replace(/:.*/s, "")}`;
  ends.set(key, (ends.get(key) ?? 0) + 1);
};

const tell = (ends: Map<string, number>): void => {
  if (process.env["ATTACK_ROUNDS"] !== undefined)
    process.stdout.write(
      `${[...ends]
        .sort()
        .map((pair) => pair.join(": "))
        .join("\n")}\n`,
    );
};

asRoot(
  "whatever a service does at any step of a write, root changes nothing outside, gives no rights and no secret away, and comes to an end",
  async () => {
    const ends = new Map<string, number>();
    let acted = 0;
    for (let seed = SEED; seed < SEED + ROUNDS; seed += 1) {
      const round = roundOf(seed);
      emptied(bin);
      const site = siteOf(bin, round);
      try {
        const before = outsideNow(site);
        prepare(bin, site, round);
        const end = await work(site, round.verb);
        const told = { seed, round, end };
        expect({ ...told, outside: outsideNow(site), wrongs: wrongs(site) }).toEqual({
          ...told,
          outside: before,
          wrongs: [],
        });
        count(ends, round.verb, end);
        acted += existsSync(join(bin, "acted")) ? 1 : 0;
      } finally {
        site.done();
      }
    }
    tell(ends);
    // Some attacks come too late; in a round of them all the service did act.
    expect(acted).toBeGreaterThan(0);
  },
  90 * MINUTES,
);

asRoot(
  "nor does he who exchanges names as fast as he can",
  async () => {
    const ends = new Map<string, number>();
    for (let seed = SEED; seed < SEED + ROUNDS / 3; seed += 1) {
      const { verb, lay } = roundOf(seed);
      const site = siteOf(undefined, { verb, lay });
      const before = outsideNow(site);
      const attacker = storm(site, seed);
      try {
        for (let time = 0; time < 4; time += 1) {
          const end = await work(site, verb);
          const told = { seed, verb, lay, end };
          expect({ ...told, outside: outsideNow(site) }).toEqual({ ...told, outside: before });
          count(ends, verb, end);
        }
      } finally {
        const ended = new Promise((resolve) => attacker.on("close", resolve));
        attacker.kill("SIGKILL");
        await ended;
      }
      expect({ seed, verb, lay, wrongs: wrongs(site) }).toEqual({ seed, verb, lay, wrongs: [] });
      site.done();
    }
    tell(ends);
  },
  90 * MINUTES,
);
