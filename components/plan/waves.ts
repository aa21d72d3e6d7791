/** In which order the hosts of the roles restart: in waves, and computes last. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import type { Role } from "../releases/index.js";
import { isManaged } from "../topology/manage.js";
import type { RoleUse, Topology } from "../topology/topology.js";
import { refOf, type Ref } from "./entry.js";
import { hookName, serviceName } from "./names.js";
import { SERVICES } from "./services.js";

/** A role on some of its hosts. */
export type OnHosts = Pick<RoleUse, "role" | "hosts">;

/** A volume service that is away for a moment delays, cinder-backup too; one that comes after its computes fails what they ask. */
const EARLIER: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  nova: ["cinder", "cinder-backup", "glance"],
};

export const isEarlier = (role: Role, than: Role): boolean => EARLIER[than]?.includes(role) === true;

const BATCH = { glance: 1, cinder: 1, cinderBackup: 1, nova: 10 } as const;

const batchOf = ({ manage }: Topology, role: Role): number => {
  const { place } = SERVICES[role];
  const batch = manage.services?.batch;
  return (typeof batch === "number" ? batch : batch?.[place]) ?? BATCH[place];
};

const inGroups = <T>(items: readonly T[], size: number): T[][] =>
  items.length === 0 ? [] : [items.slice(0, size), ...inGroups(items.slice(size), size)];

/** The same role, on those of its hosts on which its restarts are managed. */
export const restarting = ({ manage }: Topology, { role, hosts }: OnHosts): OnHosts => ({
  role,
  hosts: hosts.filter((host) => isManaged(manage.services, SERVICES[role].place, host)),
});

export const wavesOf = (topology: Topology, { role, hosts }: OnHosts): Host[][] =>
  inGroups(hosts, batchOf(topology, role));

/** What ends the turn of roles on hosts: their restarts, and what the program itself does after them. */
export const doneBy = (topology: Topology, uses: readonly OnHosts[]): Ref[] =>
  uses.flatMap((use) => [
    ...restarting(topology, use).hosts.map((host) =>
      refOf({ kind: "Service", name: serviceName(topology, { ...use, host }) }),
    ),
    ...(topology.hooked === true ? use.hosts : []).map((host) =>
      refOf({ kind: "Hook", name: hookName(topology, { ...use, host }, "after") }),
    ),
  ]);

/** What a wave of a role waits for: the roles before it, and the wave before. */
export const doneBefore = (topology: Topology, role: Role, last: readonly Host[] = []): Ref[] =>
  doneBy(topology, [...topology.roles.filter((other) => isEarlier(other.role, role)), { role, hosts: last }]);
