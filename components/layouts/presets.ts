/** The presets, as data. */
import { orderOf, type Series } from "../../providers/formats/openstack/series.js";
import type { HostPreset, Layout, LayoutRole, ServiceUnit } from "./layout.js";

const everyRole = <T>(make: (role: LayoutRole) => T): Record<LayoutRole, T> => ({
  glance: make("glance"),
  cinder: make("cinder"),
  cinderBackup: make("cinderBackup"),
  nova: make("nova"),
});

const DAEMONS: Readonly<Record<LayoutRole, string>> = {
  glance: "glance-api",
  cinder: "cinder-volume",
  cinderBackup: "cinder-backup",
  nova: "nova-compute",
};

/**
 * Distribution packages of Debian.
 * @see https://packages.debian.org/bookworm/nova-common
 * @see https://packages.debian.org/bookworm/qemu-block-extra
 */
const debian: Layout = {
  glanceConf: "/etc/glance/glance-api.conf",
  cinderConf: "/etc/cinder/cinder.conf",
  cinderBackupConf: "/etc/cinder/cinder.conf",
  novaConf: "/etc/nova/nova.conf",
  users: { glance: "glance", cinder: "cinder", nova: "nova" },
  cephDirs: everyRole(() => "/etc/ceph"),
  cephDir: "/etc/ceph",
  libvirtCephDirs: [],
  keyring: {},
  qemu: { owner: "libvirt-qemu", group: "kvm" },
  virsh: ["virsh"],
  libvirtUri: "qemu:///system",
  units: everyRole((role) => ({ unit: DAEMONS[role] })),
  packages: {
    "rbd-python": ["python3-rbd", "python3-rados"],
    "ceph-common": ["ceph-common"],
    "qemu-rbd": ["qemu-block-extra"],
  },
};

/**
 * RDO on CentOS Stream 9 and RHEL 9. Its units of cinder name their files, so that drop-ins lose: files are edited in place.
 * @see https://github.com/rdo-packages/cinder-distgit
 * @see https://github.com/rdo-packages/nova-distgit
 */
const rdo9: Layout = {
  ...debian,
  qemu: { owner: "qemu", group: "qemu" },
  units: everyRole((role) => ({ unit: `openstack-${DAEMONS[role]}` })),
  packages: { ...debian.packages, "qemu-rbd": ["qemu-kvm-block-rbd"] },
};

const KOLLA = "/etc/kolla";

/** Since 2023.1 a unit of systemd runs each container, of docker and of podman. */
const kollaUnit = (series: Series, name: string): ServiceUnit =>
  orderOf(series) < orderOf("antelope")
    ? { unit: name, container: name, restart: ["docker", "restart", name] }
    : { unit: `kolla-${name}-container.service`, container: name };

/** Glance and Cinder copy a directory since 2023.2, and single files before; Nova's containers copy single files. */
const kollaDirs = (series: Series): Record<LayoutRole, string> => {
  const below = orderOf(series) < orderOf("bobcat") ? "" : "/ceph";
  return everyRole((role) => `${KOLLA}/${DAEMONS[role]}${role === "nova" ? "" : below}`);
};

/**
 * A host that Kolla-Ansible has deployed: files as its containers copy them at each start (`kolla_set_configs`, as root), users by their numbers.
 * @see https://opendev.org/openstack/kolla/src/branch/master/kolla/common/users.py
 * @see https://opendev.org/openstack/kolla-ansible/src/branch/master/ansible/roles/nova-cell/templates/nova-compute.json.j2
 */
const kollaContainers = (series: Series): Layout => ({
  glanceConf: `${KOLLA}/glance-api/glance-api.conf`,
  cinderConf: `${KOLLA}/cinder-volume/cinder.conf`,
  cinderBackupConf: `${KOLLA}/cinder-backup/cinder.conf`,
  novaConf: `${KOLLA}/nova-compute/nova.conf`,
  users: {
    glance: { owner: "42415", group: "42415" },
    cinder: { owner: "42407", group: "42407" },
    nova: { owner: "42436", group: "42436" },
  },
  cephDirs: kollaDirs(series),
  cephDir: "/etc/ceph",
  libvirtCephDirs: [`${KOLLA}/nova-libvirt`],
  // As Kolla itself leaves them: its next run then finds nothing to change. A container gives its copy to the service's user, 0600.
  keyring: { owner: "root", group: "root", mode: "0660" },
  // qemu.conf of its libvirt names nova for both.
  qemu: { owner: "42436", group: "42436" },
  virsh: ["docker", "exec", "-i", "nova_libvirt", "virsh"],
  libvirtUri: "qemu:///system",
  units: everyRole((role) => kollaUnit(series, DAEMONS[role].replace("-", "_"))),
  packages: { "rbd-python": [], "ceph-common": [], "qemu-rbd": [] },
});

/** A preset, for a release of OpenStack. */
export const presetOf = (preset: HostPreset, series: Series): Layout => {
  if (preset === "rdo9") return rdo9;
  return preset === "kolla-containers" ? kollaContainers(series) : debian;
};
