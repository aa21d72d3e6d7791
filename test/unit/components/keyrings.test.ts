import { expect, test } from "@jest/globals";
import { keyringsOf, type KeyringPlan } from "../../../components/keyrings";
import { layoutOf } from "../../../components/layout";

const roles = {
  glance: { hosts: ["ctl", "aio"] },
  cinder: { hosts: ["vol", "aio"] },
  cinderBackup: { hosts: ["bak", "aio"] },
  nova: { hosts: ["cmp", "aio"] },
};

test.each<[string, KeyringPlan[]]>([
  ["ctl", [{ user: "glance", owner: "glance" }]],
  ["vol", [{ user: "cinder", owner: "cinder" }]],
  [
    "bak",
    [
      { user: "cinderBackup", owner: "cinder" },
      { user: "cinder", owner: "cinder" },
    ],
  ],
  ["cmp", [{ user: "cinder", owner: "nova" }]],
  [
    "aio",
    [
      { user: "glance", owner: "glance" },
      { user: "cinder", owner: "cinder", group: "nova" },
      { user: "cinderBackup", owner: "cinder" },
    ],
  ],
  ["other", []],
])("keyrings of %s and who may read them", (host, keyrings) => {
  expect(keyringsOf(roles, layoutOf(), host)).toEqual(keyrings);
});

test("where two services are one user, its group suffices", () => {
  const layout = layoutOf({ users: { glance: "ceph", cinder: "ceph", nova: "ceph" } });
  expect(keyringsOf(roles, layout, "aio")).toContainEqual({ user: "cinder", owner: "ceph" });
});

test("a user is given with its group: a number, of a user in a container, needs it", () => {
  const kolla = (owner: string) => ({ owner, group: owner });
  const layout = layoutOf({ users: { glance: "glance", cinder: kolla("42407"), nova: kolla("42436") } });
  expect(keyringsOf(roles, layout, "vol")).toEqual([{ user: "cinder", owner: "42407", group: "42407" }]);
  expect(keyringsOf(roles, layout, "aio")).toContainEqual({ user: "cinder", owner: "42407", group: "42436" });
});
