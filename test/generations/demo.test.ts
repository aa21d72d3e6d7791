/**
 * The demo, the whole component as `npm run demo` runs it, on hosts and a cluster of whatever generation, for the release of OpenStack whose files
 * these hosts have.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { destroyed, installed, looks, makeDemoSite, PUT_BACK, removeDemoSite } from "../support/demo-site";
import { demoStack, onSandbox, type TestStack } from "../support/engine";
import { differences, snapshots } from "../support/hosts";
import { good } from "../support/lifecycle";
import { ALL_UNITS, restartedBy, UNITS } from "../support/restarts";

let stack: Omit<TestStack, "program">;
let before: Awaited<ReturnType<typeof looks>>;

beforeAll(async () => {
  await makeDemoSite();
  before = await looks();
  stack = await demoStack("generationstest");
  await onSandbox(stack);
}, 300_000);

afterAll(async () => {
  await stack.destroy();
  await removeDemoSite();
  await stack.remove();
}, 300_000);

test("up says nothing that the hosts' release does not know, installs what is missing, restarts each service once and proves it", async () => {
  let output = "";
  const up = async () => {
    output = good(await stack.up()).output;
  };
  expect(await restartedBy(UNITS, up)).toEqual(ALL_UNITS);
  expect(output.split("\n").filter((line) => line.includes("warning"))).toEqual([]);
  expect(await installed()).toEqual(["ii ", "ii "]);
  expect(await stack.outputs()).toMatchObject({ verified: true });
}, 600_000);

test("a second up and a refresh find nothing, and move no file", async () => {
  const made = await snapshots({ exact: true });
  expect(good(await stack.up({ expectNoChanges: true })).steps).toEqual([]);
  const refreshed = good(await stack.up({ refresh: true, expectNoChanges: true }));
  expect([refreshed.drift, refreshed.steps]).toEqual([[], []]);
  expect(differences(made, await snapshots({ exact: true }))).toEqual([]);
}, 600_000);

test("destroy puts every path on every host and every entity back as it was, restarts what had read them, and keeps pools and packages", async () => {
  expect(await destroyed(stack, before)).toEqual(PUT_BACK);
}, 600_000);
