/** State that one build wrote, in the hands of a build whose every other file has changed: same, clean, updated, destroyed. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { TestStack } from "../support/engine";
import { clusterDump, difference, snapshot } from "../support/hosts";
import { clusterFacts, fileFacts, FILES, good, lifeStack, oneOfEach, steps } from "../support/lifecycle";
import { otherProject, ownBuild, type OtherProject } from "../support/other-build";

let project: OtherProject;
let stack: TestStack;
let before: { cmp1: string[]; cluster: Awaited<ReturnType<typeof clusterDump>> };
let made: string;

const world = async () =>
  `${await clusterFacts("life", "client.life")}\n${await fileFacts("cmp1", ...FILES)}`;

beforeAll(async () => {
  before = { cmp1: await snapshot("cmp1"), cluster: await clusterDump() };
  project = otherProject();
  stack = await lifeStack("upgrade", () => oneOfEach("u"), { folder: project.folder });
  good(await stack.up());
  made = await world();
  const files = project.useOther();
  expect(files.size).toBeGreaterThan(40);
  const same = [...files].filter(([name, text]) => (ownBuild(name) ?? text) === text);
  expect(same).toEqual([]);
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  project.dispose();
}, 120_000);

test("it is that other build which runs", async () => {
  const entry = join(project.folder, "node_modules", "pulumi-ceph-openstack", "lib", "entry.js");
  renameSync(entry, `${entry}.away`);
  expect((await stack.refresh()).error).toBeDefined();
  renameSync(`${entry}.away`, entry);
});

test("an up is no change, a refresh is clean, and nothing is touched", async () => {
  good(await stack.up({ expectNoChanges: true }));
  expect(steps(good(await stack.refresh()))).toEqual([]);
  expect(steps(good(await stack.up({ refresh: true, expectNoChanges: true })))).toEqual([]);
  expect(await world()).toBe(made);
}, 120_000);

test("an update changes what it should: a rotated key reaches keyring and libvirt", async () => {
  stack.program(() => oneOfEach("u", { generation: 2 }));
  expect(steps(good(await stack.up()))).toEqual(["update u-entity", "update u-keyring", "update u-secret"]);
  expect(await world()).not.toBe(made);
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("a destroy puts host and cluster back as they were", async () => {
  good(await stack.destroy());
  expect(difference(before.cmp1, await snapshot("cmp1"))).toEqual([]);
  expect(await clusterDump()).toEqual(before.cluster);
}, 120_000);
