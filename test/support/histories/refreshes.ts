/** A refresh: every resource of the state is read, the old halves of replacements too. */
import { fail, isTargeted, verbsOf, type Run } from "./run";
import type { Entry } from "./state";

const readOne = async (run: Run, entry: Entry): Promise<Entry | undefined> => {
  const verbs = verbsOf(run, entry);
  const found = await verbs.read(entry.id, entry.outputs);
  if (found === undefined) return undefined;
  // What is shown as drift: the difference that an `up` without changes would see.
  await verbs.diff(found.id, found.props, entry.inputs);
  return {
    ...entry,
    id: found.id,
    inputs: found.inputs ?? entry.inputs,
    outputs: found.props,
    initErrors: false,
  };
};

/** False where something could not be read: what could is kept, and the run ends. */
export const refresh = async (run: Run): Promise<boolean> => {
  for (const entry of [...run.base]) {
    if (entry.pendingReplacement || !isTargeted(run, entry.urn)) continue;
    try {
      const now = await readOne(run, entry);
      run.base = run.base.flatMap((one) => (one !== entry ? [one] : now === undefined ? [] : [now]));
    } catch (error) {
      fail(run, entry.urn, error);
    }
  }
  run.prev = [...run.base];
  return run.errors.length === 0;
};
