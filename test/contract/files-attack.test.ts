/**
 * The user whom a directory belongs to against root who writes in it: between any two system calls, at the start of every tool, and as fast
 * as he can. A fault names its seed: ATTACK_ROUNDS=1 ATTACK_SEED=… plays it alone. `npm run test:attack` is the long form.
 */
import { afterAll, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ACTIONS,
  LAYS,
  siteOf,
  storm,
  VERBS,
  work,
  type Dice,
  type Round,
  type Site,
} from "../support/attack";
import { hasStrace, workAtCalls } from "../support/attack-calls";
import { leftovers, outsideNow, wrongs } from "../support/attack-laws";
import { hasActedAtTool, siteAtTool } from "../support/attack-tools";

const asRoot = process.getuid?.() === 0 ? test : test.skip;
const SEED = Number(process.env["ATTACK_SEED"] ?? 1);
const ROUNDS = Number(process.env["ATTACK_ROUNDS"] ?? 8);
const MINUTES = 60_000;

const bin = mkdtempSync(join(tmpdir(), "attack-bin-"));
afterAll(() => rmSync(bin, { recursive: true, force: true }));

const dice = (seed: number): Dice => {
  let state = (seed * 2_654_435_761) % 4_294_967_296 || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  for (let time = 0; time < 5; time += 1) below(2);
  const one = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  };
  return { below, one };
};

const WHAT = ["target", "target", "temporary", "next"] as const;
const roundOf = ({ one }: Dice): Round => {
  const lay = one(LAYS);
  const what = lay === "below itself" ? one([...WHAT, "directory" as const]) : one(WHAT);
  return { verb: one(VERBS), lay, action: one(Object.keys(ACTIONS)), what };
};

/** What was seen to succeed against earlier ways to write: every second round at the start of a tool is one of them. */
const SEEN = [
  { action: "link to a device", what: "next" },
  { action: "link to a program", what: "target" },
  { action: "pipe", what: "target" },
] as const;
const seenRoundOf = ({ one }: Dice): Round => ({
  verb: one(["rewrite", "rekey", "restore", "keep"] as const),
  lay: one(LAYS),
  ...one(SEEN),
});

/** What came of all rounds. */
const tally = () => {
  const ends = new Map<string, number>();
  const faults: string[] = [];
  /** Does the work of one round and holds the laws. */
  const judge = async (
    seed: number,
    round: { readonly verb: string; readonly lay: string },
    site: Site,
    run: () => Promise<string>,
  ) => {
    const before = outsideNow(site);
    const end = await run();
    const key = `${round.verb} ${end.replace(/:.*/s, "")}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
    const after = outsideNow(site);
    const found = [
      ...(end.includes("ended by a signal") ? ["it hung"] : []),
      ...after.filter((line, at) => line !== before[at]).map((line) => `outside: ${line}`),
      ...wrongs(site),
      ...(await leftovers(site)).map((left) => `left: ${left}`),
    ];
    faults.push(...found.map((fault) => `${seed} ${JSON.stringify(round)} ${end}: ${fault}`));
  };
  const tell = (acts: number): void => {
    if (process.env["ATTACK_ROUNDS"] === undefined) return;
    const counts = [...ends].sort().map((pair) => pair.join(": "));
    process.stdout.write(`acts: ${acts}\n${counts.join("\n")}\n`);
  };
  return { faults, judge, tell };
};

const atTool = async (
  { below, one }: Dice,
  round: Round,
  check: (site: Site, run: () => Promise<string>) => Promise<void>,
): Promise<number> => {
  const at = 1 + below(24);
  const later = one([0, 1, 1, 2, 3]);
  const site = siteAtTool(bin, round, { at, back: later === 0 ? "never" : at + later });
  try {
    await check(site, () => work(site, round.verb));
  } finally {
    site.done();
  }
  return hasActedAtTool(bin) ? 1 : 0;
};

const seeds = (count: number): number[] => Array.from({ length: Math.ceil(count) }, (_, at) => SEED + at);

asRoot(
  "whatever a service does between system calls, root changes nothing outside, gives no rights away, leaves no lock, and comes to an end",
  async () => {
    const { faults, judge, tell } = tally();
    let acts = 0;
    if (!hasStrace())
      process.stdout.write("strace is not there: the service acts at the start of tools only\n");
    for (const seed of seeds(ROUNDS)) {
      const drawn = dice(seed);
      const round = roundOf(drawn);
      const told = { verb: round.verb, lay: round.lay, story: [] };
      acts += hasStrace()
        ? await workAtCalls(told, drawn, (site, run) => judge(seed, told, site, run))
        : await atTool(drawn, round, (site, run) => judge(seed, round, site, run));
    }
    tell(acts);
    expect(faults).toEqual([]);
    // Some come too late.
    expect(acts).toBeGreaterThan(0);
  },
  90 * MINUTES,
);

asRoot(
  "nor when he acts at the start of a tool",
  async () => {
    const { faults, judge, tell } = tally();
    let acts = 0;
    for (const seed of seeds(ROUNDS / 2)) {
      const drawn = dice(seed);
      const round = seed % 2 === 0 ? seenRoundOf(drawn) : roundOf(drawn);
      acts += await atTool(drawn, round, (site, run) => judge(seed, round, site, run));
    }
    tell(acts);
    expect(faults).toEqual([]);
    expect(acts).toBeGreaterThan(0);
  },
  90 * MINUTES,
);

asRoot(
  "nor when he exchanges names as fast as he can",
  async () => {
    const { faults, judge, tell } = tally();
    for (const seed of seeds(ROUNDS / 3)) {
      const { verb, lay } = roundOf(dice(seed));
      const site = siteOf({ verb, lay });
      await judge(seed, { verb, lay }, site, async () => {
        const attacker = storm(site, seed);
        const ends: string[] = [];
        for (let time = 0; time < 4; time += 1) ends.push(await work(site, verb));
        const ended = new Promise((resolve) => attacker.on("close", resolve));
        attacker.kill("SIGKILL");
        await ended;
        return ends.find((end) => end.includes("ended by a signal")) ?? ends.join();
      });
      site.done();
    }
    tell(4 * seeds(ROUNDS / 3).length);
    expect(faults).toEqual([]);
  },
  90 * MINUTES,
);
