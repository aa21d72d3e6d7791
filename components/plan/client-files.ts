/** What every client of the cluster needs on its host: a ceph.conf, and the keyrings of the users that its services run as. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import { fileOwner, type FileOwner } from "../layout.js";
import type { Role } from "../releases/index.js";
import type { CephConfOptions } from "../role-args.js";
import {
  hostsOf,
  known,
  rolesOn,
  type KnownCluster,
  type Topology,
  type User,
} from "../topology/topology.js";
import type { Entry } from "./entry.js";
import { guestOptions } from "./guests.js";
import { asText, optionReads } from "./reads.js";
import { confName, parentOfHost, userRefs } from "./names.js";
import { merged } from "./sections.js";
import { SERVICES } from "./services.js";

/** A user's keyring on a host: who reads it, and whom the file belongs to. */
export interface Keyring extends FileOwner {
  readonly user: User;
  readonly roles: readonly Role[];
}

/** Of the first service by owner, of the second by its group. */
const shared = ([first = { owner: "root" }, second]: readonly FileOwner[]): FileOwner => {
  const group = second === undefined ? first.group : (second.group ?? second.owner);
  return { owner: first.owner, ...(group === undefined ? {} : { group }) };
};

/** One file per user. Two services that read one file share it by owner and group. */
export const keyringsOn = (topology: Topology, host: Host): Keyring[] => {
  const readers = new Map<User, Role[]>();
  for (const { role, users } of rolesOn(topology, host))
    for (const user of users) readers.set(user, [...(readers.get(user) ?? []), role]);
  return [...readers].map(([user, roles]) => {
    const owners = new Map(
      roles.map((role) => {
        const service = fileOwner(topology.layout.users[SERVICES[role].runsAs]);
        return [service.owner, service] as const;
      }),
    );
    return { user, roles, ...shared([...owners.values()]) };
  });
};

const confEntry = (topology: Topology, host: Host, { cluster, conf }: KnownCluster): Entry => {
  const roles = rolesOn(topology, host).map(({ role }) => role);
  const guests: CephConfOptions = topology.directories && roles.includes("nova") ? guestOptions : {};
  const options = merged(guests, topology.cephConf);
  return {
    kind: "CephConfigFile",
    name: confName(topology, host),
    parent: parentOfHost(topology, host),
    args: {
      host,
      cluster,
      ...(conf === known(cluster).conf ? {} : { path: conf }),
      ...(Object.keys(options).length === 0 ? {} : { options }),
    },
    place: { host, step: "files", roles },
    reads: { "ceph.conf fsid": cluster.fsid, ...optionReads(options, "ceph.conf") },
  };
};

const keyringEntry = (topology: Topology, host: Host, keyring: Keyring): Entry => {
  const { user, roles, owner, group } = keyring;
  const { at, entity, keyGeneration, name } = user;
  const more = {
    ...(keyGeneration === undefined ? {} : { keyGeneration }),
    ...(group === undefined ? {} : { group }),
  };
  return {
    kind: "CephKeyringFile",
    name: `${topology.name}-${host}-keyring-${name}`,
    parent: parentOfHost(topology, host),
    args: { host, cluster: at.cluster, entity, owner, ...more },
    dependsOn: userRefs(topology, user),
    place: { host, step: "files", roles },
    reads: { [`keyring client.${name}`]: asText(keyGeneration ?? 1) },
  };
};

/** `<name>-<host>-conf` and `<name>-<host>-keyring-<user>`. */
export const clientFiles = (topology: Topology): Entry[] =>
  topology.clientFiles
    ? hostsOf(topology).flatMap((host) => {
        const keyrings = keyringsOn(topology, host);
        const clusters = new Set(keyrings.map(({ user }) => user.at));
        return [
          ...[...clusters].map((at) => confEntry(topology, host, at)),
          ...keyrings.map((keyring) => keyringEntry(topology, host, keyring)),
        ];
      })
    : [];
