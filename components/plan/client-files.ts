/** What every client of the cluster needs on its host: a ceph.conf, and the keyrings of the users that its services run as. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import { fileOwner } from "../layouts/choice.js";
import type { FileOwner } from "../layouts/layout.js";
import type { Role } from "../releases/index.js";
import type { CephConfOptions } from "../role-args.js";
import {
  clusterName,
  hostsOf,
  rolesOn,
  usualConf,
  type KnownCluster,
  type RoleUse,
  type Topology,
  type User,
} from "../topology/topology.js";
import { dataPoolOptions } from "./data-pools.js";
import { inCluster } from "../topology/uses.js";
import type { Entry } from "./entry.js";
import { guestOptions } from "./guests.js";
import { asText, optionReads } from "./reads.js";
import { confName, keyringFile, keyringName, parentOfHost, userRefs } from "./names.js";
import { merged } from "../topology/sections.js";
import { SERVICES } from "./services.js";

/** A user's keyring on a host: who reads it, and whom the file belongs to. */
export interface Keyring extends FileOwner {
  readonly user: User;
  readonly roles: readonly Role[];
  readonly mode?: string;
}

/** Of the first service by owner, of the second by its group. */
const shared = ([first = { owner: "root" }, second]: readonly FileOwner[]): FileOwner => {
  const group = second === undefined ? first.group : (second.group ?? second.owner);
  return { owner: first.owner, ...(group === undefined ? {} : { group }) };
};

/** A directory of a host that holds a ceph.conf and keyrings: of all its services, or of a container's alone. */
interface Shelf {
  readonly dir: string;
  /** In the names of its files' resources: nothing where all services have one directory. */
  readonly infix: string;
  readonly uses: readonly RoleUse[];
}

const shelvesOn = (topology: Topology, host: Host): Shelf[] => {
  const { cephDirs } = topology.layout;
  const all = Object.entries(cephDirs);
  const isOne = new Set(Object.values(cephDirs)).size === 1;
  const shelves = new Map<string, RoleUse[]>();
  for (const use of rolesOn(topology, host)) {
    const dir = cephDirs[SERVICES[use.role].place];
    shelves.set(dir, [...(shelves.get(dir) ?? []), use]);
  }
  return [...shelves].map(([dir, uses]) => {
    const [first] = all.find(([, one]) => one === dir) ?? [""];
    const role = ROLES_BY_PLACE[first] ?? first;
    return { dir, infix: isOne ? "" : `${role}-`, uses };
  });
};

/** Roles by what layouts call them. */
const ROLES_BY_PLACE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SERVICES).map(([role, { place }]) => [place, role]),
);

/** One file per user. Two services that read one file share it by owner and group. */
const keyringsIn = ({ layout }: Topology, { uses }: Shelf): Keyring[] => {
  const readers = new Map<User, Role[]>();
  for (const { role, users } of uses)
    for (const user of users) readers.set(user, [...(readers.get(user) ?? []), role]);
  return [...readers].map(([user, roles]) => {
    const owners = new Map(
      roles.map((role) => {
        const service = fileOwner(layout.users[SERVICES[role].runsAs]);
        return [service.owner, service] as const;
      }),
    );
    const { owner, ...rest } = layout.keyring;
    const holder = owner === undefined ? shared([...owners.values()]) : { owner };
    return { user, roles, ...holder, ...rest };
  });
};

/** The keyrings of a host, in all its directories. */
export const keyringsOn = (topology: Topology, host: Host): Keyring[] =>
  shelvesOn(topology, host).flatMap((shelf) => keyringsIn(topology, shelf));

/** A ceph.conf to be. */
interface Conf {
  readonly at: KnownCluster;
  readonly dir: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly options: CephConfOptions;
}

const confEntry = (topology: Topology, host: Host, { at, dir, name, roles, options }: Conf): Entry => {
  const { cluster, conf } = at;
  const file = `${clusterName(cluster)}.conf`;
  // What a program names itself is meant.
  const path = conf === usualConf(cluster, topology.layout) ? `${dir}/${file}` : conf;
  const read = inCluster("ceph.conf", at.key);
  return {
    kind: "CephConfigFile",
    name,
    parent: parentOfHost(topology, host),
    args: {
      host,
      cluster,
      ...(path === `${USUAL}/${file}` ? {} : { path }),
      ...(Object.keys(options).length === 0 ? {} : { options }),
    },
    place: { host, step: "files", roles },
    file: path,
    reads: { [`${read} fsid`]: cluster.fsid, ...optionReads(options, read) },
  };
};

/** Where Ceph's own tools look. */
const USUAL = "/etc/ceph";

const keyringEntry = (topology: Topology, host: Host, { shelf, keyring }: Shelved): Entry => {
  const { user, roles, owner, group, mode } = keyring;
  const { at, entity, keyGeneration, name } = user;
  const path = `${shelf.dir}/${keyringFile(user)}`;
  const more = {
    ...(keyGeneration === undefined ? {} : { keyGeneration }),
    ...(group === undefined ? {} : { group }),
    ...(mode === undefined ? {} : { mode }),
    ...(shelf.dir === USUAL ? {} : { path }),
  };
  return {
    kind: "CephKeyringFile",
    name: keyringName(topology, user, { host, infix: shelf.infix }),
    parent: parentOfHost(topology, host),
    args: { host, cluster: at.cluster, entity, owner, ...more },
    dependsOn: userRefs(topology, user),
    place: { host, step: "files", roles },
    file: path,
    reads: { [`keyring ${inCluster(`client.${name}`, at.key)}`]: asText(keyGeneration ?? 1) },
  };
};

interface Shelved {
  readonly shelf: Shelf;
  readonly keyring: Keyring;
}

/** Glance, cinder-backup and Nova open a cluster by ceph.conf and user alone: librados takes it for "ceph", and looks for a keyring of that name. */
const keyringOptions = ({ layout }: Topology, users: readonly User[]): CephConfOptions =>
  Object.fromEntries(
    users
      .filter(({ at }) => clusterName(at.cluster) !== "ceph")
      .map((user) => [`client.${user.name}`, { keyring: `${layout.cephDir}/${keyringFile(user)}` }]),
  );

/** The own sections of a cluster's users in its ceph.conf. */
export const userOptions = (topology: Topology, users: readonly User[]): CephConfOptions =>
  merged(keyringOptions(topology, users), dataPoolOptions(topology, users));

/** The program's own options of a cluster's ceph.conf. */
export const cephConfOf = ({ cephConf }: Topology, at: KnownCluster): CephConfOptions =>
  merged(cephConf, at.cephConf);

/** The roles that read a cluster's files in a directory. */
const readersIn = ({ uses }: Shelf, at: KnownCluster): Role[] =>
  uses.filter(({ users }) => users.some((user) => user.at === at)).map(({ role }) => role);

/** The ceph.conf files of one cluster. QEMU reads that of libvirt's container, where there is one. */
const confEntries = (topology: Topology, host: Host, { shelf, at, keyrings }: ShelvedCluster): Entry[] => {
  const { dir, infix } = shelf;
  const roles = readersIn(shelf, at);
  const isCompute = roles.includes("nova");
  const guests: CephConfOptions = topology.directories && isCompute ? guestOptions : {};
  const libvirt = isCompute ? topology.layout.libvirtCephDirs : [];
  const users = keyrings.map(({ user }) => user).filter((user) => user.at === at);
  const own = merged(userOptions(topology, users), libvirt.length === 0 ? guests : {});
  const options = merged(own, cephConfOf(topology, at));
  return [
    confEntry(topology, host, { at, dir, name: confName(topology, at, { host, infix }), roles, options }),
    ...libvirt.map((container, index) => {
      const which = `nova-libvirt-${index === 0 ? "" : `${String(index)}-`}`;
      const name = confName(topology, at, { host, infix: which });
      const more = { roles: ["nova"], options: merged(guests, cephConfOf(topology, at)) } as const;
      return confEntry(topology, host, { at, dir: container, name, ...more });
    }),
  ];
};

interface ShelvedCluster {
  readonly shelf: Shelf;
  readonly at: KnownCluster;
  readonly keyrings: readonly Keyring[];
}

const shelfEntries = (topology: Topology, host: Host, shelf: Shelf): Entry[] => {
  const keyrings = keyringsIn(topology, shelf);
  const clusters = [...new Set(keyrings.map(({ user }) => user.at))];
  return [
    ...clusters.flatMap((at) => confEntries(topology, host, { shelf, at, keyrings })),
    ...keyrings.map((keyring) => keyringEntry(topology, host, { shelf, keyring })),
  ];
};

/**
 * `<name>-<host>-conf` and `<name>-<host>-keyring-<user>`, with the role before them where each has a directory of its own, and `@<cluster>` behind them
 * where it is a further one.
 */
export const clientFiles = (topology: Topology): Entry[] =>
  topology.clientFiles
    ? hostsOf(topology).flatMap((host) =>
        shelvesOn(topology, host).flatMap((shelf) => shelfEntries(topology, host, shelf)),
      )
    : [];
