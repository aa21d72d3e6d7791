/** The packages that each host needs of Ceph and QEMU for its roles. Pure. */
import type { PackageRole } from "../layouts/layout.js";
import type { Role } from "../releases/index.js";
import { isManaged, optionalIn } from "../topology/manage.js";
import { hostsOf, rolesOn, type Topology } from "../topology/topology.js";
import type { Entry } from "./entry.js";
import { parentOfHost } from "./names.js";
import { SERVICES } from "./services.js";

/**
 * `ceph-common` brings /etc/ceph, too.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#configure-openstack-ceph-clients
 */
const NEEDS: Readonly<Record<Role, readonly PackageRole[]>> = {
  glance: ["rbd-python", "ceph-common"],
  cinder: ["rbd-python", "ceph-common"],
  "cinder-backup": ["rbd-python", "ceph-common"],
  nova: ["rbd-python", "ceph-common", "qemu-rbd"],
};

/** `<name>-<host>-packages`; none where the services' containers bring them. */
export const packages = (topology: Topology): Entry[] =>
  hostsOf(topology).flatMap((host): Entry[] => {
    const roles = rolesOn(topology, host)
      .map(({ role }) => role)
      .filter((role) => isManaged(topology.manage.packages, SERVICES[role].place, host));
    const names = [
      ...new Set(roles.flatMap((role) => NEEDS[role]).flatMap((need) => topology.layout.packages[need])),
    ];
    if (names.length === 0) return [];
    return [
      {
        kind: "ClientPackages",
        name: `${topology.name}-${host}-packages`,
        parent: parentOfHost(topology, host),
        args: { host, packages: names, ...optionalIn(topology.manage.packages) },
        place: { host, step: "packages", roles },
      },
    ];
  });
