/** One component over two real clusters: what each client is given opens its own cluster, and what is done in one leaves the other alone. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephOpenStackIntegration } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, differences, on, snapshots } from "../support/hosts";
import { cluster, good, lifeStack, removePools, steps } from "../support/lifecycle";
import { both, ipv4, secondCluster, type SecondCluster } from "../support/second-cluster";

const USER = "client.two-cinder";
const small = { pgNum: { initial: 8 }, onDelete: "remove", forceDestroy: true } as const;

let second: SecondCluster;
let stack: TestStack;
let before: Awaited<ReturnType<typeof snapshots>>;

const program = (keyGeneration: number) => () => {
  const { fsid, name } = second.cluster;
  const rbd = new CephOpenStackIntegration("two", {
    cluster: cluster(),
    clusters: { far: { fsid, name, adminName: name, admin: "mon1" } },
    openstackRelease: "zed",
    pools: {
      volumes: { ...small, name: "two-volumes", size: 2, minSize: 1, pgAutoscaleMode: "warn" },
      vms: { ...small, name: "two-vms", size: 2, minSize: 1, pgAutoscaleMode: "warn" },
      // It has no OSDs: nobody can list what is in a pool.
      distant: { ...small, name: "two-volumes", cluster: "far", rbdInit: false },
    },
    users: { cinder: "two-cinder" },
    keyGenerations: { "cinder@far": keyGeneration },
    cinder: {
      hosts: ["vol1"],
      backends: [
        { name: "near", pool: "volumes" },
        { name: "far", pool: "distant" },
      ],
    },
    nova: { hosts: ["cmp1"] },
    manage: false,
  });
  return { secretUuid: rbd.secretUuid, clusters: rbd.clusters, entities: rbd.entities };
};

/** The key of the user in each cluster, as the cluster has it. */
const keys = async () => ({
  near: (await ceph(`ceph auth get-key ${USER}`)).trim(),
  far: (await second.ceph(`auth get-key ${USER}`)).trim(),
});

/** The user's key in each keyring of a host. */
const keyrings = async (host: "vol1" | "cmp1") => {
  const keyIn = async (name: string) =>
    (await on(host, `sed -n 's/^.*key = //p' /etc/ceph/${name}.${USER}.keyring`)).trim();
  return { near: await keyIn("ceph"), far: await keyIn(second.name) };
};

/** Values of libvirt's secrets, by UUID. */
const secrets = async (): Promise<Readonly<Record<string, string>>> => {
  const uuids = (await on("cmp1", "virsh -q secret-list")).match(
    /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
  );
  const pairs = (uuids ?? []).map(async (uuid) => [
    uuid,
    (await on("cmp1", `virsh -q secret-get-value ${uuid}`)).trim(),
  ]);
  return Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
};

const option = async (section: string, name: string) =>
  (await on("vol1", `sed -n '/^\\[${section}\\]/,/^\\[/s/^${name} *= *//p' /etc/cinder/cinder.conf`)).trim();

beforeAll(async () => {
  second = await secondCluster("site2", { a: both(ipv4(3)) });
  before = await snapshots();
  stack = await lifeStack("two", program(1));
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await second.remove();
  await removePools("two-volumes", "two-vms");
}, 180_000);

test("an up gives each backend's host and each compute the conf, key and secret of both clusters; a second one changes nothing", async () => {
  good(await stack.up());
  expect(await stack.outputs()).toMatchObject({
    entities: { cinder: USER, "cinder@far": USER },
    clusters: { far: { fsid: second.cluster.fsid } },
  });
  const inClusters = await keys();
  expect(inClusters.near).not.toBe(inClusters.far);
  expect(await keyrings("vol1")).toEqual(inClusters);
  const uuids = {
    near: await option("near", "rbd_secret_uuid"),
    far: await option("far", "rbd_secret_uuid"),
  };
  expect(await secrets()).toEqual({ [uuids.near]: inClusters.near, [uuids.far]: inClusters.far });
  expect(await option("far", "rbd_ceph_conf")).toBe("/etc/ceph/site2.conf");
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 240_000);

test("each conf and keyring opens its own cluster with the rights of its own pool", async () => {
  const asUser = (name: string, words: string) =>
    on("vol1", `timeout 60 runuser -u cinder -- ceph --conf /etc/ceph/${name}.conf -n ${USER} ${words} 2>&1`);
  expect((await asUser("ceph", "fsid")).trim()).toBe(cluster().fsid);
  expect((await on("vol1", `timeout 60 ceph --cluster site2 -n ${USER} fsid`)).trim()).toBe(
    second.cluster.fsid,
  );
  expect((await asUser("site2", `--keyring /etc/ceph/site2.${USER}.keyring fsid`)).trim()).toBe(
    second.cluster.fsid,
  );
  expect(await second.ceph(`auth get ${USER} 2>/dev/null`)).toMatch(/profile rbd pool=two-volumes/);
  expect(await second.ceph(`auth get ${USER} 2>/dev/null`)).not.toContain("two-vms");
}, 180_000);

test("a rotation in one cluster rewrites what holds that key, and nothing of the other", async () => {
  const old = await keys();
  stack.program(program(2));
  const ran = steps(good(await stack.up()));
  expect(ran.length).toBeGreaterThan(0);
  expect(ran.every((step) => /^update .*@far/.test(step))).toBe(true);
  const now = await keys();
  expect(now.near).toBe(old.near);
  expect(now.far).not.toBe(old.far);
  expect(await keyrings("vol1")).toEqual(now);
  expect(Object.values(await secrets()).sort()).toEqual(Object.values(now).sort());
  good(await stack.up({ refresh: true, expectNoChanges: true }));
}, 240_000);

test("a destroy leaves nothing of it in either cluster and on no host", async () => {
  good(await stack.destroy());
  expect(await second.ceph("osd pool ls; ceph --cluster site2 auth ls 2>/dev/null")).not.toContain("two-");
  expect(await ceph("ceph osd pool ls; ceph auth ls 2>/dev/null")).not.toContain("two-");
  expect(differences(before, await snapshots())).toEqual([]);
}, 240_000);
