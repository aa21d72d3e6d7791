import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { capsFor } from "../../../../components/plan/caps";

/** @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#setup-ceph-client-authentication */
test.each([
  [
    "glance",
    { owns: ["images"] },
    { mon: "profile rbd", osd: ["profile rbd pool=images"], mgr: ["profile rbd pool=images"] },
  ],
  [
    "cinder, which nova uses too",
    { owns: ["volumes", "vms"], reads: ["images"] },
    {
      mon: "profile rbd",
      osd: ["profile rbd pool=volumes", "profile rbd pool=vms", "profile rbd-read-only pool=images"],
      mgr: ["profile rbd pool=volumes", "profile rbd pool=vms"],
    },
  ],
  [
    "cinder-backup",
    { owns: ["backups"], reads: ["volumes"] },
    {
      mon: "profile rbd",
      osd: ["profile rbd pool=backups", "profile rbd-read-only pool=volumes"],
      mgr: ["profile rbd pool=backups"],
    },
  ],
])("caps of %s are the documented ones", (_name, use, caps) => {
  expect(capsFor(use)).toEqual(caps);
});

test("before Octopus no caps of the manager are given", () => {
  expect(capsFor({ owns: ["images"] }, "nautilus")).toEqual({
    mon: "profile rbd",
    osd: ["profile rbd pool=images"],
  });
  expect(Object.keys(capsFor({ owns: ["images"] }, "octopus"))).toContain("mgr");
});

test("the name of a pool that is made flows into the clauses", async () => {
  const { osd, mgr = [] } = capsFor({ owns: [pulumi.output("images")], reads: [pulumi.output("vms")] });
  const clauses = await new Promise((resolve) => pulumi.all([...osd, ...mgr]).apply(resolve));
  expect(clauses).toEqual([
    "profile rbd pool=images",
    "profile rbd-read-only pool=vms",
    "profile rbd pool=images",
  ]);
});
