/** Plays a history: two stacks, one world, a run after the other, and the laws after each. */
import { secretUuid } from "../../../providers/formats/libvirt-secret";
import { destroy, refreshOnly, up } from "./engine";
import { byHand } from "./hands";
import type { History, RunStep, Step } from "./history";
import { afterAll, afterRun, isNeat, type Stack, type Told } from "./laws";
import { clausesToAdopt } from "./laws-caps";
import { beforeChecks } from "./laws-checks";
import { holdKey } from "./laws-keys";
import { recordedOwners } from "./laws-words";
import { brokenPolicies, policiesOf } from "./policies";
import { edited, goalsOf, urnOf, type Program, type Slot } from "./program";
import { liveAgain } from "./second-life";
import { nameOf, type Entry, type Goal, type Outcome, type RunOptions } from "./state";
import { processes, type Processes } from "./verbs";
import { ENTITY, FSID, inventory, newWorld, reachWorld, type World } from "./world";

export interface Violation {
  readonly law: string;
  readonly what: string;
  /** How many steps had been played. */
  readonly step: number;
}

const STACKS = ["site/one", "site/two"] as const;

const programOf = (slots: readonly Slot[]): Program =>
  slots.reduce<Program>((program, slot) => edited("", program, { slot, field: "present", to: 1 }), []);

const newStack = (name: string, slots: readonly Slot[]): Stack => ({
  name,
  program: programOf(slots),
  entries: [],
  settled: false,
  touched: false,
});

const urns = ({ name, program }: Stack, slots: readonly Slot[] | undefined): string[] | undefined =>
  slots === undefined
    ? undefined
    : program.filter(({ slot }) => slots.includes(slot)).map((item) => urnOf(name, item));

const optionsOf = (stack: Stack, run: RunStep): RunOptions => {
  const [targets, replace] = [urns(stack, run.targets), urns(stack, run.replace)];
  return {
    refresh: run.refresh === true,
    continueOnError: run.continueOnError === true,
    eager: run.eager === true,
    ...(targets === undefined ? {} : { targets }),
    ...(replace === undefined ? {} : { replace }),
    ...(run.kill === undefined ? {} : { kill: run.kill }),
  };
};

interface Ran {
  readonly outcome: Outcome;
  /** Names of resources whose create was begun. */
  readonly created: readonly string[];
  /** A delete failed: it may have taken something away, and the state still has it. */
  readonly doubtful: boolean;
  /** Names of resources whose create was begun, and is in no state or failed while the old half went: a record may have a token that nobody knows. */
  readonly lost: ReadonlySet<string>;
}

const engineRun = async (world: World, stack: Stack, run: RunStep, said: string[]): Promise<Ran> => {
  const started = processes(reachWorld(world, run.weather, said), run.kill);
  const outcome = await verbOf(stack, run, started);
  const tried = started.calls.filter(({ verb }) => verb === "delete").length;
  const deleted = outcome.done.filter(({ op }) => op === "delete").length;
  const created = started.calls.filter(({ verb }) => verb === "create").map(({ name }) => name);
  const isWhole = (urn: string): boolean =>
    outcome.state.some((entry) => entry.urn === urn && !entry.delete && !entry.initErrors);
  const made = outcome.done.filter(({ op, urn }) => op === "create" || (op === "replace" && isWhole(urn)));
  const known = new Set(made.map(({ urn }) => nameOf(urn)));
  const lost = new Set(created.filter((name) => !known.has(name)));
  return { outcome, created, lost, doubtful: outcome.killed ? tried > 0 : tried > deleted };
};

const verbOf = (stack: Stack, run: RunStep, started: Processes): Promise<Outcome> => {
  const options = optionsOf(stack, run);
  const goals = goalsOf(stack.name, stack.program);
  const state = stack.entries;
  if (run.verb === "up") return up({ state, goals }, started, options);
  if (run.verb === "refresh") return refreshOnly(state, started, options);
  return destroy({ state, goals: run.verb === "destroy" ? [] : goals }, started, options);
};

/** True when a run did all that it was to do. */
const isWhole = (run: RunStep, { errors, killed }: Outcome): boolean =>
  errors.length === 0 && !killed && run.targets === undefined && run.weather?.cut === undefined;

const after = (stack: Stack, run: RunStep, { outcome, doubtful }: Ran): Stack => {
  const whole = isWhole(run, outcome);
  const repaired = whole && (run.refresh === true || run.verb.startsWith("destroy"));
  const touched = doubtful || (stack.touched && !repaired);
  const settled = whole && run.verb !== "refresh" && !touched;
  return { ...stack, entries: outcome.state, touched, settled };
};

const sameTarget = ({ inputs, delete: goes }: Entry, props: Goal["props"]): boolean =>
  !goes && ["host", "path"].every((key) => !(key in props) || inputs[key] === props[key]);

/** What is known of the history so far. */
interface Played {
  readonly world: World;
  readonly stacks: Stack[];
  readonly told: Told;
}

const distrust = (stacks: Stack[], except?: number): void => {
  for (const [i, stack] of stacks.entries())
    if (i !== except) stacks[i] = { ...stack, settled: false, touched: true };
};

/** Keeps account of what a run may have made without recording it; what a later run changes is known again. */
const account = (
  told: Told,
  goals: readonly Goal[],
  { ran: { outcome, lost }, whole }: { readonly ran: Ran; readonly whole: boolean },
): void => {
  for (const { urn, props } of goals) {
    const name = `${urn} ${String(props["host"])} ${String(props["path"])}`;
    const isKnown = outcome.state.some((entry) => entry.urn === urn && sameTarget(entry, props));
    const isWritten = outcome.done.some((done) => done.urn === urn && done.op !== "same");
    if (lost.has(nameOf(urn))) told.lostTokens.add(urn);
    else if (isWritten) told.lostTokens.delete(urn);
    if (isKnown) told.unrecorded.delete(name);
    else if (!whole) told.unrecorded.add(name);
  }
};

/** Whether a run has given the entity up when other stacks held its key, or has it again. */
const noteLeft = ({ told, world }: Played, others: readonly Stack[], { done }: Outcome): void => {
  for (const { urn, op } of done)
    if (urn.includes("CephAuthEntity")) told.isLeft = op === "delete" && holdKey(world, others);
};

/** What state has lost, and no delete has taken; the old half of a replacement has the name of the new one. */
const vanished = ({ entries }: Stack, { state, done }: Outcome): Entry[] =>
  entries.filter(
    ({ urn, id }) =>
      !state.some((entry) => entry.urn === urn && entry.id === id) &&
      !done.some((one) => one.urn === urn && ["delete", "replace"].includes(one.op)),
  );

const playRun = async (played: Played, stack: Stack, step: RunStep): Promise<string[]> => {
  const { world, stacks, told } = played;
  const said: string[] = [];
  const key = world.cluster.entities.get(ENTITY)?.key;
  const begun = world.machines.map(({ units }) => units.starts.length);
  const owners = recordedOwners(world);
  const clauses = clausesToAdopt(world);
  const checks = beforeChecks(world);
  const ran = await engineRun(world, stack, step, said);
  const { outcome, created } = ran;
  const goals = step.verb === "up" ? goalsOf(stack.name, stack.program) : [];
  account(told, goals, { ran, whole: isWhole(step, outcome) });
  const isRefreshed = step.refresh === true || step.verb === "refresh";
  if (stack.touched && isRefreshed) told.forgotten.push(...vanished(stack, outcome));
  stacks[step.stack] = after(stack, step, ran);
  // A rotation is told to the stack's own clients; another stack's follow in its next run.
  if (world.cluster.entities.get(ENTITY)?.key !== key) distrust(stacks, step.stack);
  const others = stacks.filter(({ name }) => name !== stack.name);
  noteLeft(played, others, outcome);
  const adoption = { clauses, created };
  const before = { stack, key, begun, owners, checks };
  return afterRun({ ...played, run: step, before, adoption, outcome, said });
};

const playEdit = ({ stacks, told }: Played, stack: Stack, step: Extract<Step, { do: "edit" }>): void => {
  const program = edited(stack.name, stack.program, step.edit);
  stacks[step.stack] = { ...stack, program };
  if (["onDelete", "adopt", "retain"].includes(step.edit.field)) told.policies = true;
};

const playHand = ({ world, stacks, told }: Played, step: Extract<Step, { do: "hand" }>): void => {
  const before = world.cluster.entities.get(ENTITY)?.key;
  byHand(world, step.act, step.machine);
  const now = world.cluster.entities.get(ENTITY)?.key;
  if (now !== undefined && now !== before) told.keyByHand = now;
  distrust(stacks);
  told.hands = true;
};

const playOne = async (played: Played, step: Step): Promise<string[]> => {
  const stack = played.stacks["stack" in step ? step.stack : 0];
  if (stack === undefined) return [];
  if (step.do === "run") return playRun(played, stack, step);
  if (step.do === "edit") playEdit(played, stack, step);
  else playHand(played, step);
  return [];
};

const hasEntity = ({ entries }: Stack): boolean => entries.some(({ kind }) => kind === "CephAuthEntity");

/** An entity stays as long as another stack holds its key. */
const undoAll = async (played: Played): Promise<string[]> => {
  const { world, stacks, told } = played;
  const errors: string[] = [];
  const inOrder = [...stacks].sort((one, other) => Number(hasEntity(one)) - Number(hasEntity(other)));
  for (const stack of inOrder) {
    const policies = policiesOf(stack, { world, told, stacks });
    const state = stack.entries.map((entry) => ({ ...entry, protect: false }));
    const outcome = await destroy({ state }, processes(reachWorld(world)));
    errors.push(...outcome.errors.map((error) => `destroy fails: ${error}`));
    if (outcome.errors.length === 0) errors.push(...brokenPolicies(world, policies));
  }
  return [...errors, ...(isNeat(told) ? await liveAgain(world, told.forgotten) : [])];
};

/** The first law that a history breaks, if it breaks one. */
export const play = async (history: History): Promise<Violation | undefined> => {
  const world = newWorld(history.before, secretUuid(FSID, ENTITY));
  const first = structuredClone(inventory(world));
  const stacks = history.programs.map((slots, i) => newStack(STACKS[i] ?? "", slots));
  const told: Told = {
    hands: false,
    policies: false,
    unrecorded: new Set(),
    lostTokens: new Set(),
    forgotten: [],
    rotatedTo: new Map(),
    lastKey: undefined,
    deadKeys: new Set(),
    keyByHand: undefined,
    isLeft: false,
  };
  const played = { world, stacks, told };
  const broken = ([what]: string[], step: number): Violation | undefined =>
    what === undefined ? undefined : { law: what.split(":")[0] ?? "", what, step };
  for (const [i, step] of history.steps.entries()) {
    const violation = broken(await playOne(played, step), i + 1);
    if (violation !== undefined) return violation;
  }
  const errors = await undoAll(played);
  const policies = errors.filter((error) => error.startsWith("policy:"));
  return broken([...policies, ...afterAll({ ...played, first, errors })], history.steps.length + 1);
};
