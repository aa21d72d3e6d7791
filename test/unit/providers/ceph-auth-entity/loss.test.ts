/** A change that takes rights from an entity says whose they were. */
import { expect, test } from "@jest/globals";
import { cephAuthEntity, type CephAuthEntityInputs } from "../../../../providers/ceph-auth-entity/index";
import { UNKNOWN, type Props } from "../../../../providers/kernel/json";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const checked = (caps: CephAuthEntityInputs["caps"], entity = "client.cinder") =>
  cephAuthEntity.check({ cluster, entity, caps }, undefined, (path, _value, why) => {
    throw new Error(`${path.join(".")} ${why}`);
  });
/** As state has them. */
const recorded = (inputs: CephAuthEntityInputs): Props => JSON.parse(JSON.stringify(inputs)) as Props;
const warned = (before: CephAuthEntityInputs | undefined, after: CephAuthEntityInputs): string =>
  (cephAuthEntity.warnings?.(after, before === undefined ? undefined : recorded(before)) ?? []).join("\n");

const both = checked({
  mon: "profile rbd",
  osd: ["profile rbd pool=volumes", "profile rbd pool=vms"],
  mgr: ["profile rbd pool=volumes", "profile rbd pool=vms"],
});
const volumes = checked({
  mon: "profile rbd",
  osd: ["profile rbd pool=volumes"],
  mgr: ["profile rbd pool=volumes"],
});

test("the clauses that go are named, each with its service, and no others", () => {
  const said = warned(both, volumes);
  expect(said).toContain("client.cinder loses mgr 'profile rbd pool=vms', osd 'profile rbd pool=vms'.");
  expect(said).toContain("a guest by a hard reboot");
});

test("less in a pool is a loss", () => {
  const less = checked({
    mon: "profile rbd",
    osd: ["profile rbd-read-only pool=volumes"],
    mgr: "profile rbd pool=volumes",
  });
  expect(warned(volumes, less)).toContain("loses osd 'profile rbd pool=volumes'.");
});

const withOsd = (...osd: string[]) => checked({ mon: "profile rbd", osd });

test("of several clauses about one pool those that go are named, and none that stays", () => {
  const said = warned(withOsd("profile rbd pool=vms", "allow rwx pool=vms"), withOsd("profile rbd pool=vms"));
  expect(said).toContain("client.cinder loses osd 'allow rwx pool=vms'. ");
});

test("what goes for one service is named where caps for another are not known yet", () => {
  const after = { ...volumes, caps: { ...volumes.caps, mgr: UNKNOWN } };
  expect(warned(both, after)).toContain("client.cinder loses osd 'profile rbd pool=vms'. ");
});

test.each([
  ["another pool", "profile rbd-read-only pool=images", "profile rbd pool=vms"],
  ["a pool where it had all", "profile rbd", "profile rbd pool=vms"],
  ["a namespace where it had all", "profile rbd pool=vms", "profile rbd pool=vms namespace=a"],
  ["fewer rights on every pool", "allow rwx pool=vms", "allow r"],
  ["another profile", "profile rbd pool=vms", "profile read-only pool=vms"],
])("%s is a loss", (_what, before, after) => {
  expect(warned(withOsd(before), withOsd(after))).toContain(`loses osd '${before}'.`);
});

test.each([
  [
    "one clause more about a pool",
    "profile rbd pool=vms",
    "profile rbd pool=vms, allow class-write pool=vms",
  ],
  ["writing where it read", "profile rbd-read-only pool=images", "profile rbd pool=images"],
  ["every pool in place of one", "profile rbd pool=vms", "profile rbd"],
  ["writing in every pool in place of reading one", "profile rbd-read-only pool=vms", "profile rbd"],
  ["every namespace in place of one", "profile rbd pool=vms namespace=a", "profile rbd pool=vms"],
  ["everything", "allow rwx pool=vms", "allow *"],
])("of %s nothing is said", (_what, before, after) => {
  expect(warned(withOsd(before), withOsd(after))).toBe("");
});

test.each([
  ["more caps", volumes, both],
  ["the same caps", both, both],
  ["a create", undefined, volumes],
  ["another entity", both, checked(volumes.caps, "client.nova")],
  ["caps of which one service is not known yet", both, { ...both, caps: { ...both.caps, osd: UNKNOWN } }],
  ["caps that are not known yet", both, Object.assign({}, both, { caps: UNKNOWN })],
])("of %s nothing is said", (_what, before, after) => {
  expect(warned(before, after)).toBe("");
});
