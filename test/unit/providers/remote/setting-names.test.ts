import { expect, test } from "@jest/globals";
import {
  environmentName,
  PLAIN_SETTINGS,
  SECRET_SETTINGS,
  unknownSettings,
  unknownVariables,
} from "../../../../providers/remote/setting-names";

test.each([
  ["sshUzer", "did you mean sshUser?"],
  ["sudopassword", "did you mean sudoPassword?"],
  ["maxConnection", "did you mean maxConnections?"],
  ["colour", "there are sshPrivateKey, "],
])("a misspelt key is refused with the nearest there is: %s", (key, said) => {
  expect(unknownSettings([key])).toEqual([
    expect.stringContaining(`ceph-openstack:${key} is no setting: ${said}`),
  ]);
});

test("known keys and variables are passed, and variables that only begin alike", () => {
  const names = [...PLAIN_SETTINGS, ...SECRET_SETTINGS];
  const env = Object.fromEntries(names.map((name) => [environmentName(name), "x"]));
  expect(unknownSettings(names)).toEqual([]);
  expect(unknownVariables({ ...env, CEPH_OPENSTACK_ADMIN: "a", CEPH_OPENSTACK_INVENTORY: "b" })).toEqual([]);
});

test("a misspelt variable is refused with the nearest there is", () => {
  expect(unknownVariables({ CEPH_OPENSTACK_SSHUSER: "x" })).toEqual([
    "CEPH_OPENSTACK_SSHUSER is no setting: did you mean CEPH_OPENSTACK_SSH_USER?",
  ]);
});
