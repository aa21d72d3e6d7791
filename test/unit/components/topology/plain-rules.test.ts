import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { outputProblems } from "../../../../components/topology/plain-rules";
import { problemsOf } from "../../../../components/topology/rules";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const good = {
  cluster,
  openstackRelease: "zed",
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
};
/** As a program without types would hand them over. */
const problems = (args: object): string[] => problemsOf({ ...good, ...args });

describe("an Output where a plain value is needed is told so, with the way from another stack", () => {
  const later = (value: unknown) => pulumi.output(value);
  test.each<[string, object]>([
    ["nova.hosts", { nova: { hosts: later(["cmp1"]) } }],
    ["nova.hosts.0", { nova: { hosts: [later("cmp1")] } }],
    ["openstackRelease", { openstackRelease: later("zed") }],
    ["openstackRelease", { openstackRelease: Promise.resolve("zed") }],
    ["cluster", { cluster: later(cluster) }],
    ["cluster.fsid", { cluster: { ...cluster, fsid: later(cluster.fsid) } }],
    ["cluster.admin", { cluster: { ...cluster, admin: later("mon1") } }],
    ["pools", { pools: later({}) }],
    ["pools.images", { pools: { images: later({}), volumes: {}, backups: {}, vms: {} } }],
    [
      "pools.images.existing",
      { pools: { images: { existing: later("images") }, volumes: {}, backups: {}, vms: {} } },
    ],
    ["secretUuid", { secretUuid: later("6c1f6f0e-1111-4222-8333-444455556666") }],
    ["users.cinder", { users: { cinder: later("cinder") } }],
    [
      "cinder.backends.0.name",
      { cinder: { hosts: ["vol1"], backends: [{ name: later("a"), pool: "volumes" }] } },
    ],
    ["nova.options.libvirt", { nova: { hosts: ["cmp1"], options: { libvirt: later({}) } } }],
  ])("%s", (path, args) => {
    const [problem, ...more] = problems(args);
    expect(more).toEqual([]);
    expect(problem).toContain(`${path} must be plain, and this is an Output`);
    expect(problem).toContain("getOutputValue");
  });

  test("the arguments as a whole", () => {
    expect(outputProblems(later({}), [])).toEqual([
      expect.stringContaining("the arguments must be plain, and this is an Output"),
    ]);
  });

  test("what only decides what a resource holds may be one", () => {
    const args = {
      keyGenerations: { cinder: later(2) },
      cephConf: { client: { rbd_cache: later(true) } },
      glance: { hosts: ["ctl1"], secretOptions: { database: { connection: later("sqlite://") } } },
      pools: { images: { size: later(3) }, volumes: {}, backups: {}, vms: {} },
      nova: { hosts: ["cmp1"], options: { libvirt: { disk_cachemodes: later("network=writeback") } } },
    };
    expect(problems(args)).toEqual([]);
  });

  test("hosts as one text are told to be a list", () => {
    expect(problems({ nova: { hosts: "cmp1" } })).toEqual(['nova.hosts must be a list: ["cmp1"]']);
  });
});
