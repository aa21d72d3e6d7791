/** The restarts of services whose files changed, in waves, and those after a destroy has put the files back. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import type { ServiceUnit } from "../layouts/layout.js";
import type { Role } from "../releases/index.js";
import { isManaged, optionalIn } from "../topology/manage.js";
import type { RoleUse, Topology } from "../topology/topology.js";
import { refOf, type Entry, type Ref } from "./entry.js";
import { parentOfHost } from "./names.js";
import { readsOf } from "./reads.js";
import { SERVICES } from "./services.js";

/** A volume service that is away for a moment delays, cinder-backup too; one that comes after its computes fails what they ask. */
const BEFORE: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  nova: ["cinder", "cinder-backup", "glance"],
};

const BATCH = { glance: 1, cinder: 1, cinderBackup: 1, nova: 10 } as const;

/** Files and sections that a role's unit reads on a host, of those that are planned. */
const filesRead = (files: readonly Entry[], host: Host, role: Role): string[] => [
  ...new Set(
    files.flatMap(({ place, file }) =>
      file !== undefined && place?.host === host && place.roles.includes(role) ? [file] : [],
    ),
  ),
];

/** Where systemd does not run it, docker or podman does; what they are told but to restart it is a command of the layout's own. */
const unitOf = ({ unit, restart }: ServiceUnit): { unit: string; command?: string[] } => {
  if (restart === undefined) return { unit };
  const engine = restart.find((word) => word === "docker" || word === "podman");
  const known = engine === undefined ? unit : `${engine}:${unit}`;
  return restart.join(" ") === `${engine ?? ""} restart ${unit}`
    ? { unit: known }
    : { unit: known, command: [...restart] };
};

const waves = <T>(items: readonly T[], size: number): T[][] =>
  items.length === 0 ? [] : [items.slice(0, size), ...waves(items.slice(size), size)];

const batchOf = ({ manage }: Topology, role: Role): number => {
  const { place } = SERVICES[role];
  const batch = manage.services?.batch;
  return (typeof batch === "number" ? batch : batch?.[place]) ?? BATCH[place];
};

/** What both restarts of a unit have in common. */
const common = (topology: Topology, files: readonly Entry[], { host, role }: { host: Host; role: Role }) => {
  const { layout, manage } = topology;
  const { place } = SERVICES[role];
  const probe = manage.services?.probes?.[place];
  const { timeoutSeconds, pauseSeconds } = manage.services ?? {};
  const way = layout.virsh.join(" ") === "virsh" ? {} : { virsh: [...layout.virsh, "-c", layout.libvirtUri] };
  return {
    host,
    ...unitOf(layout.units[place]),
    reads: filesRead(files, host, role),
    ...(probe === undefined ? {} : { probe }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(pauseSeconds === undefined ? {} : { steadySeconds: pauseSeconds }),
    ...(role === "nova" ? way : {}),
    ...optionalIn(manage.services),
  };
};

const nameOf = ({ name }: Topology, host: Host, role: Role): string => `${name}-${host}-${role}-service`;

const hostsWith = ({ manage }: Topology, { role, hosts }: RoleUse): Host[] =>
  hosts.filter((host) => isManaged(manage.services, SERVICES[role].place, host));

/** Of the two restarts of a unit the one after a destroy has this behind its name. */
const UNDO = "-undo";

type Suffix = "" | typeof UNDO;

/** Restarts of a role on hosts. */
interface Restarts {
  readonly role: Role;
  readonly hosts: readonly Host[];
}

const refsOn = (topology: Topology, { role, hosts }: Restarts, suffix: Suffix): Ref[] =>
  hosts.map((host) => refOf({ kind: "Service", name: `${nameOf(topology, host, role)}${suffix}` }));

/** Those of all roles that are picked. */
const refsOf = (topology: Topology, picks: (role: Role) => boolean, suffix: Suffix): Ref[] =>
  topology.roles
    .filter(({ role }) => picks(role))
    .flatMap((use) => refsOn(topology, { role: use.role, hosts: hostsWith(topology, use) }, suffix));

/** What a wave of restarts after a change waits for. */
const before = (topology: Topology, role: Role, last: readonly Host[] = []): Ref[] => [
  ...refsOf(topology, (other) => BEFORE[role]?.includes(other) === true, ""),
  ...refsOn(topology, { role, hosts: last }, ""),
];

/**
 * The engine deletes in the opposite order, and nothing is done on a host before that: so the same waves come of the reverse references, and the first
 * restart that fails leaves those that would come after it.
 */
const after = (topology: Topology, role: Role, next: readonly Host[] = []): Ref[] => [
  ...refsOf(topology, (other) => BEFORE[other]?.includes(role) === true, UNDO),
  ...refsOn(topology, { role, hosts: next }, UNDO),
];

const restartsOf = (topology: Topology, files: readonly Entry[], use: RoleUse): Entry[] => {
  const { role } = use;
  const all = waves(hostsWith(topology, use), batchOf(topology, role));
  return all.flatMap((hosts, index) =>
    hosts.flatMap((host): Entry[] => {
      const name = nameOf(topology, host, role);
      const place = { host, roles: [role] };
      const parent = parentOfHost(topology, host);
      const shared = common(topology, files, { host, role });
      const triggers = readsOf({ entries: files }, host, role);
      return [
        {
          kind: "Service",
          name: `${name}${UNDO}`,
          parent,
          args: { ...shared, at: "destroy" },
          dependsOn: after(topology, role, all[index + 1]),
          place: { ...place, step: "undo" },
        },
        {
          kind: "Service",
          name,
          parent,
          args: { ...shared, triggers },
          dependsOn: before(topology, role, all[index - 1]),
          place: { ...place, step: "services" },
        },
      ];
    }),
  );
};

/** `<name>-<host>-<role>-service`, and `…-undo`, which is made before the files and so deleted after them. */
export const restarts = (topology: Topology, files: readonly Entry[]): Entry[] =>
  topology.roles.flatMap((use) => restartsOf(topology, files, use));
