/** Packages that another has installed and this resource wants too: with the end of that one they go over to it. */
import type { ActingOwner } from "../ownership/acting-owner.js";
import { ownerName } from "../ownership/owner.js";
import type { PackageRecord } from "../ownership/package-records.js";
import { lookAtRecord, recordOf, whereOf, writeRecord, type PackagesTask } from "./record.js";

export const isSame = (one: PackageRecord, other: PackageRecord): boolean =>
  one.name === other.name && one.owner === other.owner;

/** The host's record says what this resource wants of what another has installed. */
export const noteNeeds = async (task: PackagesTask, acting: ActingOwner): Promise<void> => {
  const { names, host } = task;
  const seen = await lookAtRecord(task);
  if (seen.record === undefined) return;
  await writeRecord(task, seen, (record, now) => {
    const { packages, needs = [] } = recordOf(host, now);
    const isMine = (one: PackageRecord): boolean => acting.take(one, whereOf(task, now, one.name)) === "mine";
    const wanted = packages.filter(
      (one) => (names.apt.includes(one.name) || names.dnf.includes(one.name)) && !isMine(one),
    );
    const mine = wanted.map(({ name }) => {
      const known = needs.find((one) => one.name === name && isMine(one));
      return { known, need: { name, ...acting.titles(known).after } };
    });
    const others = needs.filter((one) => !mine.some(({ known }) => known === one));
    return { ...record, needs: [...others, ...mine.map(({ need }) => need)] };
  });
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
