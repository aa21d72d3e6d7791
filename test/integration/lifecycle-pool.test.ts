/** A pool's name and what becomes of it, by the real engine: renamed by hand and in the program, kept, removed. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephAuthEntity, CephPool, type CephAuthEntityArgs, type CephPoolArgs } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph } from "../support/hosts";
import {
  cluster,
  drifted,
  good,
  lifeStack,
  records,
  removePools,
  resources,
  steps,
} from "../support/lifecycle";

const pool = (args: Omit<CephPoolArgs, "cluster">) => () => {
  new CephPool("pool", { cluster: cluster(), pgNum: { initial: 8 }, ...args });
};
/** `number name` of pools that have "life" in their name. */
const pools = async () => (await ceph("ceph osd lspools | grep life || true")).trim();

let stack: TestStack;
let made: string;

beforeAll(async () => {
  stack = await lifeStack("pool", pool({ name: "life-a", size: 2 }));
  good(await stack.up());
  made = (await pools()).split(" ")[0] ?? "";
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await removePools("life-a", "life-b", "life-c").catch(() => undefined);
  await stack.remove();
}, 120_000);

test("a pool renamed by hand is drift, and repaired", async () => {
  await ceph("ceph osd pool rename life-a by-hand-life");
  const refreshed = good(await stack.refresh());
  expect(drifted(refreshed)).toEqual(["pool name"]);
  expect(steps(good(await stack.up()))).toEqual(["update pool"]);
  expect(await pools()).toBe(`${made} life-a`);
}, 120_000);

test("another name without renamedFrom is refused before anything is touched", async () => {
  stack.program(pool({ name: "life-b", size: 3 }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toContain("renamedFrom");
  expect(await pools()).toBe(`${made} life-a`);
});

test("renamedFrom renames in place, and left in the program does nothing more", async () => {
  stack.program(pool({ name: "life-b", renamedFrom: "life-a", size: 2 }));
  expect(steps(good(await stack.up()))).toEqual(["update pool"]);
  expect(await pools()).toBe(`${made} life-b`);
  expect(await ceph("ceph config-key ls | grep pulumi")).not.toContain("life-a");
  good(await stack.up({ expectNoChanges: true }));
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 120_000);

test("renamedFrom passes over a pool that is not ours, also when it bears the old name", async () => {
  await ceph("ceph osd pool create life-a 8");
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
  expect(await pools()).toContain(`${made} life-b`);
  await removePools("life-a");
}, 120_000);

test("onDelete that was only written down does not count; applied by an up, it opens no connection, and destroy removes the pool", async () => {
  stack.program(pool({ name: "life-b", renamedFrom: "life-a", size: 2, onDelete: "remove" }));
  expect(steps(good(await stack.preview()))).toEqual(["update pool"]);
  const kept = good(await stack.destroy());
  expect(kept.output).toContain("pool life-b and its data are kept");
  expect(await pools()).toBe(`${made} life-b`);
  const adopted = good(await stack.up());
  expect(steps(adopted)).toEqual(["create pool"]);
  expect((await resources(stack)).get("pool")?.outputs["origin"]).toBe("adopted");
  good(await stack.destroy());
  expect(await pools()).toBe("");
  expect(await records()).toBe("");
}, 120_000);

test("a change of onDelete from remove to keep counts for the destroy that follows, for pool and entity", async () => {
  const program = (onDelete: "remove" | "keep") => () => {
    pool({ name: "life-c", onDelete })();
    const args: CephAuthEntityArgs = {
      cluster: cluster(),
      entity: "client.life-c",
      caps: { mon: "allow r" },
      onDelete,
    };
    new CephAuthEntity("entity", args);
  };
  stack.program(program("remove"));
  good(await stack.up());
  stack.program(program("keep"));
  expect(steps(good(await stack.up()))).toEqual(["update entity", "update pool"]);
  good(await stack.destroy());
  expect(await pools()).toMatch(/^\d+ life-c$/);
  expect(await ceph("ceph auth ls 2>/dev/null")).toContain("client.life-c");
  expect(await records()).toBe("");
  await ceph("ceph auth rm client.life-c");
}, 120_000);
