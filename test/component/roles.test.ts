import { describe, expect, test } from "@jest/globals";
import { ComponentResource, type Resource } from "@pulumi/pulumi";
import { CinderBackend, CinderBackup, GlanceStore, NovaCompute } from "../../index";
import { registered } from "../support/mocks";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const common = { cluster, openstackRelease: "zed" };

const namesOf = async (program: () => Resource) =>
  (await registered(program)).resources.map(({ name }) => name);

test("a store alone brings ceph.conf, keyring and all sections of its host", async () => {
  const names = await namesOf(
    () => new GlanceStore("s", { ...common, hosts: ["ctl1"], user: "glance", pool: "images" }),
  );
  expect(names).toEqual([
    "s",
    "s-ctl1-conf",
    "s-ctl1-glance-DEFAULT",
    "s-ctl1-glance-glance_store",
    "s-ctl1-glance-paste_deploy",
    "s-ctl1-glance-rbd",
    "s-ctl1-keyring-glance",
  ]);
});

test("a backend alone enables itself; without clientFiles it brings no files", async () => {
  const names = await namesOf(
    () =>
      new CinderBackend("b", {
        ...common,
        hosts: ["vol1"],
        user: "cinder",
        pool: "volumes",
        clientFiles: false,
      }),
  );
  expect(names).toEqual(["b", "b-vol1-cinder-DEFAULT", "b-vol1-cinder-ceph"]);
});

test("cinder-backup alone brings the keyrings of the users whose volumes it reads", async () => {
  const volumeUsers = [{ user: "cinder", entity: { entity: "client.cinder" } }];
  const names = await namesOf(
    () =>
      new CinderBackup("k", {
        ...common,
        hosts: ["vol1"],
        user: "cinder-backup",
        pool: "backups",
        volumeUsers,
      }),
  );
  expect(names).toEqual([
    "k",
    "k-vol1-cinder-backup-DEFAULT",
    "k-vol1-conf",
    "k-vol1-keyring-cinder",
    "k-vol1-keyring-cinder-backup",
  ]);
});

test("compute alone brings the secret", async () => {
  const names = await namesOf(
    () => new NovaCompute("n", { ...common, hosts: ["cmp1"], user: "cinder", pool: "vms" }),
  );
  expect(names).toEqual([
    "n",
    "n-cmp1-conf",
    "n-cmp1-keyring-cinder",
    "n-cmp1-nova-libvirt",
    "n-cmp1-secret",
  ]);
});

test("a store alone without clientFiles needs no admin host", async () => {
  const { fsid } = cluster;
  const desired = { ...common, cluster: { fsid }, hosts: ["ctl1"], user: "glance", pool: "images" };
  const names = await namesOf(() => new GlanceStore("s", { ...desired, clientFiles: false }));
  expect(names).toContain("s-ctl1-glance-rbd");
});

test("each role alone gives its keyring to the service that reads it, in the layout's own users", async () => {
  const desired = { ...common, hosts: ["h1"], user: "u", pool: "p" };
  const users = { glance: "42415", cinder: "42407", nova: "42436" };
  const ownerOf = async (program: () => Resource) =>
    (await registered(program)).resources.find(({ name }) => name === "r-h1-keyring-u")?.inputs["owner"];
  expect(await ownerOf(() => new GlanceStore("r", desired))).toBe("glance");
  expect(await ownerOf(() => new CinderBackend("r", desired))).toBe("cinder");
  expect(await ownerOf(() => new CinderBackup("r", desired))).toBe("cinder");
  expect(await ownerOf(() => new NovaCompute("r", desired))).toBe("nova");
  expect(await ownerOf(() => new NovaCompute("r", { ...desired, layout: { users } }))).toBe("42436");
});

test("compute alone with directories brings them, and the options of ceph.conf that use them", async () => {
  const desired = { ...common, hosts: ["cmp1"], user: "cinder", pool: "vms", directories: true };
  const { resources } = await registered(() => new NovaCompute("n", desired));
  expect(resources.find(({ name }) => name === "n-cmp1-conf")?.inputs["options"]).toHaveProperty(
    "client.admin_socket",
    "/run/ceph-guests/$cluster-$type.$id.$pid.$cctid.asok",
  );
  expect(resources.map(({ name }) => name)).toContain("n-cmp1-nova-directory-sockets");
});

describe("of a role alone with wrong arguments nothing is registered", () => {
  const desired = { ...common, hosts: ["h1"], user: "cinder", pool: "p" };
  test.each<[string, () => Resource, string]>([
    [
      "a host twice",
      () => new CinderBackup("r", { ...desired, hosts: ["h1", "h1"] }),
      "hosts names h1 twice",
    ],
    ["no host", () => new CinderBackup("r", { ...desired, hosts: [] }), "hosts must name at least one host"],
    [
      "a user with client.",
      () => new CinderBackup("r", { ...desired, user: "client.x" }),
      'without "client."',
    ],
    ["a release", () => new NovaCompute("r", { ...desired, openstackRelease: "pike" }), "is not known"],
    ["a uuid", () => new NovaCompute("r", { ...desired, secretUuid: "x" }), "secretUuid x must be a UUID"],
    ["a backend's uuid", () => new CinderBackend("r", { ...desired, secretUuid: "x" }), "must be a UUID"],
    ["a backend's name", () => new CinderBackend("r", { ...desired, backend: "a]b" }), "it names a section"],
    ["a store's name", () => new GlanceStore("r", { ...desired, store: "os_glance_x" }), "for itself"],
    ["a fsid", () => new GlanceStore("r", { ...desired, cluster: { fsid: "x" } }), "cluster.fsid must be"],
  ])("%s", async (_name, program, said) => {
    const names = await namesOf(() => {
      expect(program).toThrow(said);
      return new ComponentResource("test:index:Nothing", "nothing");
    });
    expect(names).toEqual(["nothing"]);
  });
});
