/** What `examples/two-clusters` makes: of each cluster what its users need, under names that do not meet. */
import { beforeAll, expect, test } from "@jest/globals";
import { runExample, type Example } from "../support/example";

const FSID = "6c1f6f0e-1111-4222-8333-444455556666";
const SITE2 = "7d2f6f0e-1111-4222-8333-444455556666";
const site2 = { fsid: SITE2, name: "site2", adminName: "ceph", admin: "mon1-site2" };

let made: Example;
beforeAll(async () => {
  made = await runExample("two-clusters", { fsid: FSID, site2Fsid: SITE2 });
});

const inputs = (name: string) => {
  const found = made.get(name);
  if (found === undefined) throw new Error(`${name} is not registered`);
  return found.inputs;
};

test("what is of the second cluster has its key at the end, and is told of that cluster", () => {
  const named = [...made.keys()].filter((name) => name.endsWith("@site2"));
  expect(named.sort()).toEqual(
    [
      ...["rbd-auth-cinder@site2", "rbd-auth-glance@site2"],
      ...["rbd-ctl1-conf@site2", "rbd-vol1-conf@site2"],
      ...["rbd-ctl1-keyring-glance@site2", "rbd-vol1-keyring-cinder@site2"],
      ...["rbd-cmp1-secret-cinder@site2", "rbd-cmp2-secret-cinder@site2"],
      ...["rbd-ctl1-glance-check-glance@site2", "rbd-vol1-cinder-check-cinder@site2"],
      ...["rbd-cmp1-nova-check-cinder@site2", "rbd-cmp2-nova-check-cinder@site2"],
    ].sort(),
  );
  for (const name of [...named, "rbd-pool-images-site2", "rbd-pool-volumes-site2"])
    expect([name, inputs(name)["cluster"]]).toEqual([name, site2]);
});

test("each user has rights in its own cluster alone, and clones from the images there", () => {
  const osd = (name: string) => (inputs(name)["caps"] as { osd?: unknown }).osd;
  expect(osd("rbd-auth-cinder@site2")).toEqual([
    "profile rbd pool=volumes",
    "profile rbd-read-only pool=images",
  ]);
  expect(osd("rbd-auth-cinder")).toEqual([
    "profile rbd pool=volumes",
    "profile rbd pool=vms",
    "profile rbd-read-only pool=images",
  ]);
});

test("the backend there names its conf, its cluster and the secret that the computes have of it", () => {
  const { uuid } = inputs("rbd-cmp2-secret-cinder@site2");
  expect(uuid).not.toBe(inputs("rbd-cmp2-secret")["uuid"]);
  expect(inputs("rbd-vol1-cinder-ceph-site2")["options"]).toMatchObject({
    rbd_pool: "volumes",
    rbd_user: "cinder",
    rbd_ceph_conf: "/etc/ceph/site2.conf",
    rbd_cluster_name: "site2",
    rbd_secret_uuid: uuid,
  });
  expect(inputs("rbd-vol1-cinder-ceph")["options"]).not.toHaveProperty("rbd_cluster_name");
  expect(inputs("rbd-ctl1-glance-site2")["options"]).toMatchObject({
    rbd_store_ceph_conf: "/etc/ceph/site2.conf",
  });
});

test("the ceph.conf there says where the keyrings are, for what opens it by user alone", () => {
  expect(inputs("rbd-vol1-conf@site2")["options"]).toEqual({
    "client.cinder": { keyring: "/etc/ceph/site2.client.cinder.keyring" },
  });
  expect(inputs("rbd-vol1-conf")).not.toHaveProperty("options");
});

test("cinder-volume and cinder-backup restart for its keyring and conf, and computes do not", () => {
  const restarted = [...made.keys()].filter((name) => {
    const triggers = Object.keys(made.get(name)?.inputs["triggers"] ?? {});
    return name.endsWith("-service") && triggers.includes("keyring client.cinder@site2");
  });
  expect(restarted.sort()).toEqual(["rbd-vol1-cinder-backup-service", "rbd-vol1-cinder-service"]);
  expect(inputs("rbd-vol1-cinder-service")["triggers"]).toMatchObject({
    "ceph.conf fsid": FSID,
    "ceph.conf@site2 fsid": SITE2,
  });
});
