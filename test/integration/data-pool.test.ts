/** An erasure-coded data pool in the component, on a real cluster: the service's own key and ceph.conf put data there, and no clause of its caps is idle. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephErasureCodeProfile, CephOpenStackIntegration } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, differences, on, snapshots } from "../support/hosts";
import { cluster, good, lifeStack, removePools, steps } from "../support/lifecycle";

const ENTITY = "client.data-cinder";
const few = {
  pgNum: { initial: 8 },
  pgAutoscaleMode: "warn",
  onDelete: "remove",
  forceDestroy: true,
} as const;
const small = { ...few, size: 2, minSize: 1 } as const;

let stack: TestStack;
let before: Awaited<ReturnType<typeof snapshots>>;

const program = () => {
  const profile = new CephErasureCodeProfile("profile", {
    cluster: cluster(),
    name: "data-profile",
    k: 2,
    m: 1,
    crushFailureDomain: "osd",
  });
  const rbd = new CephOpenStackIntegration("data", {
    cluster: cluster(),
    openstackRelease: "zed",
    pools: {
      volumes: { ...small, name: "data-volumes", dataPool: "coded" },
      coded: { ...few, name: "data-coded", type: "erasure", erasureCodeProfile: profile.name },
    },
    users: { cinder: "data-cinder" },
    cinder: { hosts: ["vol1"] },
    manage: { packages: false, services: false, checks: true },
  });
  return { verified: rbd.verified };
};

/** `rbd` on vol1 as the service's own user, with the ceph.conf and keyring that were written. */
const rbd = (words: string) =>
  on("vol1", `timeout 60 runuser -u cinder -- rbd --id ${ENTITY.replace("client.", "")} ${words} 2>&1`);

beforeAll(async () => {
  before = await snapshots();
  stack = await lifeStack("data-pool", program);
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await removePools("data-volumes", "data-coded");
}, 180_000);

test("an up is proven by the service's own key; a second one changes nothing", async () => {
  good(await stack.up());
  expect(await stack.outputs()).toMatchObject({ verified: true });
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 240_000);

test("an image that the service makes has its data in the erasure-coded pool", async () => {
  await rbd("create --size 8 data-volumes/volume-1");
  await rbd("bench --io-type write --io-size 4096 --io-total 65536 data-volumes/volume-1");
  expect(await rbd("info data-volumes/volume-1")).toContain("data_pool: data-coded");
  expect(await ceph("rados -p data-coded ls | grep -c ^rbd_data")).not.toBe("0\n");
  await rbd("rm --no-progress data-volumes/volume-1");
}, 120_000);

test("without the clause of the data pool the service can write nothing, and an up gives it back", async () => {
  const caps = await ceph(`ceph auth get ${ENTITY} 2>/dev/null`);
  expect(caps).toMatch(/osd = "[^"]*profile rbd pool=data-coded/);
  const less = "mon 'profile rbd' mgr 'profile rbd pool=data-volumes' osd 'profile rbd pool=data-volumes'";
  await ceph(`ceph auth caps ${ENTITY} ${less} >/dev/null 2>&1`);
  // `rbd bench` says so and exits 0.
  const put =
    "echo x | timeout 60 runuser -u cinder -- rados --id data-cinder -p data-coded put trial - 2>&1 || true";
  expect(await on("vol1", put)).toMatch(/not permitted/);
  expect(steps(good(await stack.up({ refresh: true })))).toContain("update data-auth-data-cinder");
  expect(await ceph(`ceph auth get ${ENTITY} 2>/dev/null`)).toBe(caps);
  expect(await on("vol1", put)).toBe("");
}, 240_000);

test("a destroy puts back what was there", async () => {
  good(await stack.destroy());
  expect(
    await ceph("ceph osd pool ls; ceph osd erasure-code-profile ls; ceph auth ls 2>/dev/null"),
  ).not.toContain("data-");
  expect(differences(before, await snapshots())).toEqual([]);
}, 180_000);
