/** What is wanted of the packages of a host, and what the host's record says of them. */
import { filesOf, type Look } from "../clients/files/index.js";
import {
  PACKAGES_RECORD,
  packagesOn,
  type Names,
  type Packages,
  type PackagesLook,
  type Waiting,
} from "../clients/packages/index.js";
import type { Reach } from "../kernel/contract.js";
import type { ActingOwner } from "../ownership/acting-owner.js";
import {
  parsePackages,
  printPackages,
  type PackageRecord,
  type PackagesRecord,
} from "../ownership/package-records.js";
import { meetOwners, spotOf } from "../ownership/things.js";
import { Failure } from "../remote/failure.js";

/** What is wanted of the packages of a host, and by whom. */
export interface PackagesTask {
  readonly reach: Reach;
  readonly host: string;
  readonly names: Names;
  /** Those that `version` is said of. */
  readonly pinned: Names;
  readonly version?: string;
  readonly seconds: number;
  readonly removes: boolean;
  /** What cannot be had is said, and is no error. */
  readonly isOptional: boolean;
}

export const clientOf = ({ reach, host }: PackagesTask): Packages => packagesOn(reach.machine(host));

export const lookedAt = (task: PackagesTask): Promise<PackagesLook> => clientOf(task).look(task.names);

export const waitingOf = ({ reach, seconds }: PackagesTask): Waiting => ({
  seconds,
  note: (text) => reach.note(text),
});

export const packageThing = (host: string, name: string): string => `package ${name} on ${host}`;

export const recordOf = (host: string, { record }: Look): PackagesRecord => {
  const parsed = parsePackages(record);
  if (parsed !== undefined) return parsed;
  throw new Failure({
    code: "refused",
    host,
    what: "the host's record of packages was written by a newer version, or is broken",
    cure: "Nothing was touched; use the version that wrote it, or remove that record.",
  });
};

export const lookAtRecord = ({ reach, host }: PackagesTask): Promise<Look> =>
  filesOf(reach, host).look(PACKAGES_RECORD);

export const writeRecord = async (
  task: PackagesTask,
  look: Look,
  edit: (record: PackagesRecord, look: Look) => PackagesRecord,
): Promise<Look> =>
  filesOf(task.reach, task.host).change(look, (now) => {
    const text = printPackages(edit(recordOf(task.host, now), now));
    return text === (now.record ?? null) ? undefined : { first: text };
  });

export const whereOf = ({ host }: PackagesTask, look: Look, name: string) => ({
  thing: packageThing(host, name),
  spot: spotOf({ host, look, part: name }),
});

/** Those of the record that this resource may have, under its title. */
export const takenOver = (
  task: PackagesTask,
  acting: ActingOwner,
  { look, when }: { readonly look: Look; readonly when: "during" | "after" },
): readonly PackageRecord[] =>
  recordOf(task.host, look)
    .packages.filter(({ name }) => task.names.apt.includes(name) || task.names.dnf.includes(name))
    .filter((one) => acting.take(one, whereOf(task, look, one.name)) === "mine")
    .map((one) => ({ name: one.name, ...acting.titles(one)[when] }));

export const meetRecorded = (task: PackagesTask, look: Look): Promise<void> => {
  const { packages, needs = [] } = recordOf(task.host, look);
  return meetOwners(
    task.reach,
    [...packages, ...needs].map((record) => ({ record, part: record.name })),
  );
};
