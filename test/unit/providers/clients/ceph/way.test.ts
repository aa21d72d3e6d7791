import { describe, expect, test } from "@jest/globals";
import { addressed, openDoor, wayOf } from "../../../../../providers/clients/ceph/way";
import { Failure, type FailureCode } from "../../../../../providers/remote/failure";
import type { Machine } from "../../../../../providers/remote/machine";
import { readSettings } from "../../../../../providers/remote/settings";
import { fakeCeph16_2_15 } from "../../../../support/fake-ceph";

const settings = readSettings(() => undefined, {});
const broken = (name: string, code: FailureCode): Machine => ({
  name,
  run: () => Promise.reject(new Failure({ code, host: name, what: "no answer" })),
  open: () => Promise.reject(new Failure({ code, host: name, what: "no answer" })),
});

describe("which admin host", () => {
  const cluster = { fsid: "f-1", admin: "mon1", prefix: ["podman", "exec", "-i", "mon"] };

  test("the environment's admin host beats the one in state, and leaves the rest", () => {
    expect(addressed(cluster, { admin: ["mon7"], cluster: undefined })).toEqual({
      ...cluster,
      admin: ["mon7"],
    });
  });

  test("CEPH_OPENSTACK_CLUSTER says it by fsid, and touches no other cluster", () => {
    const json = JSON.stringify({ "f-1": { admin: "mon7", prefix: [] }, "f-2": { admin: "x" } });
    expect(addressed(cluster, { admin: undefined, cluster: json })).toEqual({
      fsid: "f-1",
      admin: "mon7",
      prefix: [],
    });
    expect(addressed({ fsid: "f-3", admin: "a" }, { admin: undefined, cluster: json })).toEqual({
      fsid: "f-3",
      admin: "a",
    });
  });

  test.each([
    ["not JSON", /not a JSON object/],
    ['{"f-1": {"user": "x"}}', /user is not a field/],
    ['{"f-1": {"admin": 5}}', /admin/],
  ])("CEPH_OPENSTACK_CLUSTER %s is refused", (json, reason) => {
    expect(() => addressed(cluster, { admin: undefined, cluster: json })).toThrow(reason);
  });
});

test("the tools call a cluster as its admin host does, where that is another name than on the clients", () => {
  const name = (cluster: { name?: string; adminName?: string }) =>
    wayOf({ fsid: "f-1", ...cluster }, settings).name;
  expect([name({}), name({ name: "far" }), name({ name: "far", adminName: "ceph" })]).toEqual([
    "ceph",
    "far",
    "ceph",
  ]);
});

describe("a door", () => {
  const ceph = fakeCeph16_2_15();
  const way = wayOf({ fsid: ceph.fsid }, settings);

  test.each(["unreachable", "timeout", "authentication", "sudo"] as const)(
    "is opened on the next host when one is %s",
    async (code) => {
      expect((await openDoor([broken("mon0", code), ceph.machine], way)).host).toBe("mon1");
    },
  );

  test.each<[string, FailureCode[], FailureCode]>([
    ["none of them is there", ["unreachable", "unreachable"], "unreachable"],
    ["one refuses the login: that one is there", ["unreachable", "authentication"], "authentication"],
  ])("that no host opens names all of them, and says whether %s", async (_, codes, code) => {
    const machines = codes.map((one, at) => broken(`mon${at}`, one));
    const failure: unknown = await openDoor(machines, way).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, parts: { hosts: ["mon0", "mon1"] } });
  });

  test("that leads to another cluster is refused, and no further host is tried", async () => {
    const other = wayOf({ fsid: "00000000-0000-4000-8000-000000000000" }, settings);
    const failure = await openDoor([ceph.machine, broken("never", "unreachable")], other).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: "refused",
      message: expect.stringContaining("No other cluster is ever touched"),
    });
  });

  test("that no host opens tells what each of them said", async () => {
    const all = openDoor([broken("mon0", "unreachable"), broken("mon2", "unreachable")], way);
    await expect(all).rejects.toThrow(/mon0[\s\S]*mon2/);
  });

  test("without any admin host is a failure that says where to name one", async () => {
    await expect(openDoor([], way)).rejects.toThrow(/cluster\.admin[\s\S]*CEPH_OPENSTACK_ADMIN/);
  });
});
