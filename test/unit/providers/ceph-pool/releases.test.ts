import { beforeEach, expect, test } from "@jest/globals";
import { cephPool } from "../../../../providers/ceph-pool/index";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { poolNamed } from "../../../support/fake-ceph-pools";
import { ownerOf, runOf } from "../../../support/run-of";

let ceph: FakeCeph;
beforeEach(() => {
  ceph = fakeCeph16_2_15();
});

const create = (more: object) =>
  runOf({ mon1: ceph.machine })
    .of(cephPool, ownerOf("vms"))
    .create({ cluster: { fsid: ceph.fsid, admin: "mon1" }, name: "vms", ...more });
const asked = () => ceph.orders.filter((order) => order.do === "mon" && order.command.prefix === "version");

test.each([
  [{ bulk: true }, /bulk came with Ceph 16, and the cluster's monitors are of Ceph 14/],
  [{ pgNumMax: 64, bulk: false }, /bulk came with Ceph 16, pgNumMax came with Ceph 16|pgNumMax came/],
])(
  "%j is refused on Ceph 14 by the name of the release that has it, with nothing made",
  async (desired, said) => {
    ceph.version = "ceph version 14.2.21 (5ef401921d7a88aea18ec7558f7f9374ebd8f5a6) nautilus (stable)";
    await expect(create(desired)).rejects.toThrow(said);
    expect([ceph.writes(), ceph.pools.size, ceph.records.size]).toEqual([[], 0, 0]);
  },
);

test("what the release has is set", async () => {
  await create({ bulk: true, pgNumMax: 64 });
  expect(poolNamed(ceph, "vms")?.flags.has("bulk")).toBe(true);
});

test("the release is not asked where no such setting is desired", async () => {
  await create({ size: 2 });
  expect(asked()).toEqual([]);
});
