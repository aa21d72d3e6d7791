import { expect, test } from "@jest/globals";
import type { LayoutChoice } from "../../../../components/layouts/layout";
import { keyringsOn } from "../../../../components/plan/client-files";
import { integrationTopology } from "../../../../components/topology/integration";

const topology = (layout: LayoutChoice = {}) =>
  integrationTopology("rbd", {
    cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
    openstackRelease: "zed",
    glance: { hosts: ["ctl", "aio"] },
    cinder: { hosts: ["vol", "aio"] },
    cinderBackup: { hosts: ["bak", "aio"] },
    nova: { hosts: ["cmp", "aio"] },
    layout,
  });

const keyrings = (host: string, layout: LayoutChoice = {}) =>
  keyringsOn(topology(layout), host).map(({ user, roles: _, ...owner }) => ({ user: user.name, ...owner }));

test.each<[string, ReturnType<typeof keyrings>]>([
  ["ctl", [{ user: "glance", owner: "glance" }]],
  ["vol", [{ user: "cinder", owner: "cinder" }]],
  [
    "bak",
    [
      { user: "cinder-backup", owner: "cinder" },
      { user: "cinder", owner: "cinder" },
    ],
  ],
  ["cmp", [{ user: "cinder", owner: "nova" }]],
  [
    "aio",
    [
      { user: "glance", owner: "glance" },
      { user: "cinder", owner: "cinder", group: "nova" },
      { user: "cinder-backup", owner: "cinder" },
    ],
  ],
  ["other", []],
])("keyrings of %s and who may read them", (host, expected) => {
  expect(keyrings(host)).toEqual(expected);
});

test("where two services are one user, its group suffices", () => {
  const users = { glance: "ceph", cinder: "ceph", nova: "ceph" };
  expect(keyrings("aio", { users })).toContainEqual({ user: "cinder", owner: "ceph" });
});

test("a user is given with its group: a number, of a user in a container, needs it", () => {
  const kolla = (owner: string) => ({ owner, group: owner });
  const users = { glance: "glance", cinder: kolla("42407"), nova: kolla("42436") };
  expect(keyrings("vol", { users })).toEqual([{ user: "cinder", owner: "42407", group: "42407" }]);
  expect(keyrings("aio", { users })).toContainEqual({ user: "cinder", owner: "42407", group: "42436" });
});
