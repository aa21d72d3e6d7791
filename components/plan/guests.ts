/** What guests need on a compute host: libvirt's secret, and directories for what librbd leaves in QEMU. Pure. */
import { adoptOf, rolesOn, hostsOf, type RoleUse, type Topology } from "../topology/topology.js";
import type { Entry, Ref } from "./entry.js";
import { parentOfPart, secretName, userRefs } from "./names.js";

// Not below /run/ceph, where Ceph's documentation has it: ceph-common makes that 0770 ceph:ceph at every boot, and QEMU's user cannot enter.
const SOCKETS = "/run/ceph-guests";
const LOGS = "/var/log/qemu";

/**
 * What guests' librbd wants to be seen by, where the directories are there.
 * @see https://docs.ceph.com/en/latest/rbd/rbd-openstack/#configuring-nova
 */
export const guestOptions = {
  client: {
    admin_socket: `${SOCKETS}/$cluster-$type.$id.$pid.$cctid.asok`,
    log_file: `${LOGS}/qemu-guest-$pid.log`,
  },
} as const;

/** Where on a compute host. */
interface Spot {
  readonly host: string;
  readonly parent: Ref | undefined;
}

const directoryEntries = (topology: Topology, { host, parent }: Spot): Entry[] =>
  Object.entries({ sockets: SOCKETS, logs: LOGS }).map(([which, path]) => ({
    kind: "Directory",
    name: `${topology.name}-${host}-nova-directory-${which}`,
    parent,
    args: { host, path, mode: "0770", ...topology.layout.qemu },
    place: { host, step: "files", roles: ["nova"] },
  }));

const secretEntries = (topology: Topology, { secrets }: RoleUse, { host, parent }: Spot): Entry[] =>
  secrets.map((user) => {
    const { at, entity, keyGeneration, secretUuid: uuid } = user;
    const { virsh, libvirtUri } = topology.layout;
    const more = {
      ...(keyGeneration === undefined ? {} : { keyGeneration }),
      ...adoptOf(at),
      ...(virsh.join(" ") === "virsh" ? {} : { virsh: [...virsh] }),
      ...(libvirtUri === "qemu:///system" ? {} : { uri: libvirtUri }),
    };
    return {
      kind: "LibvirtSecret",
      name: secretName(topology, host, user),
      parent,
      args: { host, cluster: at.cluster, entity, ...more, uuid },
      dependsOn: userRefs(topology, user),
      place: { host, step: "files", roles: ["nova"] },
    };
  });

/** `<name>-<host>-secret` (of other users than Cinder's `-secret-<user>`, of a further cluster's `-secret-<user>@<cluster>`), and `<name>-<host>-nova-directory-sockets` and `-logs`. */
export const guests = (topology: Topology): Entry[] =>
  hostsOf(topology).flatMap((host) =>
    rolesOn(topology, host)
      .filter(({ role }) => role === "nova")
      .flatMap((nova) =>
        nova.parts.flatMap((part) => {
          const spot = { host, parent: parentOfPart(topology, nova, part) };
          return [
            ...(topology.directories ? directoryEntries(topology, spot) : []),
            ...secretEntries(topology, nova, spot),
          ];
        }),
      ),
  );
