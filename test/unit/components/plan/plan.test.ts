/** The plan is data: what there is, in which order, and what each unit reads. */
import { describe, expect, test } from "@jest/globals";
import { Output } from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import { refOf, type Entry } from "../../../../components/plan/entry";
import { inSteps, planOf } from "../../../../components/plan/plan";
import { readsOf } from "../../../../components/plan/reads";
import { integrationTopology } from "../../../../components/topology/integration";

const fsid = "6c1f6f0e-1111-4222-8333-444455556666";
const plan = (more: Partial<CephOpenStackIntegrationArgs> = {}) =>
  planOf(
    integrationTopology("rbd", {
      cluster: { fsid, admin: "mon1" },
      openstackRelease: "zed",
      glance: { hosts: ["ctl1"] },
      cinder: { hosts: ["vol1"], options: { DEFAULT: { debug: true } } },
      cinderBackup: { hosts: ["vol1"] },
      nova: { hosts: ["cmp1"] },
      ...more,
    }),
  );

const holdsOutput = (value: unknown): boolean =>
  Output.isInstance(value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(holdsOutput));

test("nothing in a plan is an Output where the program gives none", () => {
  expect(plan().entries.filter(holdsOutput).map(refOf)).toEqual([]);
});

test("everything that an entry waits for and stands below is planned, each under a reference of its own", () => {
  const { entries } = plan({ manage: { directories: true } });
  const refs = entries.map(refOf);
  expect(new Set(refs).size).toBe(refs.length);
  const named = entries.flatMap(({ parent, dependsOn = [] }) => [
    ...(parent === undefined ? [] : [parent]),
    ...dependsOn,
  ]);
  expect(named.filter((ref) => !refs.includes(ref))).toEqual([]);
});

describe("what waits for what", () => {
  const waits = (kind: Entry["kind"], name: string) =>
    plan({
      pools: { images: {}, volumes: {}, backups: {}, vms: { existing: "v" } },
      manage: false,
    }).entries.find((entry) => entry.kind === kind && entry.name === name)?.dependsOn;
  test.each<[Entry["kind"], string, string[]]>([
    ["CephPool", "rbd-pool-images", ["CephPool rbd-pool-vms"]],
    ["CephAuthEntity", "rbd-auth-glance", ["CephPool rbd-pool-images"]],
    [
      "CephAuthEntity",
      "rbd-auth-cinder",
      ["CephPool rbd-pool-volumes", "CephPool rbd-pool-vms", "CephPool rbd-pool-images"],
    ],
    ["CephKeyringFile", "rbd-cmp1-keyring-cinder", ["CephAuthEntity rbd-auth-cinder"]],
    ["LibvirtSecret", "rbd-cmp1-secret", ["CephAuthEntity rbd-auth-cinder"]],
    ["ConfigSection", "rbd-vol1-cinder-ceph", ["CephPool rbd-pool-volumes"]],
    ["ConfigSection", "rbd-vol1-cinder-DEFAULT", []],
    ["ConfigSection", "rbd-vol1-cinder-backup-DEFAULT", ["CephPool rbd-pool-backups"]],
    ["ConfigSection", "rbd-cmp1-nova-libvirt", ["CephPool rbd-pool-vms"]],
  ])("%s %s", (kind, name, expected) => {
    expect(waits(kind, name)).toEqual(expected);
  });
});

test("on a host what is of a later step waits for what is of an earlier one and serves the same role", () => {
  const at = (name: string, place: Entry["place"]): Entry => ({
    kind: "Directory",
    name,
    args: { host: "h", path: "/x" },
    ...(place === undefined ? {} : { place }),
  });
  const entries = inSteps([
    at("service", { host: "h", step: "services", roles: ["nova"] }),
    at("file", { host: "h", step: "files", roles: ["nova", "cinder"] }),
    at("other-role", { host: "h", step: "files", roles: ["glance"] }),
    at("other-host", { host: "i", step: "files", roles: ["nova"] }),
    at("package", { host: "h", step: "packages", roles: ["cinder"] }),
    at("undo", { host: "h", step: "undo", roles: ["cinder"] }),
    at("no-host", undefined),
  ]);
  expect(Object.fromEntries(entries.map(({ name, dependsOn = [] }) => [name, dependsOn]))).toEqual({
    service: ["Directory file"],
    file: ["Directory package", "Directory undo"],
    "other-role": [],
    "other-host": [],
    package: [],
    undo: [],
    "no-host": [],
  });
});

describe("what a unit reads", () => {
  test("is its sections, its ceph.conf and its keyrings, by name", () => {
    expect(readsOf(plan({ keyGenerations: { cinder: 2 } }), "cmp1", "nova")).toMatchObject({
      "[libvirt] rbd_user": "cinder",
      "[libvirt] images_rbd_pool": "vms",
      "ceph.conf fsid": fsid,
      "keyring client.cinder": "2",
    });
  });

  test("names the options of ceph.conf, too", () => {
    expect(readsOf(plan({ manage: { directories: true } }), "cmp1", "nova")).toHaveProperty([
      "ceph.conf [client] log_file",
    ]);
  });

  test("of two that share a file is what each of them uses", () => {
    const of = (role: "cinder" | "cinder-backup") => Object.keys(readsOf(plan(), "vol1", role));
    expect(of("cinder")).toEqual(expect.arrayContaining(["[DEFAULT] debug", "[ceph] rbd_pool"]));
    expect(of("cinder").filter((what) => what.includes("backup_"))).toEqual([]);
    expect(of("cinder-backup")).toEqual(
      expect.arrayContaining([
        "[DEFAULT] debug",
        "[DEFAULT] backup_ceph_pool",
        "keyring client.cinder",
        "keyring client.cinder-backup",
      ]),
    );
    expect(of("cinder-backup")).not.toContain("[ceph] rbd_pool");
  });

  test("is nothing on a host of other roles", () => {
    expect(readsOf(plan(), "ctl1", "nova")).toEqual({});
  });
});
