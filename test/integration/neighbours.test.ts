/** Pools of other applications beside ours, of names near to ours, real ones: nothing of theirs changes, and none of them is taken for ours. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephPool } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph } from "../support/hosts";
import { cluster, good, lifeStack, removePools, steps } from "../support/lifecycle";

const THEIRS = ["near.meta", "near.data", "near.rgw.log", "near2"] as const;
const pool = (name: string, logical = "pool") =>
  new CephPool(logical, { cluster: cluster(), name, pgNum: 8, pgAutoscaleMode: "off", onDelete: "remove" });

/** Everything about their pools, and the file system that is made of two of them. */
const theirs = async () => {
  const lines = (await ceph("ceph osd pool ls detail; ceph fs ls")).split("\n");
  const settings = lines.filter(
    (line) => THEIRS.some((name) => line.includes(`'${name}'`)) || line.startsWith("name: "),
  );
  return settings
    .map((line) => line.replace(/ (last_change|lfor|autoscale_mode|pg_num|pgp_num)\S* \S+/g, ""))
    .join("\n");
};

let stack: TestStack;
let before: string;
beforeAll(async () => {
  await ceph(`
    for pool in ${THEIRS.join(" ")}; do ceph osd pool create $pool 8 && ceph osd pool set $pool pg_autoscale_mode off; done
    ceph fs new near near.meta near.data
    ceph osd pool application enable near.rgw.log rgw; ceph osd pool application enable near2 cephfs
    echo theirs | rados -p near.rgw.log put object -`);
  before = await theirs();
  stack = await lifeStack("neighbours", () => pool("near"));
}, 300_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await ceph("ceph fs fail near; ceph fs rm near --yes-i-really-mean-it");
  await removePools(...THEIRS);
}, 300_000);

test("a pool of ours is made, found and deleted beside them, and nothing of theirs changes", async () => {
  expect(before).toMatch(/cephfs[^]*rgw|rgw[^]*cephfs/);
  expect(steps(good(await stack.up()))).toEqual(["create pool"]);
  good(await stack.up({ refresh: true, expectNoChanges: true }));
  expect(await theirs()).toBe(before);
  good(await stack.destroy());
  expect(await theirs()).toBe(before);
  expect(await ceph("rados -p near.rgw.log get object -")).toBe("theirs\n");
}, 300_000);

test("a pool of our name that belongs to another application is refused as what it is, and left", async () => {
  stack.program(() => pool("near2", "other"));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toMatch(/pool near2[^]*application/);
  expect(await theirs()).toBe(before);
}, 180_000);
