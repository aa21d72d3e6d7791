/** Truthful previews: what a preview names is exactly what changes on the hosts and in the cluster, seen by hand before and after. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { site, type TestStack } from "../support/engine";
import { ceph } from "../support/hosts";
import { cluster, good, lifeStack, removePools } from "../support/lifecycle";
import { namedBy, run, type Kind, type Program } from "../support/previews";
import { base } from "../support/previews-changes";
import { newer } from "../support/previews-newer";
import { rows, type Row } from "../support/previews-rows";
import { makeSite, type Site } from "../support/previews-site";
import { changeOf, stepsOf, touched, type Change } from "../support/previews-steps";
import { changedIn } from "../support/previews-world";
import { worldOf, type World } from "../support/world";

const HOSTS = ["ctl1", "vol1", "cmp1", "cmp2"] as const;
const steps = stepsOf({ ...base, ...newer("http://localhost") }, rows);

let stack: TestStack;
let far: Site;
let world: World;
let common: Program;
let now: Program;

const look = async (): Promise<World> => new Map([...(await worldOf(HOSTS)), ...far.imageThings()]);

/** A preview, an `up`, and looks of one's own before and after. */
const change = async (to: Program) => {
  const [before, runs] = [world, { before: now, after: to }];
  stack.program(run(to, cluster()));
  const preview = good(await stack.preview());
  good(await stack.up());
  world = await look();
  now = to;
  return {
    worlds: [before, world] as const,
    runs,
    named: namedBy(preview.steps),
    changed: changedIn([before, world], runs),
  };
};

beforeAll(async () => {
  expect(site().name).not.toBe("");
  far = await makeSite();
  common = now = { ...base, ...newer(far.images) };
  stack = await lifeStack("previews", run(now, cluster()));
  good(await stack.up());
  world = await look();
}, 180_000);

afterAll(async () => {
  await stack.destroy();
  await far.remove();
  // A flag that was let go stays.
  await ceph("ceph osd pool set truth-a nodelete false");
  await removePools("truth-a", "truth-b", "truth-b2", "truth-c");
  await stack.remove();
}, 180_000);

/** How often each unit that writes it down began in a run. */
const starts = ([before, after]: readonly [World, World]): number[] =>
  [...after].flatMap(([thing, facts]) => {
    const [was, is] = [before.get(thing)?.get("starts"), facts.get("starts")];
    return is === undefined || was === is ? [] : [Number(is) - Number(was ?? 0)];
  });

// Each run takes the changes of the one before it back and makes its own: both ways of every change are looked at.
describe.each(steps.map((step, at) => ({ at, step, name: step.map(({ name }) => name).join(", ") })))(
  "run $at",
  ({ at, step }) => {
    const back: readonly Row[] = (steps[at - 1] ?? []).filter(({ only }) => only !== "forward");
    let seen: Change;
    let rowsOf: (row: Row) => string[];

    beforeAll(async () => {
      const from = common;
      rowsOf = (row) => touched(from, row);
      const to = step.reduce((program, row) => row.to(program), from);
      seen = changeOf(await change(to), { step, back });
      if (step.some(({ only }) => only === "forward")) common = to;
    }, 180_000);

    test.each(step)("$name: named exactly", (row) => {
      const { named, changed, quiet } = seen.about(rowsOf(row));
      expect(named).toEqual([...changed, ...quiet].sort());
      expect(changed.length + quiet.length > 0).toBe(row.only !== "nothing");
    });

    if (back.length > 0)
      test.each(back)("$name, taken back: named exactly", (row) => {
        const { named, changed, quiet } = seen.about(rowsOf(row));
        expect(named).toEqual([...changed, ...quiet].sort());
      });

    test("nothing else is named, nothing else changes, and no unit restarts twice", () => {
      const { named, changed, quiet } = seen.beside([...step, ...back].flatMap(rowsOf));
      expect({ named, changed, quiet }).toEqual({ named: [], changed: [], quiet: [] });
      expect(starts(seen.worlds).filter((count) => count !== 1)).toEqual([]);
    });
  },
);

const WITHOUT_CLUSTER: readonly Kind[] = ["section", "directory", "service", "packages", "image"];

test("another way to the cluster is named wherever it counts, and changes nothing", async () => {
  stack.program(run(now, { ...cluster(), admin: ["mon1", "ctl1"] }));
  const preview = good(await stack.preview());
  good(await stack.up());
  const after = await look();
  expect(changedIn([world, after], { before: now, after: now })).toEqual([]);
  const asking = Object.entries(now).filter(([, { kind }]) => !WITHOUT_CLUSTER.includes(kind));
  expect(namedBy(preview.steps)).toEqual(asking.map(([name]) => `${name} cluster.admin`).sort());
}, 120_000);
