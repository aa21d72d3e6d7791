/**
 * A cluster in stretch mode: what it sets itself (size 4, min_size 2) is no difference, what it does not let stand is refused in words that fit,
 * and what it does while a datacenter is missing is not undone.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephCrushRule, CephPool, type CephPoolArgs } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph } from "../support/hosts";
import { good, lifeStack, steps } from "../support/lifecycle";
import { both, ipv4, secondCluster, type SecondCluster } from "../support/second-cluster";

const WHERE = { a: both(ipv4(3)), b: both(ipv4(4)), c: both(ipv4(5)) };
const EAST = [0, 2];

let wide: SecondCluster;
let stack: TestStack;

type Pools = Readonly<Record<string, Partial<CephPoolArgs>>>;

/** The rule of the cluster, and pools of it. */
const program =
  (pools: Pools, ruled = true) =>
  () => {
    const { cluster } = wide;
    const rule = new CephCrushRule("rule", {
      cluster,
      name: "stretch_rule",
      type: "replicated",
      adopt: "only",
    });
    for (const [name, more] of Object.entries(pools))
      new CephPool(name, {
        cluster,
        pgNum: 4,
        ...(ruled ? { crushRule: rule.name } : {}),
        onDelete: "remove",
        forceDestroy: true,
        ...more,
      });
  };

const POOLS: Pools = { plain: {}, said: { size: 4, minSize: 2 }, found: { minSize: 2 } };

/** `size/min_size` of each pool, as the cluster has them. */
const sizes = async (): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    [
      ...(await wide.ceph("osd pool ls detail")).matchAll(
        /^pool \d+ '(.*?)' replicated size (\d+) min_size (\d+)/gm,
      ),
    ].map(([, name = "", size, minSize]) => [name, `${size}/${minSize}`]),
  );

const stretchMode = async (): Promise<Readonly<Record<string, unknown>>> => {
  const { stretch_mode = {} } = JSON.parse(await wide.ceph("osd dump -f json")) as {
    stretch_mode?: Readonly<Record<string, unknown>>;
  };
  return stretch_mode;
};

const pause = () => new Promise((resolve) => setTimeout(resolve, 500));
const becomes = async (mode: Readonly<Record<string, number>>): Promise<void> => {
  let now: Readonly<Record<string, unknown>> = {};
  for (let tries = 0; tries < 400; tries += 1) {
    now = await stretchMode();
    if (Object.entries(mode).every(([key, value]) => now[key] === value)) return;
    await pause();
  }
  throw new Error(`stretch mode is ${JSON.stringify(now)}, and not ${JSON.stringify(mode)}`);
};

beforeAll(async () => {
  wide = await secondCluster("wide", WHERE);
  await wide.osds(4);
  await wide.stretch({ a: "east", b: "west", c: "arbiter" });
  stack = await lifeStack("stretch", () => undefined);
}, 300_000);

afterAll(async () => {
  try {
    await stack.remove();
  } finally {
    await wide.remove();
  }
}, 120_000);

test("another size, an erasure-coded pool, and a first pool without a rule are refused with what to write instead", async () => {
  stack.program(program({ small: { size: 3 }, pieces: { type: "erasure" }, unruled: {} }, false));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toMatch(/pool small[^]*The cluster is in stretch mode[^]*`size` 4/);
  expect(output).toMatch(/pool pieces[^]*The cluster is in stretch mode: each pool is replicated/);
  expect(output).toMatch(/pool unruled[^]*Name a rule by `crushRule`/);
  expect(await sizes()).toEqual({});
}, 180_000);

test("pools are made and taken over as the cluster wants them, and there is nothing to do then", async () => {
  await wide.ceph("osd pool create found 4 4 replicated stretch_rule");
  await ceph("rbd --cluster wide pool init found");
  stack.program(program(POOLS));
  expect(steps(good(await stack.up()))).toEqual(["create found", "create plain", "create said"]);
  expect(await sizes()).toEqual({ found: "4/2", plain: "4/2", said: "4/2" });
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 180_000);

test("a pool is not set to a size that the cluster would not make, though it would let it be", async () => {
  stack.program(program({ ...POOLS, said: { size: 3, minSize: 2 } }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toMatch(/stretch mode: its pools have size 4[^]*says 3, and said has 4[^]*Give size: 4/);
  expect(await sizes()).toMatchObject({ said: "4/2" });
}, 180_000);

test("while a datacenter is missing its min_size is left, pools are made and changed, and a run is told why", async () => {
  await Promise.all([wide.kill("a"), ...EAST.map((osd) => wide.killOsd(osd))]);
  await becomes({ degraded_stretch_mode: 1 });
  expect(await sizes()).toEqual({ found: "4/1", plain: "4/1", said: "4/1" });
  stack.program(program(POOLS));
  good(await stack.up({ refresh: true, expectNoChanges: true }));
  stack.program(
    program({ ...POOLS, said: { size: 4, minSize: 2, quota: { maxBytes: 1e9 } }, late: { size: 4 } }),
  );
  const outcome = good(await stack.up({ refresh: true }));
  expect(steps(outcome)).toEqual(["create late", "update said"]);
  expect(outcome.output).toMatch(/pool said[^\n]*a datacenter[^\n]*missing: min_size stays 1/);
  // Ceph makes a pool of half the copies meanwhile, all in one datacenter, and leaves it so afterwards.
  expect(await sizes()).toEqual({ found: "4/1", late: "4/1", plain: "4/1", said: "4/1" });
}, 300_000);

test("when the datacenter is back everything is as the program says, and a min_size of a hand is drift again", async () => {
  await wide.start("a");
  await Promise.all(EAST.map((osd) => wide.startOsd(osd)));
  await becomes({ recovering_stretch_mode: 1 });
  good(await stack.up({ refresh: true, expectNoChanges: true }));
  // Without a manager nobody says that all is recovered.
  await wide.ceph("osd force_healthy_stretch_mode --yes-i-really-mean-it");
  expect(await sizes()).toEqual({ found: "4/2", late: "4/2", plain: "4/2", said: "4/2" });
  good(await stack.up({ refresh: true, expectNoChanges: true }));
  await wide.ceph("osd pool set said min_size 1");
  expect(steps(good(await stack.up({ refresh: true })))).toEqual(["update said"]);
  expect(await sizes()).toMatchObject({ said: "4/2" });
  good(await stack.destroy());
  expect(await sizes()).toEqual({});
}, 300_000);
