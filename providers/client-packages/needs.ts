/** Packages that another has installed and this resource wants too: with the end of that one they go over to it. */
import type { Look } from "../clients/files/index.js";
import type { ActingOwner } from "../ownership/acting-owner.js";
import { ownerName } from "../ownership/owner.js";
import { isNamed, type PackageRecord, type PackagesRecord } from "../ownership/package-records.js";
import { lookAtRecord, meetRecorded, whereOf, writeRecord, type PackagesTask } from "./record.js";

/** The record with what this resource wants of what another has; what has come to be its own it needs from nobody any more. */
export const withNeeds = (
  task: PackagesTask,
  acting: ActingOwner,
  { record, look }: { readonly record: PackagesRecord; readonly look: Look },
): PackagesRecord => {
  const { names, reach } = task;
  const { packages, needs = [] } = record;
  const isWanted = ({ name }: PackageRecord): boolean => names.apt.includes(name) || names.dnf.includes(name);
  const isMine = (one: PackageRecord): boolean => acting.take(one, whereOf(task, look, one.name)) === "mine";
  // Where the program has the machine under two names, another of its resources may want the package too.
  const isOthers = (one: PackageRecord): boolean =>
    !isNamed(one, acting) && (reach.claims.livingOn(one.owner, one.name).length > 0 || !isMine(one));
  const others = needs.filter((one) => !isWanted(one) || isOthers(one));
  const mine = packages
    .filter((one) => isWanted(one) && !isMine(one))
    .map(({ name }) => ({ name, ...acting.titles(undefined).after }));
  return { ...record, needs: [...others, ...mine] };
};

/** The host's record says what this resource wants of what another has installed. */
export const noteNeeds = async (task: PackagesTask, acting: ActingOwner): Promise<void> => {
  const seen = await lookAtRecord(task);
  if (seen.record === undefined) return;
  await meetRecorded(task, seen);
  await writeRecord(task, seen, (record, look) => withNeeds(task, acting, { record, look }));
};

/** Who gets each of these packages, of those that want it too. */
export const heirsOf = (
  needs: readonly PackageRecord[],
  names: readonly string[],
): readonly PackageRecord[] => names.flatMap((name) => needs.filter((one) => one.name === name).slice(0, 1));

export const noteHeirs = ({ reach, host }: PackagesTask, heirs: readonly PackageRecord[]): void => {
  for (const { name, owner } of heirs)
    reach.note(`${host}: ${name} stays: by its record there, ${ownerName(owner)} wants it too`);
};
