/** Where packages, services and checks are managed: what is wrong with the arguments, and what they come to. Pure. */
import type { Host } from "../../providers/kernel/common.js";
import type { LayoutRole } from "../layouts/layout.js";
import type { ManageArgs, Managed, ManagedServices } from "../manage-args.js";
import { imageProblems } from "./images.js";
import { ROLES } from "./uses.js";

/** What the program did not ask for in words stops nothing: what cannot be is said. */
interface Implied {
  readonly isImplied?: true;
}

/** Every default filled in. */
export interface Manage {
  readonly packages: (Managed & Implied) | undefined;
  readonly services: (ManagedServices & Implied) | undefined;
  readonly checks: Managed | undefined;
}

const settled = <T extends Managed>(given: boolean | T | undefined): T | Managed | undefined =>
  given === true ? {} : given === false ? undefined : given;

/** What the classic procedure does is done where the program says nothing. */
const orImplied = <T extends Managed>(
  given: boolean | T | undefined,
): ((T | Managed) & Implied) | undefined => (given === undefined ? { isImplied: true } : settled(given));

export const manageOf = (given: ManageArgs | false = {}): Manage => {
  if (given === false) return { packages: undefined, services: undefined, checks: undefined };
  const { packages, services, checks } = given;
  return { packages: orImplied(packages), services: orImplied(services), checks: settled(checks) };
};

/** The input of an artifact that nobody asked for in words. */
export const optionalIn = (managed: Implied | undefined): { readonly optional?: true } =>
  managed?.isImplied === true ? { optional: true } : {};

/** Whether it is managed for a role on a host. */
export const isManaged = (managed: Managed | undefined, role: LayoutRole, host: Host): boolean =>
  managed !== undefined &&
  (managed.roles === undefined || managed.roles.includes(role)) &&
  managed.exceptHosts?.includes(host) !== true;

const roleNames = (where: string, names: readonly string[]): string[] =>
  names
    .filter((name) => !ROLES.some((role) => role === name))
    .map((name) => `${where} ${JSON.stringify(name)} is no role; there are ${ROLES.join(", ")}`);

const keysOf = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.keys(value) : [];

const isCount = (value: unknown): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 1;

const batchProblems = (batch: unknown): string[] => {
  const where = "manage.services.batch";
  const values = typeof batch === "object" && batch !== null ? Object.values(batch) : [batch];
  return [
    ...roleNames(where, keysOf(batch)),
    ...(batch === undefined || values.every(isCount)
      ? []
      : [`${where} must be a whole number from 1 on, or one by role`]),
  ];
};

const partProblems = (
  where: string,
  value: boolean | Managed | ManagedServices | undefined,
  hosts: readonly Host[],
): string[] => {
  if (value === undefined || typeof value === "boolean") return [];
  const { roles = [], exceptHosts = [], ...more } = value;
  const { batch, probes }: Pick<ManagedServices, "batch" | "probes"> = more;
  return [
    ...roleNames(`${where}.roles`, roles),
    ...roleNames(`${where}.probes`, keysOf(probes)),
    ...exceptHosts
      .filter((host) => !hosts.includes(host))
      .map((host) => `${where}.exceptHosts names ${JSON.stringify(host)}, which is a host of no role`),
    ...batchProblems(batch),
  ];
};

/** Everything that is wrong with what `manage` names; `hosts` are those of all roles. */
export const manageProblems = (manage: ManageArgs | false = {}, hosts: readonly Host[]): string[] =>
  manage === false
    ? []
    : [
        ...partProblems("manage.packages", manage.packages, hosts),
        ...partProblems("manage.services", manage.services, hosts),
        ...partProblems("manage.checks", manage.checks, hosts),
        ...imageProblems(manage.images),
      ];
