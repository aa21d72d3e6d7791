/** Options of one file between resources, stacks and people, by the real engine. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ConfigSection } from "../../index";
import type { TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { CINDER, drifted, fileFacts, good, lifeStack, records, resources, steps } from "../support/lifecycle";

type Options = Readonly<Record<string, string | number | boolean>>;

const section = (name: string, options: Options, where = "DEFAULT") =>
  new ConfigSection(name, { host: "vol1", path: CINDER, section: where, options });

const text = () => on("vol1", `cat ${CINDER}`);
/** The lines of an option that count, wherever they stand. */
const lines = (name: string) => on("vol1", `grep -n '^${name} *=' ${CINDER} | sed 's/^[0-9]*://' || true`);
const tamper = (sed: string) => on("vol1", `sed -i '${sed}' ${CINDER}`);

let stack: TestStack;
let stock: string;

beforeAll(async () => {
  stock = await text();
  stack = await lifeStack("options", () => {
    section("one", { enabled_backends: "ceph", debug: true });
    section("two", { backup_workers: 2 });
    section("own", { rbd_pool: "volumes" }, "life");
  });
  good(await stack.up());
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await on("vol1", `cat >${CINDER}`, stock);
});

test("an option that moves from one resource to another in one up is not written, and neither is one that goes the other way", async () => {
  const before = await fileFacts("vol1", CINDER);
  stack.program(() => {
    section("one", { enabled_backends: "ceph", backup_workers: 2 });
    section("two", { debug: true });
    section("own", { rbd_pool: "volumes" }, "life");
  });
  expect(steps(good(await stack.up()))).toEqual(["update one", "update two"]);
  expect(await fileFacts("vol1", CINDER)).toBe(before);
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("all options move into another resource while theirs is deleted: none is put back", async () => {
  const before = await fileFacts("vol1", CINDER);
  stack.program(() => {
    section("one", { enabled_backends: "ceph", backup_workers: 2, debug: true });
    section("own", { rbd_pool: "volumes" }, "life");
  });
  expect(steps(good(await stack.up()))).toEqual(["delete two", "update one"]);
  expect(await fileFacts("vol1", CINDER)).toBe(before);
}, 120_000);

test("--target changes that resource's options and no other's", async () => {
  stack.program(() => {
    section("one", { enabled_backends: "other", backup_workers: 2, debug: true });
    section("own", { rbd_pool: "other" }, "life");
  });
  const target = [(await resources(stack)).get("one")?.urn ?? ""];
  expect(steps(good(await stack.up({ target })))).toEqual(["update one"]);
  expect([await lines("enabled_backends"), await lines("rbd_pool")]).toEqual([
    "enabled_backends = other\n",
    "rbd_pool = volumes\n",
  ]);
  expect(steps(good(await stack.up()))).toEqual(["update own"]);
  expect(await lines("rbd_pool")).toBe("rbd_pool = other\n");
}, 120_000);

test("what a person changed shows in a refresh, and a destroy leaves it and says so", async () => {
  await tamper(
    "s/^enabled_backends = other/enabled_backends = by-hand/; s/^rbd_pool = other/rbd_pool = by-hand/",
  );
  const refreshed = good(await stack.refresh());
  expect(drifted(refreshed)).toEqual(["one options.enabled_backends", "own options.rbd_pool"]);
  const { output } = good(await stack.destroy());
  expect(output).toContain(`enabled_backends in ${CINDER} is left as it is`);
  expect(output).toContain(`rbd_pool in ${CINDER} is left as it is`);
  expect(await lines("debug")).toBe("");
  expect([await lines("enabled_backends"), await lines("rbd_pool")]).toEqual([
    "enabled_backends = by-hand\n",
    "rbd_pool = by-hand\n",
  ]);
  expect(await records()).toBe("");
  await tamper(
    "s/^enabled_backends = by-hand/enabled_backends = lvm/; /^rbd_pool = by-hand/d; /^\\[life\\]$/d",
  );
  expect((await text()).trimEnd()).toBe(stock.trimEnd());
  await on("vol1", `cat >${CINDER}`, stock);
}, 120_000);

test("what a person changed without a refresh is left by a destroy, too", async () => {
  stack.program(() => {
    section("one", { enabled_backends: "ceph", debug: true });
  });
  good(await stack.up());
  await tamper("s/^enabled_backends = ceph/enabled_backends = by-hand/");
  const { output } = good(await stack.destroy());
  expect(output).toContain(`enabled_backends in ${CINDER} is left as it is`);
  expect(await lines("enabled_backends")).toBe("enabled_backends = by-hand\n");
  await tamper("s/^enabled_backends = by-hand/enabled_backends = lvm/");
  expect(await text()).toBe(stock);
}, 120_000);
