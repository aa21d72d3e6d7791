/** Whether a unit runs with what its files say, what is to be done about it, and why. Pure. */
import type { FoundRead, UnitLook } from "../clients/systemd/index.js";
import type { KnownRun } from "./record.js";

const isOlder = (
  started: number,
  { digest, written, changed }: FoundRead,
  known: string | undefined,
): boolean => {
  if (written > started) return true;
  // Its name or its rights alone are newer: content that was put there with an old time (`cp -p`), or nothing at all.
  return changed > started && known !== undefined && digest !== known;
};

/**
 * Which of the things that a unit reads are newer than the unit. Of a run that was recorded the content tells, so that neither a comment nor
 * what was changed and put back counts; of any other run, when it began.
 */
export const newerReads = ({ run, started, reads }: UnitLook, known: KnownRun | undefined): string[] => {
  if (run === undefined) return [];
  const isKnown = known?.run === run;
  return Object.entries(reads)
    .filter(([name, read]) => {
      const before = known?.reads[name];
      if (isKnown && before !== undefined) return before !== read.digest;
      return started !== undefined && isOlder(started, read, before);
    })
    .map(([name]) => name);
};

/** Keys of the triggers that differ. */
export const changedTriggers = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => before[key] !== after[key])
    .sort();

const MOST = 5;

const some = (names: readonly string[]): string => {
  const more = names.length - MOST;
  return `${names.slice(0, MOST).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};

/** Why, in words. */
export const reasonOf = ({
  triggers,
  newer,
  hasFailed,
}: {
  readonly triggers: readonly string[];
  readonly newer: readonly string[];
  readonly hasFailed: boolean;
}): string => {
  if (triggers.length > 0) return `${some(triggers)} changed`;
  if (newer.length > 0)
    return `${some(newer)} ${newer.length > 1 ? "are" : "is"} newer than what it runs with`;
  return hasFailed ? "it had failed" : "";
};
