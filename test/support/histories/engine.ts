/**
 * Pulumi's engine (3.250) as far as a provider can see it: which verbs it calls, in which order, with what, and what it keeps of their answers.
 * After `pkg/resource/deploy` (step_generator.go, deployment_executor.go). Held against the real engine by
 * `test/integration/engine-model.test.ts`.
 */
import { same, type Props } from "../../../providers/kernel/json";
import { deleteAll } from "./deletes";
import { refresh } from "./refreshes";
import {
  fail,
  isReplaceTarget,
  isTargeted,
  newRun,
  refuse,
  resolved,
  Stopped,
  verbsOf,
  without,
  type Run,
} from "./run";
import { depsOf, refsIn, type Entry, type Goal, type Outcome, type RunOptions } from "./state";
import { become, checked, create, finish, replace, update, type Planned, type Step } from "./steps";
import { Killed, type Processes } from "./verbs";

/** What the engine makes of a provider's answer: without a word on changes it compares inputs itself. */
const isDifferent = async (run: Run, { goal, inputs, old }: Planned & { old: Entry }) => {
  if (isReplaceTarget(run, goal.urn)) return { isChanged: true, isReplaced: true };
  const { changes, replaces } = await verbsOf(run, goal).diff(old.id, old.outputs, inputs);
  return { isChanged: changes ?? !same(old.inputs, inputs), isReplaced: replaces.length > 0 };
};

const stepFor = async (run: Run, planned: Planned, props: Props): Promise<Step> => {
  const { goal, deps, inputs, old } = planned;
  if (old === undefined) return () => create(run, planned, "create");
  const { isChanged, isReplaced } = await isDifferent(run, { ...planned, old });
  if ((isChanged && isReplaced) || old.pendingReplacement) return replace(run, { ...planned, old }, props);
  if (isChanged || old.initErrors) return () => update(run, { ...planned, old });
  const kept = { id: old.id, inputs, outputs: old.outputs };
  return async () => finish(run, planned, "same", become(goal, deps, kept));
};

const oldOf = (run: Run, { urn, aliases }: Goal): Entry | undefined => {
  if (run.aliased.has(urn)) refuse(run, urn, "another resource has taken it over by an alias");
  for (const name of [urn, ...aliases]) {
    const old = run.base.find((entry) => entry.urn === name && !entry.delete);
    if (old === undefined) continue;
    if (name !== urn) {
      if (run.operated.has(name) || run.aliased.has(name)) refuse(run, urn, `the alias ${name} is taken`);
      run.aliased.set(name, urn);
    }
    return old;
  }
  return undefined;
};

/** What is not among the targets stays as it is, unchecked, under its old name. */
const passOver = (run: Run, goal: Goal, old: Entry | undefined): Step => {
  if (old === undefined) run.skipped.add(goal.urn);
  return async () => {
    if (old === undefined) return;
    without(run, old);
    run.news.push(old);
    run.registered.set(goal.urn, old);
    run.operated.add(old.urn);
  };
};

/** What the engine does with one registration, up to the step that is to be carried out. */
const generate = async (run: Run, goal: Goal): Promise<Step> => {
  const old = oldOf(run, goal);
  if (run.operated.has(goal.urn)) refuse(run, goal.urn, "duplicate resource");
  if (!isTargeted(run, goal.urn)) {
    run.operated.add(goal.urn);
    return passOver(run, goal, old);
  }
  const deps = depsOf(goal);
  if (refsIn(goal.props).some((dep) => run.skipped.has(dep)))
    refuse(run, goal.urn, "depends on what is not targeted");
  const props = JSON.parse(JSON.stringify(resolved(run, { ...goal.props, __owner: goal.urn }))) as Props;
  const olds = old === undefined || isReplaceTarget(run, goal.urn) ? {} : old.inputs;
  const inputs = await checked(run, goal, { olds, news: props });
  const step = await stepFor(run, { goal, deps, inputs, old }, props);
  run.operated.add(goal.urn);
  return step;
};

const waitsFor = (run: Run, goal: Goal, open: readonly Goal[]): boolean =>
  refsIn(goal.props).some((urn) => open.some((other) => other.urn === urn) && !run.failed.has(urn));

/** Carries out a step; what fails is told, and ends the run or not. */
const carryOut = async (run: Run, goal: Goal, step: Step): Promise<void> => {
  try {
    await step();
  } catch (error) {
    fail(run, goal.urn, error);
  }
};

/** Registers one resource; yields its step, or nothing where it depends on something that failed. */
const register = async (run: Run, goal: Goal): Promise<Step | undefined> => {
  if (refsIn(goal.props).some((urn) => run.failed.has(urn))) {
    run.failed.add(goal.urn);
    run.operated.add(goal.urn);
    return undefined;
  }
  try {
    return await generate(run, goal);
  } catch (error) {
    fail(run, goal.urn, error);
    return undefined;
  }
};

const hasStopped = ({ stopped }: Run): boolean => stopped;

/** The program runs: what waits for nothing is registered, its step carried out, until nothing is left. */
const runProgram = async (run: Run, goals: readonly Goal[]): Promise<void> => {
  let open = [...goals];
  while (open.length > 0 && !run.stopped) {
    const ready = open.filter((goal) => !waitsFor(run, goal, open));
    const wave = run.options.eager === true ? ready : ready.slice(0, 1);
    const steps: [Goal, Step][] = [];
    for (const goal of wave) {
      if (hasStopped(run)) break;
      const step = await register(run, goal);
      if (step !== undefined) steps.push([goal, step]);
    }
    for (const [goal, step] of steps) await carryOut(run, goal, step);
    open = open.filter((goal) => !wave.includes(goal));
  }
};

const outcomeOf = (run: Run, killed: boolean): Outcome => ({
  state: [...run.news, ...run.base],
  errors: run.errors,
  done: run.done,
  killed,
});

const whole = async (run: Run, work: () => Promise<void>): Promise<Outcome> => {
  try {
    await work();
    return outcomeOf(run, false);
  } catch (error) {
    if (error instanceof Killed) return outcomeOf(run, true);
    if (error instanceof Stopped) return outcomeOf(run, false);
    throw error;
  }
};

/** `pulumi up`, or a preview of one. */
export const up = (
  { state, goals }: { readonly state: readonly Entry[]; readonly goals: readonly Goal[] },
  processes: Processes,
  options: RunOptions = {},
): Promise<Outcome> => {
  const run = newRun(state, processes, options);
  return whole(run, async () => {
    if (options.refresh === true && !(await refresh(run))) return;
    await runProgram(run, goals);
    if (!run.stopped) await deleteAll(run);
  });
};

/** `pulumi refresh`. */
export const refreshOnly = (state: readonly Entry[], processes: Processes, options: RunOptions = {}) => {
  const run = newRun(state, processes, options);
  return whole(run, async () => {
    await refresh(run);
  });
};

/** `pulumi destroy`; with the program, what it names is registered first, which the provider does not see. */
export const destroy = (
  { state, goals = [] }: { readonly state: readonly Entry[]; readonly goals?: readonly Goal[] },
  processes: Processes,
  options: RunOptions = {},
): Promise<Outcome> => {
  const run = newRun(state, processes, options);
  return whole(run, async () => {
    if (options.refresh === true && !(await refresh(run))) return;
    for (const goal of goals) {
      const old = oldOf(run, goal);
      if (old === undefined) continue;
      const { urn, protect, retainOnDelete, provider } = goal;
      run.base = run.base.map((entry) =>
        entry === old ? { ...old, urn, protect, retainOnDelete, provider } : entry,
      );
    }
    await deleteAll(run);
  });
};
