/** What the blocklist is called: "blacklist" before Ceph 16, and for clients of before on a later cluster. */
import { expect, test } from "@jest/globals";
import { cephAuthEntity } from "../../../../providers/ceph-auth-entity/index";
import { newKey } from "../../../../providers/formats/keyring";
import { fakeCeph16_2_15, type FakeCeph } from "../../../support/fake-ceph";
import { addPool } from "../../../support/fake-ceph-pools";
import { runOf } from "../../../support/run-of";

const ENTITY = "client.nova";
const OLD = 'allow r, allow command "osd blacklist"';
const NEW = 'allow r, allow command "osd blocklist"';
const NAUTILUS = "ceph version 14.2.21 (5ef401921d7a88aea18ec7558f7f9374ebd8f5a6) nautilus (stable)";

const cluster = (mon?: string, version?: string): FakeCeph => {
  const ceph = fakeCeph16_2_15();
  addPool(ceph, "vms");
  if (version !== undefined) ceph.version = version;
  if (mon !== undefined) ceph.entities.set(ENTITY, { key: newKey(), caps: { mon, osd: "allow r" } });
  return ceph;
};
const made = async (ceph: FakeCeph, mon: string, more: object = {}): Promise<string | undefined> => {
  const entity = runOf({ mon1: ceph.machine }).of(cephAuthEntity);
  const caps = { mon, osd: "profile rbd pool=vms" };
  await entity.create({
    cluster: { fsid: ceph.fsid, admin: "mon1" },
    entity: ENTITY,
    caps,
    adopt: "overwrite",
    ...more,
  });
  return ceph.entities.get(ENTITY)?.caps["mon"];
};
const sorted = (text: string | undefined): string[] => (text ?? "").split(", ").sort();

test("a new entity has it in the word of the cluster's release, whichever the program writes", async () => {
  expect(sorted(await made(cluster(), OLD))).toEqual(sorted(NEW));
  expect(sorted(await made(cluster(undefined, NAUTILUS), NEW))).toEqual(sorted(OLD));
});

test("an edit of another clause leaves the word that is there, also both", async () => {
  expect(sorted(await made(cluster(OLD), NEW))).toEqual(sorted(OLD));
  expect(sorted(await made(cluster(`${NEW}, allow command "osd blacklist"`), NEW))).toEqual(
    sorted(`${NEW}, allow command "osd blacklist"`),
  );
});

test("a rotation leaves it, too", async () => {
  const ceph = cluster(OLD);
  const entity = runOf({ mon1: ceph.machine }).of(cephAuthEntity);
  const inputs = (keyGeneration: number) => ({
    cluster: { fsid: ceph.fsid, admin: "mon1" },
    entity: ENTITY,
    caps: { mon: NEW, osd: "allow r" },
    keyGeneration,
  });
  const before = ceph.entities.get(ENTITY)?.key;
  await entity.update(await entity.create(inputs(1)), inputs(2));
  expect(ceph.entities.get(ENTITY)?.key).not.toBe(before);
  expect(sorted(ceph.entities.get(ENTITY)?.caps["mon"])).toEqual(sorted(OLD));
});

test("caps that do not name it cost no question", async () => {
  const ceph = cluster();
  await made(ceph, "profile rbd");
  expect(ceph.orders.some((order) => order.do === "mon" && order.command.prefix === "version")).toBe(false);
});
