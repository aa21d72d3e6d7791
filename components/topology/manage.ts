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

const FIELDS = {
  packages: ["roles", "exceptHosts"],
  services: ["roles", "exceptHosts", "batch", "probes", "timeoutSeconds"],
  checks: ["roles", "exceptHosts"],
} as const;

const isFlag = (value: unknown): boolean => value === undefined || typeof value === "boolean";

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

const partProblems = (key: keyof typeof FIELDS, value: unknown, hosts: readonly Host[]): string[] => {
  if (isFlag(value)) return [];
  const where = `manage.${key}`;
  if (typeof value !== "object" || value === null)
    return [`${where} must be true, false, or say for which roles and hosts`];
  const given: Readonly<Record<string, unknown>> = { ...value };
  const list = (field: string): string[] => {
    const items = given[field];
    return Array.isArray(items) ? items.map(String) : [];
  };
  const known: readonly string[] = FIELDS[key];
  return [
    ...Object.keys(given)
      .filter((field) => !known.includes(field))
      .map((field) => `${where}.${field} is no argument here; there are ${known.join(", ")}`),
    ...roleNames(`${where}.roles`, list("roles")),
    ...roleNames(`${where}.probes`, keysOf(given["probes"])),
    ...list("exceptHosts")
      .filter((host) => !hosts.includes(host))
      .map((host) => `${where}.exceptHosts names ${JSON.stringify(host)}, which is a host of no role`),
    ...batchProblems(given["batch"]),
  ];
};

/** Everything that is wrong with `manage`; `hosts` are those of all roles. */
export const manageProblems = (manage: ManageArgs | false = {}, hosts: readonly Host[]): string[] => {
  if (manage === false) return [];
  if (typeof manage !== "object") return ["manage must be false, or say what is managed"];
  const known = ["directories", ...Object.keys(FIELDS), "images"];
  return [
    ...Object.keys(manage)
      .filter((key) => !known.includes(key))
      .map((key) => `manage.${key} is no argument here; there are ${known.join(", ")}`),
    ...(isFlag(manage.directories) ? [] : ["manage.directories must be true or false"]),
    ...partProblems("packages", manage.packages, hosts),
    ...partProblems("services", manage.services, hosts),
    ...partProblems("checks", manage.checks, hosts),
    ...imageProblems(manage.images),
  ];
};
