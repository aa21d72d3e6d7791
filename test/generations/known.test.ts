/** What differs from one generation of Ceph to the next, on whatever generation the sandbox is of: what is made of it, by the real tools. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { CephErasureCodeProfile, CephPool } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, clusterDump } from "../support/hosts";
import { cluster, good, lifeStack, removePools, steps } from "../support/lifecycle";

const release = async () => Number(/(\d+)\.\d+\.\d+/.exec(await ceph("ceph version"))?.[1]);

const detail = async (name: string) =>
  (await ceph("ceph osd pool ls detail")).split("\n").find((line) => line.includes(` '${name}' `)) ?? "";

let stack: TestStack;
const stackOf = async (name: string, program: () => unknown) => {
  stack = await lifeStack(name, program);
  return stack;
};
const made = () => ({ cluster: cluster(), pgAutoscaleMode: "off", onDelete: "remove" }) as const;

afterEach(async () => {
  await stack.destroy();
  await stack.remove();
}, 300_000);

// A run that was ended may have left some.
const clear = () => removePools(".known", "known", "known-bulk", "known-data", "known-one");
beforeAll(clear, 300_000);
afterAll(clear, 300_000);

test("a pool whose name begins with a dot is refused before Ceph says that it has made what it has not", async () => {
  const { error, output } = await (
    await stackOf("dot", () => new CephPool("pool", { ...made(), name: ".known" }))
  ).up();
  expect(error).toBeDefined();
  expect(output).toMatch(/name.*"_", "\." and "-", the last two not first/);
  expect(await ceph("ceph osd pool ls")).not.toContain(".known");
  await ceph("ceph osd pool create .known 8 2>/dev/null");
  expect((await ceph("ceph osd pool ls")).includes(".known")).toBe((await release()) < 18);
}, 300_000);

test("what the release makes of a pool without pgNum, of the default profile and of a profile's plugin is no difference afterwards", async () => {
  await stackOf("defaults", () => {
    new CephPool("plain", { ...made(), name: "known" });
    new CephPool("data", { ...made(), name: "known-data", type: "erasure", pgNum: 8 });
    new CephErasureCodeProfile("profile", { cluster: cluster(), name: "known", k: 2, m: 1 });
  });
  expect(steps(good(await stack.up()))).toEqual(["create data", "create plain", "create profile"]);
  const number = await release();
  // The cluster's default; 1 where the autoscaler is on, from Ceph 18 on.
  expect(await detail("known")).toMatch(/ pg_num 8 /);
  expect(await detail("known-data")).toMatch(number < 16 ? / size 3 / : / size 4 /);
  expect(await ceph("ceph osd erasure-code-profile get known")).toMatch(
    number < 20 ? /plugin=jerasure/ : /plugin=isa/,
  );
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 300_000);

test("bulk is set where the release has it, and else refused by the name of the one that has, with nothing made", async () => {
  await stackOf("bulk", () => new CephPool("pool", { ...made(), name: "known-bulk", pgNum: 8, bulk: true }));
  const before = await clusterDump();
  const outcome = await stack.up();
  if ((await release()) < 16) {
    expect(outcome.output).toMatch(/bulk came with Ceph 16, and the cluster's monitors are of Ceph 14/);
    expect(await clusterDump()).toEqual(before);
  } else {
    good(outcome);
    expect(await detail("known-bulk")).toMatch(/flags \S*bulk/);
    good(await stack.up({ refresh: true, expectNoChanges: true }));
  }
}, 300_000);

test("one copy alone is made where the cluster allows it, and where it does not the refusal names the option", async () => {
  await stackOf("one", () => new CephPool("pool", { ...made(), name: "known-one", pgNum: 8, size: 1 }));
  // Ceph 14 has no such option.
  const knows = (await release()) >= 15;
  if (knows) await ceph("ceph config set mon mon_allow_pool_size_one false");
  try {
    const { error, output } = await stack.up();
    expect(error !== undefined).toBe(knows);
    if (knows) expect(output).toContain("mon_allow_pool_size_one true");
  } finally {
    if (knows) await ceph("ceph config rm mon mon_allow_pool_size_one");
  }
  if (knows) good(await stack.up());
  expect(await detail("known-one")).toMatch(/ size 1 /);
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 300_000);
