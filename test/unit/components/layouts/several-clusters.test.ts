/** Hand-overs of a cloud on two clusters: what each tool can say of the second one, and what it cannot. */
import { describe, expect, test } from "@jest/globals";
import { handOver, handOverProblems } from "../../../../components/layouts/hand-over.js";
import type { Uses } from "../../../support/topologies.js";
import { CEPH, CLASSIC, FAR, TWO_CLUSTERS, UUID, withOptions } from "../../../support/topologies.js";

const paths = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

const inFar = (uses: Uses): Uses => ({
  ...uses,
  nova: { pool: "vms", user: "cinder", cluster: FAR, secretUuid: UUID },
});

test("the second cluster's ceph.conf says where keyrings are, for who does not tell librados its name", () => {
  const { notes } = handOver("kolla", withOptions("epoxy", TWO_CLUSTERS));
  expect(notes).toContain(
    'far.conf says [client.glance] keyring = /etc/ceph/far.client.glance.keyring: without it the keyring of a cluster called "ceph" is looked for',
  );
  expect(notes.filter((note) => note.startsWith("ceph.conf says"))).toEqual([]);
});

describe("Kolla-Ansible", () => {
  test("each store and backend names its cluster, and host_vars that of each compute", () => {
    const { values, keyrings, confs, notes } = handOver("kolla", withOptions("epoxy", TWO_CLUSTERS));
    expect(values["globals.yml"]).toMatchObject({
      glance_ceph_backends: [{ cluster: "ceph" }, { name: "far", cluster: "far", pool: "far-images" }],
      cinder_ceph_backends: [{ cluster: "ceph" }, { name: "far", cluster: "far", pool: "far-volumes" }],
      nova_cell_ceph_backend: { cluster: "{{ ceph_cluster }}", volumes: { user: "cinder" } },
    });
    expect(values["globals.yml"]).not.toHaveProperty("ceph_cluster");
    expect(paths(keyrings)).toEqual(
      expect.arrayContaining([
        "/etc/kolla/config/glance/far.client.glance.keyring",
        "/etc/kolla/config/cinder/cinder-backup/far.client.cinder.keyring",
        "/etc/kolla/config/nova/far.client.cinder.keyring",
      ]),
    );
    expect(paths(confs)).toContain("/etc/kolla/config/nova/far.conf");
    expect(notes.join("\n")).toContain("for those of far host_vars of some computes say ceph_cluster: far");
    expect(handOverProblems("kolla", withOptions("epoxy", TWO_CLUSTERS))).toEqual([]);
  });

  test("computes of a cluster with another name than Kolla-Ansible's have it in host_vars, which count over its own", () => {
    const { notes } = handOver("kolla", withOptions("epoxy", inFar(TWO_CLUSTERS)));
    expect(notes.join("\n")).toContain("host_vars of the computes say ceph_cluster: far");
  });

  test("of one cluster globals.yml says which", () => {
    const { values, notes } = handOver("kolla", withOptions("epoxy", CLASSIC));
    expect(values["globals.yml"]).toMatchObject({
      ceph_cluster: "ceph",
      nova_cell_ceph_backend: { cluster: "ceph" },
    });
    expect(notes.join("\n")).not.toContain("host_vars");
  });

  test("of one cluster the merged file says where guests' disks are, whatever globals.yml says", () => {
    const { options, notes } = handOver("kolla", withOptions("epoxy", CLASSIC));
    expect(options["/etc/kolla/config/nova/nova-compute.conf"]?.["libvirt"]).toMatchObject({
      images_type: "rbd",
      images_rbd_pool: "vms",
      images_rbd_ceph_conf: "/etc/ceph/ceph.conf",
      rbd_user: "cinder",
      rbd_secret_uuid: UUID,
    });
    expect(notes.join("\n")).not.toContain("nova-compute.conf");
  });

  test("of several clusters globals.yml alone says where guests' disks are, and it is said so", () => {
    const { notes } = handOver("kolla", withOptions("epoxy", TWO_CLUSTERS));
    expect(notes.join("\n")).toContain(
      "nova-compute.conf does not say where guests' disks are, for it is merged for computes of every cluster",
    );
  });

  test("the options that make a compute one of a cluster are not merged for all of them, unless the program says them", () => {
    const topology = withOptions("epoxy", TWO_CLUSTERS);
    const file = "/etc/kolla/config/nova/nova-compute.conf";
    const libvirt = (said: readonly string[]) =>
      handOver("kolla", { ...topology, said: { nova: said } }).options[file]?.["libvirt"] ?? {};
    expect(libvirt([])).not.toHaveProperty("images_rbd_ceph_conf");
    expect(libvirt(["images_rbd_ceph_conf"])).toHaveProperty("images_rbd_ceph_conf");
  });

  test("before 2025.1 computes are of one cluster, and volumes of another are refused by the backend's name", () => {
    expect(handOverProblems("kolla", withOptions("caracal", TWO_CLUSTERS))).toEqual([
      'layout "kolla": computes of Kolla-Ansible of 2024.1 open no volumes of backend "far", in far',
    ]);
  });

  test("users of two names have one secret on no compute", () => {
    const far = { name: "far", pool: "far", user: "cinder-far", cluster: FAR, secretUuid: UUID };
    const uses = { ...CLASSIC, backends: [...CLASSIC.backends, far] };
    expect(handOverProblems("kolla", withOptions("epoxy", uses))).toEqual([
      'layout "kolla": computes find the key of one user of volumes, not cinder and cinder-far',
    ]);
  });
});

describe("openstack-k8s-operators", () => {
  const fsids = (uses: Uses): Uses => ({
    ...uses,
    backends: uses.backends.map((one) => ({ ...one, secretUuid: one.cluster.fsid })),
    nova: { pool: "vms", user: "cinder", cluster: CEPH, secretUuid: CEPH.fsid },
  });

  test("computes get ceph.conf and keyring of each cluster whose volumes they open", () => {
    const { run } = handOver("edpm", withOptions("epoxy", fsids(TWO_CLUSTERS)));
    const secret = run.find((command) => command.includes("generic ceph-conf-files")) ?? "";
    expect(secret).toContain("--from-file=ceph.client.cinder.keyring=");
    expect(secret).toContain("--from-file=far.client.cinder.keyring=");
    expect(secret).toContain("'[client.cinder]' 'keyring = /etc/ceph/far.client.cinder.keyring'");
    expect(secret).not.toContain("glance");
    expect(handOverProblems("edpm", withOptions("epoxy", fsids(TWO_CLUSTERS)))).toEqual([]);
  });

  test("a second user of a further cluster is refused too", () => {
    const more = { name: "more", pool: "more", user: "other", cluster: FAR, secretUuid: FAR.fsid };
    const uses = fsids({ ...TWO_CLUSTERS, backends: [...TWO_CLUSTERS.backends, more] });
    expect(handOverProblems("edpm", withOptions("epoxy", uses))).toEqual([
      'layout "edpm": computes have one user of a cluster, that of Nova and Cinder, not cinder and other of "far"',
    ]);
  });
});
