/** The deletes at the end of a run: what was replaced, in this run or an earlier one, and what the program does not name any more. */
import { fail, isTargeted, verbsOf, without, type Run } from "./run";
import { needs, type Entry } from "./state";
import { askDependents } from "./steps";

/** The targets of a run with everything that depends on them; undefined: there are none, and all is meant. */
const allowed = (run: Run): ReadonlySet<string> | undefined => {
  if (run.options.targets === undefined) return undefined;
  const all = [...run.prev];
  const found = new Set<string>();
  const add = (urn: string): void => {
    if (found.has(urn) || !all.some((entry) => entry.urn === urn)) return;
    found.add(urn);
    for (const entry of all.filter((one) => needs(one).includes(urn))) add(entry.urn);
  };
  for (const urn of run.options.targets) add(urn);
  return found;
};

const isCondemned = (run: Run, entry: Entry, among: ReadonlySet<string> | undefined): boolean => {
  if (among?.has(entry.urn) === false) return false;
  return entry.delete || !run.operated.has(run.aliased.get(entry.urn) ?? entry.urn);
};

/** In rounds: whoever depends on something is deleted before it. */
const rounds = (condemned: readonly Entry[]): Entry[][] => {
  const left = new Set(condemned);
  const found: Entry[][] = [];
  while (left.size > 0) {
    // As the engine does it: from the other end, what depends on nothing condemned is the last to go.
    const last = [...left].filter(
      (entry) => ![...left].some((other) => other !== entry && needs(entry).includes(other.urn)),
    );
    const round = last.length === 0 ? [...left] : last;
    for (const entry of round) left.delete(entry);
    found.unshift(round);
  }
  return found;
};

/** What something that failed depends on stays. */
const isNeeded = (run: Run, entry: Entry): boolean => {
  const all = [...run.news, ...run.base];
  const reach = (urn: string, seen: Set<string>): Set<string> => {
    if (seen.has(urn)) return seen;
    seen.add(urn);
    for (const one of all.filter((other) => other.urn === urn))
      for (const next of needs(one)) reach(next, seen);
    return seen;
  };
  return [...run.failed].some((urn) => urn !== entry.urn && reach(urn, new Set()).has(entry.urn));
};

const deleteOne = async (run: Run, entry: Entry): Promise<void> => {
  if (entry.protect && !entry.delete) {
    run.errors.push(`${entry.urn}: it is protected`);
    run.failed.add(entry.urn);
    return;
  }
  const calls = run.options.dryRun !== true && !entry.retainOnDelete && !entry.pendingReplacement;
  try {
    if (calls) await verbsOf(run, entry).remove(entry.id, entry.outputs);
    without(run, entry);
    run.done.push({ op: "delete", urn: entry.urn });
  } catch (error) {
    fail(run, entry.urn, error);
  }
};

export const deleteAll = async (run: Run): Promise<void> => {
  const among = allowed(run);
  for (const entry of run.prev.filter(({ urn }) => among?.has(urn) === true)) await askDependents(run, entry);
  const condemned = run.base.filter((entry) => isCondemned(run, entry, among));
  // What depends on a target would have to go with it: the engine wants to be told so.
  const unnamed = condemned.filter(({ urn }) => !isTargeted(run, urn));
  for (const { urn } of unnamed) run.errors.push(`${urn}: will be destroyed but was not targeted`);
  if (unnamed.length > 0) return;
  for (const round of rounds(condemned)) {
    if (run.stopped) return;
    for (const entry of round.filter((one) => !isNeeded(run, one))) await deleteOne(run, entry);
  }
};
