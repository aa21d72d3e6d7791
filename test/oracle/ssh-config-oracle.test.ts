/** Configurations of ssh are read as the real client reads them, or refused by name: thousands of random ones, judged by `ssh -G` and `ssh -v`. */
import { beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { availableParallelism } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { anyConfig, type ConfigCase } from "../support/ssh-config-arbitraries";
import type { Reached, Verdict } from "../support/ssh-config-judge";
import { comparable, shrunk, trial, type Outcome } from "../support/ssh-config-trial";

const SEED = Number(process.env["SSH_SEED"] ?? 20261127);
const MANY = Number(process.env["SSH_CONFIGS"] ?? 200);

const cases = fc.sample(anyConfig, { seed: SEED, numRuns: MANY });
const outcomes: Outcome[] = [];

const KINDS: readonly Outcome["kind"][] = ["same", "refused by both", "refused by name", "different"];
const count = (kind: Outcome["kind"]): number => outcomes.filter((one) => one.kind === kind).length;

beforeAll(async () => {
  const left = [...cases.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop())
      outcomes[next[0]] = await trial(next[1]);
  };
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, work));
  const passed = outcomes.filter(({ passedOver }) => passedOver > 0).length;
  for (const kind of KINDS) process.stderr.write(`${count(kind)} × ${kind}\n`);
  process.stderr.write(`${passed} of them with lines passed over for that host\n`);
}, 14_400_000);

/** What both say, without what they agree on. */
const differences = (ours: Verdict, real: Verdict): object => {
  const judge = "refused" in ours || "refused" in real ? real : comparable(real, ours);
  if ("refused" in ours || "refused" in judge) return { judge, ours: "refused" in ours ? ours : "taken" };
  const names = Object.keys(ours.values).filter(
    (name) => !isDeepStrictEqual(ours.values[name], judge.values[name]),
  );
  const pick = ({ values }: Reached) => Object.fromEntries(names.map((name) => [name, values[name]]));
  const via =
    ours.via === undefined || judge.via === undefined
      ? { ours: ours.via, judge: judge.via }
      : differences(ours.via, judge.via);
  return { ours: pick(ours), judge: pick(judge), via };
};

/** For people: the files that are read differently, with as few lines as it takes. */
const told = async (one: ConfigCase): Promise<object> => {
  const least = await shrunk(one);
  const { ours, judge } = await trial(least);
  const shown = differences(ours, judge);
  const files = Object.fromEntries(
    Object.entries(least.files).map(([name, text]) => [name, text.split("\n").filter((line) => line !== "")]),
  );
  return { host: least.host, files, ...shown };
};

test("a configuration leads where ssh would go, or is refused by name", async () => {
  const wrong = cases.filter((_one, at) => outcomes[at]?.kind === "different");
  const examples = await Promise.all(wrong.slice(0, 20).map(told));
  expect({ seed: SEED, wrong: wrong.length, examples }).toEqual({ seed: SEED, wrong: 0, examples: [] });
}, 600_000);

test("most of what ssh takes is taken", () => {
  expect(count("same")).toBeGreaterThan(count("refused by name"));
  expect(count("same")).toBeGreaterThan(MANY / 2);
  expect(count("refused by both")).toBeGreaterThan(0);
});

test("what is passed over for other hosts is the smaller part", () => {
  const passed = outcomes.filter(({ passedOver }) => passedOver > 0).length;
  expect(passed).toBeLessThan(MANY / 2);
});
