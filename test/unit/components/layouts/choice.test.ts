import { expect, test } from "@jest/globals";
import {
  handOverOf,
  layoutOf,
  layoutProblems,
  layoutWarnings,
} from "../../../../components/layouts/choice.js";
import { HOST_PRESETS } from "../../../../components/layouts/layout.js";

test('"packages" and "ubuntu" are the layout of Debian, which is also what is meant without any', () => {
  expect(layoutOf("packages")).toEqual(layoutOf("debian"));
  expect(layoutOf("ubuntu")).toEqual(layoutOf("debian"));
  expect(layoutOf()).toEqual(layoutOf("debian"));
  expect(layoutOf()).toMatchObject({
    glanceConf: "/etc/glance/glance-api.conf",
    cinderBackupConf: "/etc/cinder/cinder.conf",
    qemu: { owner: "libvirt-qemu", group: "kvm" },
    virsh: ["virsh"],
  });
});

test("RDO has the paths of Debian, and units, packages and a QEMU user of its own", () => {
  const { units, packages, qemu, novaConf } = layoutOf("rdo9");
  expect(novaConf).toBe("/etc/nova/nova.conf");
  expect(units.cinder).toEqual({ unit: "openstack-cinder-volume" });
  expect(packages["qemu-rbd"]).toEqual(["qemu-kvm-block-rbd"]);
  expect(qemu).toEqual({ owner: "qemu", group: "qemu" });
});

test("on a Kolla host each service has a file and a directory of Ceph of its own, and users are numbers", () => {
  const layout = layoutOf("kolla-containers", "epoxy");
  expect([layout.cinderConf, layout.cinderBackupConf]).toEqual([
    "/etc/kolla/cinder-volume/cinder.conf",
    "/etc/kolla/cinder-backup/cinder.conf",
  ]);
  expect(layout.cephDirs).toEqual({
    glance: "/etc/kolla/glance-api/ceph",
    cinder: "/etc/kolla/cinder-volume/ceph",
    cinderBackup: "/etc/kolla/cinder-backup/ceph",
    nova: "/etc/kolla/nova-compute",
  });
  expect(layout.libvirtCephDirs).toEqual(["/etc/kolla/nova-libvirt"]);
  expect(layout.cephDir).toBe("/etc/ceph");
  expect(layout.users.cinder).toEqual({ owner: "42407", group: "42407" });
  expect(layout.units.glance).toEqual({
    unit: "kolla-glance_api-container.service",
    container: "glance_api",
  });
});

test("before 2023.2 Kolla's containers copy single files, and before 2023.1 docker restarts them", () => {
  expect(layoutOf("kolla-containers", "antelope").cephDirs.glance).toBe("/etc/kolla/glance-api");
  expect(layoutOf("kolla-containers", "antelope").units.nova.restart).toBeUndefined();
  expect(layoutOf("kolla-containers", "zed").units.nova).toEqual({
    unit: "nova_compute",
    container: "nova_compute",
    restart: ["docker", "restart", "nova_compute"],
  });
});

test.each(HOST_PRESETS)("each field of %s can be said otherwise, and the rest stays", (preset) => {
  const base = layoutOf(preset);
  const layout = layoutOf({
    preset,
    novaConf: "/srv/nova.conf",
    virsh: ["podman", "exec", "-i", "nova_libvirt", "virsh"],
    users: { nova: { owner: "1", group: "2" } },
    units: { glance: { unit: "apache2" } },
    keyring: { mode: "0400" },
  });
  expect(layout).toEqual({
    ...base,
    novaConf: "/srv/nova.conf",
    virsh: ["podman", "exec", "-i", "nova_libvirt", "virsh"],
    users: { ...base.users, nova: { owner: "1", group: "2" } },
    units: { ...base.units, glance: { unit: "apache2" } },
    keyring: { ...base.keyring, mode: "0400" },
  });
});

test("a file of cinder's own is cinder-backup's too, unless that is named as well", () => {
  expect(layoutOf({ cinderConf: "/srv/c.conf" }).cinderBackupConf).toBe("/srv/c.conf");
  expect(layoutOf({ cinderConf: "/srv/c.conf", cinderBackupConf: "/srv/b.conf" }).cinderBackupConf).toBe(
    "/srv/b.conf",
  );
});

test("the presets that another tool carries out are told from those of hosts", () => {
  expect((["kolla", "osa", "helm", "edpm"] as const).map((layout) => handOverOf(layout))).toEqual([
    "kolla",
    "osa",
    "helm",
    "edpm",
  ]);
  expect(HOST_PRESETS.map((layout) => handOverOf(layout))).toEqual(HOST_PRESETS.map(() => undefined));
  expect(handOverOf({ preset: "rdo9" })).toBeUndefined();
});

test.each<[object, string]>([
  [{ layout: "juju" }, 'layout "juju" cannot be served: charms render every file'],
  [{ layout: "devstack" }, 'layout "devstack" is not known; there are packages, debian,'],
  [{ layout: { preset: "kolla" } }, 'layout.preset "kolla" is not known; there are packages, debian,'],
  [{ layout: { cephDirs: { nova: "ceph" } } }, 'layout.cephDirs.nova "ceph" must be an absolute path'],
  [{ layout: { glanceConf: "/etc/" } }, 'layout.glanceConf "/etc/" must be an absolute path'],
  [
    { layout: { novaConf: "/etc/nova/../passwd" } },
    'layout.novaConf "/etc/nova/../passwd" must be an absolute path',
  ],
])("%j is refused in words", (args, words) => {
  const [problem, ...more] = layoutProblems({ ...args });
  expect(problem).toContain(words);
  expect(more).toEqual([]);
});

test("presets and overrides that are right are no problem", () => {
  for (const layout of [...HOST_PRESETS, "kolla", "osa", "helm", "edpm"] as const)
    expect(layoutProblems({ layout })).toEqual([]);
  expect(layoutProblems({ layout: { preset: "rdo9", users: { nova: "nova" } } })).toEqual([]);
  expect(layoutProblems({})).toEqual([]);
});

test("that Kolla overwrites what is written into its directories is said, of that layout alone", () => {
  for (const layout of ["kolla-containers", { preset: "kolla-containers", virsh: ["virsh"] }] as const)
    expect(layoutWarnings({ layout })).toEqual([
      expect.stringContaining("writes the files of /etc/kolla/<service> anew"),
    ]);
  expect(layoutWarnings({ layout: "debian" })).toEqual([]);
  expect(layoutWarnings({ layout: { novaConf: "/x" } })).toEqual([]);
});
