/** What a program says of ceph.conf that goes against what is made. Plain values alone. Pure. */
import { clusterName, type KnownCluster, type Topology, type User } from "../../topology/topology.js";
import type { CephConfOptions } from "../../role-args.js";
import { cephConfOf } from "../client-files.js";
import { guestOptions } from "../guests.js";
import { keyringFile } from "../names.js";
import { merged } from "../../topology/sections.js";
import type { Advice } from "./in-file.js";
import { isNo } from "../../../providers/formats/openstack/given.js";
import { plain } from "./values.js";

/** Metavariables of Ceph's in a path. */
const filled = (path: string, { at: { cluster }, name }: User): string =>
  path
    .replaceAll("$cluster", cluster.name ?? "ceph")
    .replaceAll("$name", `client.${name}`)
    .replaceAll("$type", "client")
    .replaceAll("$id", name);

/** Every user whose keyring is written, once. */
const usersOf = ({ roles }: Topology): User[] => [...new Set(roles.flatMap(({ users }) => users))];

/** A keyring that a section names, and that is none of those that are written. */
const otherKeyrings = (topology: Topology): Advice[] =>
  usersOf(topology).flatMap((user) => {
    const section = `client.${user.name}`;
    const path = plain(cephConfOf(topology, user.at), section, "keyring");
    const made = `${topology.layout.cephDir}/${keyringFile(user)}`;
    return path === undefined || filled(path, user) === made
      ? []
      : [{ section, option: "keyring", text: `is ${path}, and the keyring that is written is ${made}` }];
  });

/** @see https://docs.ceph.com/en/latest/rbd/rbd-persistent-write-log-cache/ */
const writeLog = (cephConf: CephConfOptions): Advice[] =>
  Object.keys(cephConf).flatMap((section) => {
    const mode = plain(cephConf, section, "rbd_persistent_cache_mode") ?? "disabled";
    return mode === "disabled" || isNo(mode)
      ? []
      : [
          {
            section,
            option: "rbd_persistent_cache_mode",
            text: `${mode} keeps writes on the host's own disk (since Pacific): they are lost with it, and a guest elsewhere does not see them`,
          },
        ];
  });

/** What is written into the conf of a cluster for guests, who are these users. */
const forGuests = (topology: Topology, at: KnownCluster, users: readonly User[]): CephConfOptions => {
  const all = merged(topology.directories ? guestOptions : {}, cephConfOf(topology, at));
  const read = new Set(["global", "client", ...users.map(({ name }) => `client.${name}`)]);
  return Object.fromEntries(Object.entries(all).filter(([section]) => read.has(section)));
};

/**
 * Nova gives QEMU a cluster's monitors and names no file, so that librbd in QEMU reads /etc/ceph/ceph.conf, whichever cluster it opens, and no other
 * (QEMU 7.2). @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms, `config file`
 */
const unreadByGuests = (topology: Topology): Advice[] => {
  const users = topology.roles.flatMap(({ secrets }) => secrets);
  const clusters = [...new Set(users.map(({ at }) => at))];
  const isRead = ({ cluster }: KnownCluster) => clusterName(cluster) === "ceph";
  const first = clusters.find(isRead);
  const read = first === undefined ? {} : forGuests(topology, first, users);
  return clusters
    .filter((at) => topology.clientFiles && !isRead(at))
    .flatMap((at) =>
      Object.entries(forGuests(topology, at, users)).flatMap(([section, options]) =>
        Object.entries(options)
          .filter(([option, value]) => option !== "keyring" && read[section]?.[option] !== value)
          .map(([option]) => ({
            section,
            option,
            text: `is written to ${at.conf}, and guests do not have it: QEMU reads /etc/ceph/ceph.conf alone, since Nova names no other file. Say it for the cluster that is called ceph on compute hosts, or call this one so there: without \`name\`, with \`adminName\``,
          })),
      ),
    );
};

/** What the program's options of ceph.conf get wrong. */
export const cephConfAdvice = (topology: Topology): Advice[] => [
  ...otherKeyrings(topology),
  ...unreadByGuests(topology),
  ...writeLog(topology.cephConf),
  ...topology.clusters.flatMap(({ cephConf = {} }) => writeLog(cephConf)),
];
