/** What a program says of ceph.conf that goes against what is made. Plain values alone. Pure. */
import type { Topology, User } from "../../topology/topology.js";
import type { CephConfOptions } from "../../role-args.js";
import { cephConfOf } from "../client-files.js";
import { keyringFile } from "../names.js";
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

/** What the program's options of ceph.conf get wrong. */
export const cephConfAdvice = (topology: Topology): Advice[] => [
  ...otherKeyrings(topology),
  ...writeLog(topology.cephConf),
  ...topology.clusters.flatMap(({ cephConf = {} }) => writeLog(cephConf)),
];
