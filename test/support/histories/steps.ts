/** The steps of the engine that call a provider, and what each leaves in state. After step.go and step_executor.go. */
import { UNKNOWN, type Props } from "../../../providers/kernel/json";
import { isReplaceTarget, refuse, verbsOf, without, type Run } from "./run";
import { needs, type Done, type Entry, type Goal } from "./state";
import { halfWay } from "./verbs";

/** A step waits to be carried out. */
export type Step = () => Promise<void>;

export const become = (
  goal: Goal,
  deps: Entry["deps"],
  more: Pick<Entry, "id" | "inputs" | "outputs">,
): Entry => ({
  urn: goal.urn,
  kind: goal.kind,
  provider: goal.provider,
  deps,
  protect: goal.protect,
  retainOnDelete: goal.retainOnDelete,
  delete: false,
  pendingReplacement: false,
  initErrors: false,
  ...more,
});

export interface Planned {
  readonly goal: Goal;
  readonly deps: Entry["deps"];
  readonly inputs: Props;
  readonly old: Entry | undefined;
}

export const finish = (run: Run, { goal, old }: Planned, op: Done["op"], made: Entry): void => {
  without(run, old);
  run.news.push(made);
  run.registered.set(goal.urn, made);
  run.done.push({ op, urn: goal.urn });
};

/** A step of a preview: inputs are all that is known of what comes out. */
const pretend = (run: Run, planned: Planned, op: Done["op"]): void => {
  const { goal, deps, inputs, old } = planned;
  finish(run, planned, op, become(goal, deps, { id: old?.id ?? "", inputs, outputs: inputs }));
};

export const create = async (run: Run, planned: Planned, op: "create" | "replace"): Promise<void> => {
  const { goal, deps, inputs, old } = planned;
  if (run.options.dryRun === true) return pretend(run, planned, op);
  const keep = (made: Entry): void => {
    // A replaced half stays until its delete; one that was deleted before goes with the success of this.
    if (old?.pendingReplacement === true) without(run, old);
    else if (old !== undefined)
      run.base = run.base.map((entry) => (entry === old ? { ...old, delete: true } : entry));
    run.news.push(made);
    run.registered.set(goal.urn, made);
    run.done.push({ op, urn: goal.urn });
  };
  try {
    const { id, outs } = await verbsOf(run, goal).create(inputs);
    keep(become(goal, deps, { id, inputs, outputs: outs }));
  } catch (error) {
    const half = halfWay(error);
    if (half !== undefined)
      keep({ ...become(goal, deps, { id: half.id, inputs, outputs: half.properties }), initErrors: true });
    throw error;
  }
};

export const update = async (run: Run, planned: Planned & { old: Entry }): Promise<void> => {
  const { goal, deps, inputs, old } = planned;
  if (run.options.dryRun === true) return pretend(run, planned, "update");
  try {
    const outputs = await verbsOf(run, goal).update(old.id, old.outputs, inputs);
    finish(run, planned, "update", become(goal, deps, { id: old.id, inputs, outputs }));
  } catch (error) {
    const half = halfWay(error);
    // The old inputs stay, so that the next diff sees the change again.
    if (half !== undefined)
      finish(run, planned, "update", {
        ...become(goal, deps, { id: half.id, inputs: old.inputs, outputs: half.properties }),
        initErrors: true,
      });
    throw error;
  }
};

export const checked = async (
  run: Run,
  goal: Goal,
  { olds, news }: { olds: Props; news: Props },
): Promise<Props> => {
  const { inputs, failures } = await verbsOf(run, goal).check(olds, news);
  return failures.length === 0 ? inputs : refuse(run, goal.urn, failures.join("; "));
};

/** Deletes the old half first; its dependents stay, for no diff of ours replaces on an unknown. */
const deleteFirst = async (run: Run, goal: Goal, old: Entry): Promise<Entry> => {
  if (old.pendingReplacement || run.options.dryRun === true) return old;
  const marked = { ...old, pendingReplacement: true };
  if (!old.retainOnDelete) await verbsOf(run, old).remove(old.id, old.outputs);
  run.done.push({ op: "delete", urn: old.urn });
  run.base = run.base.map((entry) => (entry === old ? marked : entry));
  return marked;
};

/** Dependents are asked whether an unknown in place of what they have of this resource would replace them. None of ours says so. */
export const askDependents = async (run: Run, root: Entry): Promise<void> => {
  const open = run.base.filter((entry) => !entry.delete && !run.operated.has(entry.urn));
  for (const entry of open.filter((one) => needs(one).includes(root.urn))) {
    const isFrom = (key: string): boolean => entry.deps[key]?.includes(root.urn) === true;
    const news = Object.fromEntries(
      Object.entries(entry.inputs).map(([key, value]) => [key, isFrom(key) ? UNKNOWN : value]),
    );
    const { replaces } = await verbsOf(run, entry).diff(entry.id, entry.outputs, news);
    if (replaces.length > 0) throw new Error(`${entry.urn} would be replaced for an unknown`);
  }
};

export const replace = async (run: Run, planned: Planned & { old: Entry }, props: Props): Promise<Step> => {
  const { goal, old } = planned;
  if (goal.protect && old.protect) refuse(run, goal.urn, "unable to replace: it is protected");
  const inputs = isReplaceTarget(run, goal.urn)
    ? planned.inputs
    : await checked(run, goal, { olds: {}, news: props });
  const first = goal.deleteBeforeReplace === true;
  if (first) await askDependents(run, old);
  return async () => {
    const before = first ? await deleteFirst(run, goal, old) : old;
    await create(run, { ...planned, inputs, old: before }, "replace");
  };
};
