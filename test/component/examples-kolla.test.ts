/** What `examples/kolla` makes: pools and users by cephadm's tools, files on the deployment host, and nothing elsewhere. */
import { beforeAll, expect, test } from "@jest/globals";
import { runExample, type Example } from "../support/example";

const FSID = "6c1f6f0e-1111-4222-8333-444455556666";

let made: Example;
beforeAll(async () => {
  made = await runExample("kolla", { fsid: FSID, admin: "mon7", deploymentHost: "deploy7" });
});

/** Inputs of what lies on a host or in the cluster. */
const artifacts = () =>
  [...made.values()].filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")).map((one) => one.inputs);

test("pools and users are made by the tools in cephadm's container", () => {
  const names = [...made.keys()];
  expect(names).toEqual(
    expect.arrayContaining(["rbd-pool-images", "rbd-pool-vms", "rbd-auth-glance", "rbd-auth-cinder-backup"]),
  );
  const clusters = artifacts().flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster]));
  expect(clusters.length).toBeGreaterThan(6);
  for (const cluster of clusters)
    expect(cluster).toEqual({ fsid: FSID, admin: "mon7", prefix: ["cephadm", "shell", "--"] });
});

test("the deployment host gets a conf and the keyrings of each service, and no other host anything", () => {
  const files = artifacts().flatMap(({ host, path }) => (host === undefined ? [] : [{ host, path }]));
  expect(new Set(files.map(({ host }) => host))).toEqual(new Set(["deploy7"]));
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "/etc/kolla/config/glance/ceph.conf",
      "/etc/kolla/config/glance/ceph.client.glance.keyring",
      "/etc/kolla/config/cinder/cinder-volume/ceph.client.cinder.keyring",
      "/etc/kolla/config/cinder/cinder-backup/ceph.client.cinder-backup.keyring",
      "/etc/kolla/config/nova/ceph.client.cinder.keyring",
    ]),
  );
});
