import { expect, test } from "@jest/globals";
import type { LayoutChoice } from "../../../../components/layouts/layout.js";
import type { EntryOf, Kind } from "../../../../components/plan/entry.js";
import { planOf } from "../../../../components/plan/plan.js";
import { integrationTopology } from "../../../../components/topology/integration.js";

const planWith = (layout: LayoutChoice, directories = false) =>
  planOf(
    integrationTopology("rbd", {
      cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
      openstackRelease: "epoxy",
      glance: { hosts: ["aio"] },
      cinder: { hosts: ["aio"] },
      cinderBackup: { hosts: ["aio"] },
      nova: { hosts: ["aio"] },
      layout,
      manage: { directories },
    }),
  );

const all = <K extends Kind>(plan: ReturnType<typeof planWith>, kind: K): EntryOf<K>[] =>
  plan.entries.filter(
    (entry): entry is Extract<typeof entry, { kind: K }> & EntryOf<K> => entry.kind === kind,
  );

// The files that Kolla-Ansible 20.6.0 itself leaves: its roles glance, cinder and nova-cell, tasks_from external_ceph.yml, node_config /etc/kolla.
test("on a Kolla host each container gets a ceph.conf and the keyrings that it reads, as Kolla itself leaves them", () => {
  const plan = planWith("kolla-containers");
  expect(all(plan, "CephConfigFile").map(({ name, args }) => [name, args.path])).toEqual([
    ["rbd-aio-glance-conf", "/etc/kolla/glance-api/ceph/ceph.conf"],
    ["rbd-aio-cinder-conf", "/etc/kolla/cinder-volume/ceph/ceph.conf"],
    ["rbd-aio-cinder-backup-conf", "/etc/kolla/cinder-backup/ceph/ceph.conf"],
    ["rbd-aio-nova-conf", "/etc/kolla/nova-compute/ceph.conf"],
    ["rbd-aio-nova-libvirt-conf", "/etc/kolla/nova-libvirt/ceph.conf"],
  ]);
  const keyrings = all(plan, "CephKeyringFile");
  expect(keyrings.map(({ name, args }) => [name, args.path])).toEqual([
    ["rbd-aio-glance-keyring-glance", "/etc/kolla/glance-api/ceph/ceph.client.glance.keyring"],
    ["rbd-aio-cinder-keyring-cinder", "/etc/kolla/cinder-volume/ceph/ceph.client.cinder.keyring"],
    [
      "rbd-aio-cinder-backup-keyring-cinder-backup",
      "/etc/kolla/cinder-backup/ceph/ceph.client.cinder-backup.keyring",
    ],
    ["rbd-aio-cinder-backup-keyring-cinder", "/etc/kolla/cinder-backup/ceph/ceph.client.cinder.keyring"],
    ["rbd-aio-nova-keyring-cinder", "/etc/kolla/nova-compute/ceph.client.cinder.keyring"],
  ]);
  for (const { args } of keyrings) expect(args).toMatchObject({ owner: "root", group: "root", mode: "0660" });
});

test("options name the path in the container, and cinder-volume and cinder-backup have a file each", () => {
  const sections = all(planWith("kolla-containers"), "ConfigSection");
  const options = Object.fromEntries(sections.map(({ name, args }) => [name, args]));
  expect(options["rbd-aio-glance-rbd"]).toMatchObject({
    path: "/etc/kolla/glance-api/glance-api.conf",
    options: { rbd_store_ceph_conf: "/etc/ceph/ceph.conf" },
  });
  expect(options["rbd-aio-cinder-DEFAULT"]).toMatchObject({ path: "/etc/kolla/cinder-volume/cinder.conf" });
  expect(options["rbd-aio-cinder-backup-DEFAULT"]).toMatchObject({
    path: "/etc/kolla/cinder-backup/cinder.conf",
    options: { backup_ceph_conf: "/etc/ceph/ceph.conf" },
  });
  const backup = sections.find(({ name }) => name === "rbd-aio-cinder-backup-DEFAULT");
  expect(backup?.place?.roles).toEqual(["cinder-backup"]);
});

test("libvirt is spoken to in its container, and what guests leave is asked for in its ceph.conf", () => {
  const plan = planWith("kolla-containers", true);
  expect(all(plan, "LibvirtSecret")[0]?.args.virsh).toEqual([
    "docker",
    "exec",
    "-i",
    "nova_libvirt",
    "virsh",
  ]);
  const confs = Object.fromEntries(all(plan, "CephConfigFile").map(({ name, args }) => [name, args.options]));
  expect(confs["rbd-aio-nova-libvirt-conf"]).toHaveProperty("client.admin_socket");
  expect(confs["rbd-aio-nova-conf"]).toBeUndefined();
  expect(all(plan, "Directory").map(({ args }) => args.owner)).toEqual(["42436", "42436"]);
  expect(plan.warnings).toEqual([expect.stringContaining("Kolla-Ansible writes the files of /etc/kolla")]);
});

test("with one directory for all services names and files are as ever, and nothing is said", () => {
  for (const layout of ["packages", "debian", "ubuntu", "rdo9"] as const) {
    const plan = planWith(layout);
    expect(all(plan, "CephConfigFile").map(({ name, args }) => [name, args.path])).toEqual([
      ["rbd-aio-conf", undefined],
    ]);
    expect(all(plan, "CephKeyringFile").map(({ name }) => name)).toEqual([
      "rbd-aio-keyring-glance",
      "rbd-aio-keyring-cinder",
      "rbd-aio-keyring-cinder-backup",
    ]);
    expect(all(plan, "LibvirtSecret")[0]?.args).not.toHaveProperty("virsh");
    expect(plan.warnings).toEqual([]);
  }
});

test("a directory of one's own is that of ceph.conf and keyrings, and of the options that name them", () => {
  const dirs = { glance: "/srv/ceph", cinder: "/srv/ceph", cinderBackup: "/srv/ceph", nova: "/srv/ceph" };
  const plan = planWith({ preset: "rdo9", cephDirs: dirs, cephDir: "/srv/ceph" });
  expect(all(plan, "CephConfigFile").map(({ args }) => args.path)).toEqual(["/srv/ceph/ceph.conf"]);
  expect(
    all(plan, "ConfigSection").find(({ name }) => name === "rbd-aio-glance-rbd")?.args.options,
  ).toMatchObject({
    rbd_store_ceph_conf: "/srv/ceph/ceph.conf",
  });
});
