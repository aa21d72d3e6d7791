/** What `examples/client-host` makes: nothing of it needs an administrator of the cluster. */
import { beforeAll, expect, test } from "@jest/globals";
import { runExample, type Example } from "../support/example";

const FSID = "6c1f6f0e-1111-4222-8333-444455556666";
const UUID = "0bf2b604-ce28-417d-9fa0-740122fd9835";
const config = {
  fsid: FSID,
  monHost: "192.0.2.7",
  uuid: UUID,
  host: "cmp7",
  keyHost: "deploy1",
  keyPath: "/root/handed-over.keyring",
};

let made: Example;
beforeAll(async () => {
  made = await runExample("client-host", config);
});

test("a conf, a keyring, a secret and two sections of nova.conf are made, on the one host", () => {
  expect([...made.keys()].sort()).toEqual(["conf", "keyring", "nova-default", "nova-libvirt", "secret"]);
  for (const { inputs } of made.values()) expect(inputs["host"]).toBe("cmp7");
});

test("no resource names an admin host, and the monitors are given", () => {
  for (const name of ["conf", "keyring", "secret"])
    expect(made.get(name)?.inputs["cluster"]).toEqual({ fsid: FSID });
  expect(made.get("conf")?.inputs["monHost"]).toBe("192.0.2.7");
});

test("keyring and secret take the key from the file that was handed over", () => {
  const keyFrom = { host: "deploy1", path: "/root/handed-over.keyring" };
  for (const name of ["keyring", "secret"]) {
    expect(made.get(name)?.inputs["keyFrom"]).toEqual(keyFrom);
    expect(made.get(name)?.inputs["entity"]).toBe("client.cinder");
  }
});

test("both sections are of one file, and name images by pool and user", () => {
  const sections = ["nova-default", "nova-libvirt"].map((name) => made.get(name)?.inputs);
  expect(sections.map((inputs) => inputs?.["path"])).toEqual(["/etc/nova/nova.conf", "/etc/nova/nova.conf"]);
  expect(sections.map((inputs) => inputs?.["section"])).toEqual(["DEFAULT", "libvirt"]);
  expect(sections[0]?.["options"]).toEqual({ force_raw_images: true });
  expect(sections[1]?.["options"]).toMatchObject({
    images_type: "rbd",
    images_rbd_pool: "vms",
    rbd_user: "cinder",
  });
});

test("nova.conf names the secret and the ceph.conf that are made", () => {
  expect(made.get("secret")?.inputs["uuid"]).toBe(UUID);
  expect(made.get("nova-libvirt")?.inputs["options"]).toMatchObject({
    rbd_secret_uuid: UUID,
    images_rbd_ceph_conf: made.get("conf")?.inputs["path"],
  });
});
