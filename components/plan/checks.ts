/** The proof on each host, by the service's own user and key, of what it must be able to do and of what it must not. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import { fileOwner } from "../layouts/choice.js";
import type { Layout, LayoutRole } from "../layouts/layout.js";
import { hasSince } from "../releases/ceph.js";
import { isManaged } from "../topology/manage.js";
import { rightsOf, type MadeUser, type Pool, type RoleUse, type Topology } from "../topology/topology.js";
import { inCluster } from "../topology/uses.js";
import type { Entry, Reads } from "./entry.js";
import { checkName, keyringFile, parentOfHost, userRefs } from "./names.js";
import { asText, readsOf } from "./reads.js";
import { SERVICES } from "./services.js";

const names = (pools: readonly Pool[]) => pools.map(({ name }) => name);

/** Pools of this program in the user's cluster that it has no right on. */
const foreign = ({ pools }: Topology, user: MadeUser): Pool[] => {
  const { data, reads } = rightsOf(user);
  const known = [...user.owns, ...data, ...reads];
  return pools.filter((pool) => pool.at.key === user.at.key && known.every(({ key }) => key !== pool.key));
};

/** What is in a data pool is proven by the images whose data it holds. Cinder and Nova clone from what they read; the others only read it. */
const canOf = ({ role }: RoleUse, { owns, reads }: MadeUser) => ({
  write: names(owns),
  ...(reads.length === 0 ? {} : { [role === "cinder" || role === "nova" ? "clone" : "read"]: names(reads) }),
});

/** A user whose way from a host is proven. */
interface Proof {
  readonly user: MadeUser;
  /** Of a compute and a backend's user: the host has libvirt's secret of it, and no keyring. */
  readonly guestsOnly: boolean;
}

/** The users whose keys the role itself works with (of cinder-backup its own, not those of the volumes that it reads), and then those by whose secrets guests do. */
const proofsOf = ({ users }: Topology, { parts, secrets }: RoleUse): Proof[] => {
  const own = users.filter((user) => parts.some((part) => part.user === user));
  const others = users.filter((user) => secrets.includes(user) && !own.includes(user));
  return [
    ...own.map((user) => ({ user, guestsOnly: false })),
    ...others.map((user) => ({ user, guestsOnly: true })),
  ];
};

/** What starts programs in the container of a unit: where the layout does not say, what starts virsh in one. */
const engineOf = ({ virsh, units }: Layout, place: LayoutRole): string =>
  units[place].engine ?? virsh.find((word) => /^(?:.*\/)?(?:docker|podman)$/.test(word)) ?? "docker";

/** What the service itself has, and must not be able to do. */
const asService = (topology: Topology, { role }: RoleUse, user: MadeUser) => {
  const { layout } = topology;
  const others = names(foreign(topology, user));
  return {
    cannot: { read: others, write: [...others, ...names(rightsOf(user).reads)] },
    user: fileOwner(layout.users[SERVICES[role].runsAs]).owner,
    keyring: `${layout.cephDir}/${keyringFile(user)}`,
  };
};

/** A rotation reaches the secret alone. */
const secretRead = ({ name, at, keyGeneration = 1 }: MadeUser): Reads => ({
  [`secret ${inCluster(`client.${name}`, at.key)}`]: asText(keyGeneration),
});

const checkEntry = (
  topology: Topology,
  files: readonly Entry[],
  at: { use: RoleUse; host: Host; proof: Proof; first: boolean },
): Entry => {
  const { layout } = topology;
  const { use, host, first } = at;
  const { user, guestsOnly } = at.proof;
  const { place } = SERVICES[use.role];
  const { container } = layout.units[place];
  return {
    kind: "ClientCheck",
    name: checkName(topology, { host, role: use.role }, first ? undefined : user),
    parent: parentOfHost(topology, host),
    args: {
      host,
      cluster: user.at.cluster,
      entity: user.entity,
      can: canOf(use, user),
      ...(guestsOnly ? { guestsOnly } : asService(topology, use, user)),
      conf: user.at.conf,
      ...(container === undefined ? {} : { prefix: [engineOf(layout, place), "exec", "-i", container] }),
      ...(use.role === "nova"
        ? { libvirtSecret: { uuid: user.secretUuid, uri: layout.libvirtUri, virsh: [...layout.virsh] } }
        : {}),
      manager: hasSince(user.at.cephRelease ?? "octopus", "octopus"),
      triggers: { ...readsOf({ entries: files }, host, use.role), ...(guestsOnly ? secretRead(user) : {}) },
    },
    dependsOn: userRefs(topology, user),
    place: { host, step: "checks", roles: [use.role] },
  };
};

/** `<name>-<host>-<role>-check`, with the user's name after it from the second one on. */
export const checks = (topology: Topology, files: readonly Entry[]): Entry[] =>
  topology.roles.flatMap((use) =>
    use.hosts
      .filter((host) => isManaged(topology.manage.checks, SERVICES[use.role].place, host))
      .flatMap((host) =>
        proofsOf(topology, use).map((proof, index) =>
          checkEntry(topology, files, { use, host, proof, first: index === 0 }),
        ),
      ),
  );
