/** What another tool that writes the hosts is given: values as an output, and the files that it reads on its deployment host. Pure. */
import * as pulumi from "@pulumi/pulumi";
import { saidOptions, type SaidOptions } from "../layouts/enabled.js";
import { directoryOf, handOver, optionFiles } from "../layouts/hand-over.js";
import type { LayoutRole } from "../layouts/layout.js";
import type { HandOver, PlainSections, SectionsOf, Topology as Handed, Use } from "../layouts/topology.js";
import type { Role, Sections, Value } from "../releases/index.js";
import { merged } from "../topology/sections.js";
import type { HandedTo, Part, Pool, Topology, User } from "../topology/topology.js";
import { cephConfOf, userOptions } from "./client-files.js";
import { refOf, type Entry, type Ref } from "./entry.js";
import { userRefs } from "./names.js";
import { sectionsOf } from "./service-files.js";
import { SERVICES } from "./services.js";

/** Sections of each role's file; those of secrets alone are left out. */
const sectionsByPlace = (topology: Topology): Partial<Record<LayoutRole, Sections>> =>
  Object.fromEntries(topology.roles.map((use) => [SERVICES[use.role].place, sectionsOf(topology, use)]));

/** A pool, and that of its data. */
type PoolNames = Pick<Use, "pool" | "dataPool">;

/** What becomes known late. */
interface Later {
  /** Names of pools, by role, in the order of its parts. */
  readonly pools: Readonly<Partial<Record<Role, readonly PoolNames[]>>>;
  readonly sections: Readonly<Partial<Record<LayoutRole, PlainSections>>>;
}

/** Without what becomes known late it says which files there are, and what cannot be done. */
export const handed = (
  topology: Topology,
  { pools, sections }: Later = { pools: {}, sections: {} },
): Handed => {
  const partsOf = (role: Role) => topology.roles.find((use) => use.role === role)?.parts ?? [];
  const usesOf = (role: Role) =>
    partsOf(role).map((part, at) => ({ ...useOf(part, pools[role]?.[at] ?? { pool: "" }), name: part.name }));
  /** Users whose keys computes have in libvirt. */
  const guestUsesOf = (role: Role) =>
    usesOf(role).map((use, at) => ({ ...use, secretUuid: partsOf(role)[at]?.user.secretUuid ?? "" }));
  const [backup] = usesOf("cinder-backup");
  const [nova] = guestUsesOf("nova");
  return {
    series: topology.release.name,
    stores: usesOf("glance"),
    backends: guestUsesOf("cinder"),
    ...(backup === undefined ? {} : { backup }),
    ...(nova === undefined ? {} : { nova }),
    sections,
    said: saidIn(topology),
  };
};

/** What the program itself enables, by place. */
const saidIn = ({ roles }: Topology): SaidOptions =>
  Object.fromEntries(
    roles.map(({ role, options }) => {
      const { place } = SERVICES[role];
      return [place, saidOptions(place, options)];
    }),
  );

const useOf = ({ user }: Part, pools: PoolNames): Use => ({
  ...pools,
  user: user.name,
  cluster: { name: user.at.cluster.name ?? "ceph", fsid: user.at.cluster.fsid },
});

const namesIn = ({ name, data }: Pool) => ({
  pool: name,
  ...(data === undefined ? {} : { dataPool: data.name }),
});

/** Where ceph.conf is not written here, the program's own options of it are said. */
const cephConfNotes = (topology: Topology, to: HandedTo, { confs }: HandOver): string[] =>
  to.host !== undefined
    ? []
    : [...new Set(confs.map(({ cluster }) => cluster))].flatMap((cluster) => {
        const at = usersOf(topology).find((user) => nameOfCluster(user) === cluster)?.at;
        const options = at === undefined ? {} : cephConfOf(topology, at);
        const names = Object.entries(options).flatMap(([section, all]) =>
          Object.keys(all).map((option) => `[${section}] ${option}`),
        );
        return names.length === 0
          ? []
          : [`${cluster}.conf is to hold what cephConf says too: ${names.join(", ")}`];
      });

/** What the tool is given: plain data, no key in it. */
export const handOverOutput = (topology: Topology, to: HandedTo): pulumi.Output<HandOver> => {
  const pools = Object.fromEntries(
    topology.roles.map(({ role, parts }) => [role, parts.map(({ pool }) => namesIn(pool))]),
  );
  return pulumi
    .output({ pools, sections: sectionsByPlace(topology) })
    .apply((later) => handOver(to.tool, handed(topology, later), to.directory))
    .apply((made) => ({ ...made, notes: [...made.notes, ...cephConfNotes(topology, to, made)] }));
};

const above = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** Directories from `directory` on down to those of the files. */
const directoriesFor = (paths: readonly string[], directory: string): string[] => {
  const chain = (dir: string): string[] =>
    dir.length > directory.length ? [...chain(above(dir)), dir] : [directory];
  return [...new Set(paths.flatMap((path) => chain(above(path))))];
};

/** A deployment host, and how its files are called. */
interface Desk {
  readonly to: HandedTo;
  readonly host: string;
  readonly directory: string;
  readonly nameOf: (path: string) => string;
  readonly above: (path: string) => Ref;
}

const deskOf = ({ name }: Topology, to: HandedTo, host: string): Desk => {
  const directory = to.directory ?? directoryOf(to.tool) ?? "";
  const nameOf = (path: string): string =>
    `${name}-${host}-${to.tool}${path.slice(directory.length).replaceAll("/", "-")}`;
  return {
    to,
    host,
    directory,
    nameOf,
    above: (path) => refOf({ kind: "Directory", name: nameOf(above(path)) }),
  };
};

const directoryEntries = (paths: readonly string[], desk: Desk): Entry[] =>
  directoriesFor(paths, desk.directory).map((path) => ({
    kind: "Directory",
    name: desk.nameOf(path),
    args: { host: desk.host, path },
    ...(path === desk.directory ? {} : { dependsOn: [desk.above(path)] }),
  }));

const nameOfCluster = ({ at }: User): string => at.cluster.name ?? "ceph";

const confEntries = (topology: Topology, confs: HandOver["confs"], desk: Desk): Entry[] =>
  confs.flatMap(({ path, cluster }) => {
    const user = usersOf(topology).find((one) => nameOfCluster(one) === cluster);
    if (user === undefined) return [];
    const users = topology.users.filter(({ at }) => at === user.at);
    const given = merged(userOptions(topology, users), cephConfOf(topology, user.at));
    const options = Object.keys(given).length === 0 ? {} : { options: given };
    const args = { host: desk.host, cluster: user.at.cluster, path, ...options };
    return [{ kind: "CephConfigFile", name: desk.nameOf(path), args, dependsOn: [desk.above(path)] }];
  });

const keyringEntries = (topology: Topology, keyrings: HandOver["keyrings"], desk: Desk): Entry[] =>
  keyrings.flatMap(({ path, cluster, user: name }) => {
    const user = usersOf(topology).find((one) => one.name === name && nameOfCluster(one) === cluster);
    if (user === undefined) return [];
    const { at, entity, keyGeneration } = user;
    const { owner, group } = desk.to;
    const more = {
      ...(keyGeneration === undefined ? {} : { keyGeneration }),
      ...(group === undefined ? {} : { group }),
    };
    const args = { host: desk.host, cluster: at.cluster, entity, path, owner, mode: "0600", ...more };
    const dependsOn = [desk.above(path), ...userRefs(topology, user)];
    return [{ kind: "CephKeyringFile", name: desk.nameOf(path), args, dependsOn }];
  });

const usersOf = ({ roles }: Topology): User[] => roles.flatMap((role) => role.users);

/** Files of options that the tool merges, by path. */
export const mergedFiles = (
  topology: Topology,
  { tool }: HandedTo,
  directory: string,
): Record<string, SectionsOf<Value>> =>
  optionFiles<Value>(tool, { ...handed(topology), sections: sectionsByPlace(topology) }, directory);

const filesFor = (topology: Topology, desk: Desk): Entry[] => {
  const { to, directory } = desk;
  const { confs, keyrings } = handOver(to.tool, handed(topology), directory);
  const options = mergedFiles(topology, to, directory);
  const paths = [...[...confs, ...keyrings].map(({ path }) => path), ...Object.keys(options)];
  return [
    ...directoryEntries(paths, desk),
    ...confEntries(topology, confs, desk),
    ...keyringEntries(topology, keyrings, desk),
    ...Object.entries(options).flatMap(([path, sections]) =>
      sectionEntries(topology, { path, sections }, desk),
    ),
  ];
};

interface OptionFile {
  readonly path: string;
  readonly sections: SectionsOf<Value>;
}

const PROJECTS = ["glance", "cinder", "nova"] as const;

const sectionEntries = (topology: Topology, { path, sections }: OptionFile, desk: Desk): Entry[] => {
  const { release, silence } = topology;
  const service = PROJECTS.find((one) => path.slice(desk.directory.length).startsWith(`/${one}/`));
  const more = silence.length === 0 ? {} : { silence };
  const readBy = service === undefined ? {} : { readBy: { service, release: release.name, ...more } };
  const { owner, group } = desk.to;
  const createFile = { owner, ...(group === undefined ? {} : { group }), mode: "0644" };
  return Object.entries(sections).map(([section, options]) => ({
    kind: "ConfigSection",
    name: `${desk.nameOf(path)}-${section}`,
    args: { host: desk.host, path, section, options, createFile, ...readBy },
    dependsOn: [desk.above(path)],
  }));
};

/** `<name>-<deployment host>-<tool>-<path>` for each. */
export const handOverFiles = (topology: Topology): Entry[] => {
  const { handOver: to } = topology;
  return to?.host === undefined ? [] : filesFor(topology, deskOf(topology, to, to.host));
};
