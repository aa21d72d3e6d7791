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

test.each([
  ["more caps", volumes, both],
  ["the same caps", both, both],
  ["a create", undefined, volumes],
  ["another entity", both, checked(volumes.caps, "client.nova")],
  ["caps that are not known yet", both, { ...both, caps: { mon: "profile rbd", osd: UNKNOWN } }],
])("of %s nothing is said", (_what, before, after) => {
  expect(warned(before, after)).toBe("");
});
