/** Renamed, moved and replaced in the program, by the real engine: what stands in the world is not touched, and a destroy still restores. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { TestStack } from "../support/engine";
import { clusterDump, difference, snapshot } from "../support/hosts";
import {
  FILES,
  clusterFacts,
  fileFacts,
  good,
  Group,
  lifeStack,
  oneOfEach,
  resources,
  steps,
} from "../support/lifecycle";

const KINDS = ["conf", "directory", "entity", "keyring", "pool", "secret", "section"];
const all = (op: string, prefix: string) => KINDS.map((kind) => `${op} ${prefix}-${kind}`);

let stack: TestStack;
let before: { cmp1: string[]; cluster: Awaited<ReturnType<typeof clusterDump>> };
let made: string;

const world = async () =>
  `${await clusterFacts("life", "client.life")}\n${await fileFacts("cmp1", ...FILES)}`;

beforeAll(async () => {
  before = { cmp1: await snapshot("cmp1"), cluster: await clusterDump() };
  stack = await lifeStack("lifecycle", () => oneOfEach("a"));
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
}, 120_000);

const unmoved = async () => expect(await world()).toBe(made);

test("up makes them; a second up reports no changes and moves nothing", async () => {
  expect(steps(good(await stack.up()))).toEqual(all("create", "a"));
  made = await world();
  expect(made).toContain("key = ");
  good(await stack.up({ expectNoChanges: true }));
  await unmoved();
}, 120_000);

test("a logical rename without an alias touches nothing", async () => {
  stack.program(() => oneOfEach("b"));
  expect(steps(good(await stack.up()))).toEqual([...all("create", "b"), ...all("delete", "a")]);
  await unmoved();
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("a logical rename with an alias touches nothing and is no change", async () => {
  const opts = (kind: string) => ({ aliases: [{ name: `b-${kind}` }] });
  stack.program(() => oneOfEach("c", { opts }));
  expect(steps(good(await stack.up()))).toEqual([]);
  await unmoved();
}, 120_000);

test("a move into a component without an alias touches nothing", async () => {
  stack.program(() => {
    const parent = new Group("group");
    oneOfEach("c", { opts: () => ({ parent }) });
  });
  expect(steps(good(await stack.up()))).toEqual([...all("create", "c"), ...all("delete", "c")]);
  await unmoved();
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("--replace re-applies in place", async () => {
  const replace = [...(await resources(stack)).values()]
    .map(({ urn }) => urn)
    .filter((urn) => urn.includes("ceph-openstack:"));
  const outcome = good(await stack.up({ replace }));
  expect(steps(outcome)).toEqual(
    ["create-replacement", "delete-replaced", "replace"].flatMap((op) => all(op, "c")),
  );
  await unmoved();
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("destroy after all that puts host and cluster back as they were", async () => {
  good(await stack.destroy());
  expect(difference(before.cmp1, await snapshot("cmp1"))).toEqual([]);
  expect(await clusterDump()).toEqual(before.cluster);
}, 120_000);
