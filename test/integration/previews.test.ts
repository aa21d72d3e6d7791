/** Truthful previews: what a preview names is exactly what changes on the hosts and in the cluster, seen by hand before and after. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { site, type TestStack } from "../support/engine";
import { ceph } from "../support/hosts";
import { cluster, good, lifeStack, removePools } from "../support/lifecycle";
import { namedBy, run, type Program } from "../support/previews";
import { base } from "../support/previews-changes";
import { rows } from "../support/previews-rows";
import { changedIn } from "../support/previews-world";
import { worldOf, type World } from "../support/world";

const HOSTS = ["ctl1", "vol1", "cmp1", "cmp2"] as const;

let stack: TestStack;
let world: World;
let now: Program = base;

/** A preview, an `up`, and looks of one's own before and after. */
const change = async (to: Program) => {
  const before = world;
  const runs = { before: now, after: to };
  stack.program(run(to, cluster()));
  const preview = good(await stack.preview());
  good(await stack.up());
  world = await worldOf(HOSTS);
  now = to;
  return { named: namedBy(preview.steps), changed: changedIn([before, world], runs) };
};

beforeAll(async () => {
  expect(site().name).not.toBe("");
  stack = await lifeStack("previews", run(base, cluster()));
  good(await stack.up());
  world = await worldOf(HOSTS);
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  // A flag that was let go stays.
  await ceph("ceph osd pool set truth-a nodelete false");
  await removePools("truth-a", "truth-b", "truth-b2", "truth-c");
  await stack.remove();
}, 120_000);

// Each step takes the change before it back and makes its own: both ways of every change are looked at.
let common: Program = base;
let before: { readonly idle: readonly string[]; readonly follows: readonly string[] } = {
  idle: [],
  follows: [],
};

test.each(rows)(
  "$name: named exactly",
  async ({ to, idle = [], letGo = [], follows = [], only }) => {
    const { named, changed } = await change(to(common));
    const quiet = [...new Set([...idle, ...before.idle])].sort();
    const following = [...follows, ...before.follows];
    before = only === undefined ? { idle: [...idle, ...letGo], follows } : { idle: [], follows: [] };
    if (only === "forward") common = now;
    expect(changed.length + quiet.length > 0).toBe(only !== "nothing");
    expect(named.filter((line) => !quiet.includes(line))).toEqual(
      changed.filter((line) => !following.includes(line)),
    );
    expect(named.filter((line) => quiet.includes(line))).toEqual(quiet);
  },
  60_000,
);

test("another way to the cluster is named wherever it counts, and changes nothing", async () => {
  stack.program(run(now, { ...cluster(), admin: ["mon1", "ctl1"] }));
  const preview = good(await stack.preview());
  good(await stack.up());
  const after = await worldOf(HOSTS);
  expect(changedIn([world, after], { before: now, after: now })).toEqual([]);
  const asking = Object.entries(now).filter(([, { kind }]) => kind !== "section" && kind !== "directory");
  expect(namedBy(preview.steps)).toEqual(asking.map(([name]) => `${name} cluster.admin`).sort());
}, 60_000);
