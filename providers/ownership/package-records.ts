/** The record that lies on a host of the packages that were installed there, each with whose it is. Pure. */
import type { Title } from "./decision.js";

/** A package that was installed for somebody. */
export interface PackageRecord extends Title {
  readonly name: string;
}

export interface PackagesRecord {
  readonly version: 1;
  readonly packages: readonly PackageRecord[];
  /** Others that want some of `packages`: with the end of the one whose it is, a package goes over to the first of them. */
  readonly needs?: readonly PackageRecord[];
  /** What an installation under way brings, dependencies too: what it leaves half-way is ours to end. */
  readonly installing?: readonly string[];
  /** Those of `packages` that an installation under way may bring; somebody else may bring them before, and then they are not ours. */
  readonly begun?: readonly string[];
}

/** The same package, for the same resource. */
export const isSamePackage = (one: PackageRecord, other: PackageRecord): boolean =>
  one.name === other.name && one.owner === other.owner;

/** True for what names this very resource, by whichever of its creates. */
export const isNamed = ({ owner }: Title, acting: { readonly owner: string }): boolean =>
  owner === acting.owner;

const EMPTY: PackagesRecord = { version: 1, packages: [] };

const isRecord = (value: unknown): value is PackagesRecord =>
  typeof value === "object" &&
  value !== null &&
  "version" in value &&
  value.version === 1 &&
  "packages" in value &&
  Array.isArray(value.packages);

/** Undefined for one of a version that this one does not know, or a broken one. */
export const parsePackages = (text: string | undefined): PackagesRecord | undefined => {
  if (text === undefined) return EMPTY;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const byName = (one: PackageRecord, other: PackageRecord): number => (one.name < other.name ? -1 : 1);

/** Fields in one order: equal records are equal texts. */
const ordered = ({ name, owner, token, before }: PackageRecord): PackageRecord => ({
  name,
  owner,
  ...(token === undefined ? {} : { token }),
  ...(before === undefined ? {} : { before }),
});

/** Null where there is nothing to record: what is nobody's of ours any more may be needed by whom it likes. */
export const printPackages = ({
  packages,
  needs = [],
  installing = [],
  begun = [],
}: PackagesRecord): string | null => {
  const needed = needs.filter((need) => packages.some(({ name }) => name === need.name));
  return packages.length === 0
    ? null
    : `${JSON.stringify({
        version: 1,
        packages: packages.map(ordered).sort(byName),
        ...(needed.length === 0 ? {} : { needs: needed.map(ordered).sort(byName) }),
        ...(installing.length === 0 ? {} : { installing }),
        ...(begun.length === 0 ? {} : { begun }),
      })}\n`;
};

/** The record with these in place of what it held of them. */
export const withPackages = (record: PackagesRecord, packages: readonly PackageRecord[]): PackagesRecord => {
  const names = packages.map(({ name }) => name);
  return {
    ...record,
    packages: [...record.packages.filter(({ name }) => !names.includes(name)), ...packages],
  };
};

export const withoutPackages = (record: PackagesRecord, names: readonly string[]): PackagesRecord => ({
  ...record,
  packages: record.packages.filter(({ name }) => !names.includes(name)),
});
