/** An erasure-coded data pool beside a replicated one, with a profile and rules of its own, by the real engine on a real cluster. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephCrushRule, CephErasureCodeProfile, CephPool } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph } from "../support/hosts";
import { cluster, drifted, good, lifeStack, records, removePools, steps } from "../support/lifecycle";

interface Desired {
  readonly k?: number;
  readonly rule?: string;
  readonly place?: string;
}

const program =
  ({ k = 2, rule = "life-fast", place = "osd" }: Desired = {}) =>
  () => {
    const on = { cluster: cluster(), pgNum: { initial: 8 }, onDelete: "remove" } as const;
    const profile = new CephErasureCodeProfile("profile", {
      cluster: cluster(),
      name: "life-ec",
      k,
      m: 1,
      crushFailureDomain: "osd",
    });
    const fast = new CephCrushRule("rule", {
      cluster: cluster(),
      name: rule,
      type: "replicated",
      failureDomain: place,
      deviceClass: "hdd",
    });
    const erasure = new CephCrushRule("ec-rule", {
      cluster: cluster(),
      name: "life-ec-rule",
      type: "erasure",
      erasureCodeProfile: profile.name,
    });
    new CephPool("meta", { ...on, name: "life-meta", size: 2, crushRule: fast.name });
    new CephPool("data", {
      ...on,
      name: "life-data",
      type: "erasure",
      erasureCodeProfile: profile.name,
      crushRule: erasure.name,
      allowEcOverwrites: true,
    });
    new CephPool("unruled", {
      ...on,
      name: "life-unruled",
      type: "erasure",
      erasureCodeProfile: profile.name,
    });
  };

const names = async () =>
  (await ceph("ceph osd erasure-code-profile ls; ceph osd crush rule ls")).split("\n");
const ours = async () => (await names()).filter((name) => name.includes("life")).sort();

let stack: TestStack;

beforeAll(async () => {
  stack = await lifeStack("erasure-coded", program());
  good(await stack.up());
}, 180_000);

afterAll(async () => {
  await stack.destroy();
  await removePools("life-meta", "life-data", "life-unruled").catch(() => undefined);
  await stack.remove();
}, 180_000);

test("profile and rules are made before the pools, and a second up and a refresh change nothing", async () => {
  expect(await ours()).toEqual(["life-ec", "life-ec-rule", "life-fast", "life-unruled"]);
  good(await stack.up({ expectNoChanges: true }));
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 180_000);

test("an image with its data in the erasure-coded pool is made, written, read back and removed", async () => {
  await ceph("rbd create --size 16M --data-pool life-data life-meta/image");
  await ceph(
    "head -c 4194304 /dev/urandom > /tmp/life-in && rbd import --data-pool life-data /tmp/life-in life-meta/copy",
  );
  await ceph("rbd export life-meta/copy /tmp/life-out 2>/dev/null && cmp /tmp/life-in /tmp/life-out");
  expect(await ceph("rados -p life-data ls")).toContain("rbd_data.");
  await ceph(
    "rbd rm life-meta/image 2>/dev/null && rbd rm life-meta/copy 2>/dev/null; rm -f /tmp/life-in /tmp/life-out",
  );
}, 180_000);

test("another k is refused in a preview, and says that another name is the way", async () => {
  stack.program(program({ k: 3 }));
  const { error, output } = await stack.preview();
  expect(error).toBeDefined();
  expect(output).toContain("another name makes a new one");
}, 120_000);

test("a rule in use is not changed; under another name the pool moves to the new one, and the old one goes", async () => {
  stack.program(program({ place: "host" }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toContain("CRUSH rule life-fast is in use by life-meta");
  stack.program(program({ rule: "life-faster" }));
  good(await stack.up());
  expect(await ours()).toEqual(["life-ec", "life-ec-rule", "life-faster", "life-unruled"]);
  expect(await ceph("ceph osd pool get life-meta crush_rule")).toContain("life-faster");
  good(await stack.up({ expectNoChanges: true }));
}, 180_000);

test("a profile that somebody forced is seen by a refresh, and the next preview says so", async () => {
  await ceph("ceph osd erasure-code-profile set life-ec k=2 m=2 crush-failure-domain=osd --force");
  expect(drifted(good(await stack.refresh()))).toEqual(["profile m"]);
  expect((await stack.preview()).output).toContain("somebody has changed the profile by --force");
  await ceph("ceph osd erasure-code-profile set life-ec k=2 m=1 crush-failure-domain=osd --force");
  good(await stack.refresh());
  expect(steps(good(await stack.up()))).toEqual([]);
}, 180_000);

test("a destroy takes all of it away, the rule that Ceph made for a pool without one too, and its records", async () => {
  good(await stack.destroy());
  expect(await ours()).toEqual([]);
  expect(await records()).toBe("");
}, 180_000);
