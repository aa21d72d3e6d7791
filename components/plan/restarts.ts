/** The restarts of services whose files changed, in waves, and those after a destroy has put the files back. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import type { ServiceUnit } from "../layouts/layout.js";
import type { Role } from "../releases/index.js";
import { optionalIn } from "../topology/manage.js";
import type { RoleUse, Topology } from "../topology/topology.js";
import { refOf, type Entry, type Ref } from "./entry.js";
import { parentOfHost, serviceName } from "./names.js";
import { readsOf } from "./reads.js";
import { SERVICES } from "./services.js";
import { doneBefore, isEarlier, restarting, wavesOf, type OnHosts } from "./waves.js";

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

/** Of the two restarts of a unit the one after a destroy has this behind its name. */
const UNDO = "-undo";

/** The restarts at a destroy of a role on hosts. */
export const undosOn = (topology: Topology, use: OnHosts): Ref[] =>
  restarting(topology, use).hosts.map((host) =>
    refOf({ kind: "Service", name: `${serviceName(topology, { ...use, host })}${UNDO}` }),
  );

/**
 * The engine deletes in the opposite order, and nothing is done on a host before that: so the same waves come of the reverse references, and the first
 * restart that fails leaves those that would come after it.
 */
const undoneBefore = (topology: Topology, role: Role, next: readonly Host[] = []): Ref[] => [
  ...topology.roles
    .filter((other) => isEarlier(role, other.role))
    .flatMap((other) => undosOn(topology, other)),
  ...undosOn(topology, { role, hosts: next }),
];

const restartsOf = (topology: Topology, files: readonly Entry[], use: RoleUse): Entry[] => {
  const { role } = use;
  const waves = wavesOf(topology, restarting(topology, use));
  return waves.flatMap((hosts, index) =>
    hosts.flatMap((host): Entry[] => {
      const name = serviceName(topology, { host, role });
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
          dependsOn: undoneBefore(topology, role, waves[index + 1]),
          place: { ...place, step: "undo" },
        },
        {
          kind: "Service",
          name,
          parent,
          args: { ...shared, triggers },
          dependsOn: doneBefore(topology, role, waves[index - 1]),
          place: { ...place, step: "services" },
        },
      ];
    }),
  );
};

/** `<name>-<host>-<role>-service`, and `…-undo`, which is made before the files and so deleted after them. */
export const restarts = (topology: Topology, files: readonly Entry[]): Entry[] =>
  topology.roles.flatMap((use) => restartsOf(topology, files, use));
