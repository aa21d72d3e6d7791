/** A service from its first look to its end: what is to be done to it, and in which order. */
import { defined } from "../clients/defined.js";
import type { Look } from "../clients/files/index.js";
import { NO_ANSWER, type UnitLook } from "../clients/systemd/index.js";
import { canonicalSection, dialectOf } from "../formats/ini/index.js";
import { readOf } from "../formats/read-digest.js";
import type { Reach } from "../kernel/contract.js";
import { isReadBy } from "../kernel/written.js";
import { isOfSection } from "../ownership/options-file.js";
import { Failure, isFailure } from "../remote/failure.js";
import {
  called,
  doIt,
  lookAtUnit,
  mustBeHealthy,
  restart,
  secondsUp,
  taskFor,
  wayOf,
  type Done,
  type ServiceTask,
} from "./doing.js";
import type { ServiceInputs } from "./index.js";
import {
  dropRecord,
  knownRun,
  lastRun,
  lookAtRecord,
  ownedElsewhere,
  releaseVerdict,
  runOfLook,
  writeRecord,
  type Spot,
} from "./record.js";
import { isLeft, isLeftTo, restartOptional } from "./optional.js";
import { notThere, refuseHoldingGuests } from "./refusals.js";
import { newerReads, reasonOf } from "./verdict.js";

/** One look: the unit, and its record. */
export interface ServiceState {
  readonly unit: UnitLook;
  readonly record: Look;
  /** Why it is left to another stack that restarts it. */
  readonly elsewhere?: Failure;
}

/** What is to be done. */
interface Orders {
  readonly switch?: "enable" | "disable";
  readonly run?: "start" | "stop" | "restart";
  /** Why it is restarted, or would have to be; empty: nothing calls for it. */
  readonly reason: string;
}

export const spotFor = ({ host, unit, at }: ServiceInputs): Spot => ({ host, unit, at });

export const lookAtService = async (reach: Reach, inputs: ServiceInputs): Promise<ServiceState> => {
  // The record is of who restarts after a change, whichever of the two asks.
  const spot: Spot = { ...spotFor(inputs), at: "change" };
  const [unit, record] = await Promise.all([lookAtUnit(taskFor(reach, inputs)), lookAtRecord(reach, spot)]);
  return { unit, record, ...defined({ elsewhere: ownedElsewhere(reach, spot, record) }) };
};

export const isEnabled = ({ fileState }: UnitLook): boolean => fileState.startsWith("enabled");
export const isRunning = ({ active }: UnitLook): boolean => active === "active";

/** What it reads that is newer than it. */
export const newer = (inputs: ServiceInputs, { unit, record }: ServiceState): string[] =>
  newerReads(unit, knownRun(spotFor(inputs), record));

const runOrder = (
  { running, action }: ServiceInputs,
  { active }: UnitLook,
  isDue: boolean,
): Orders["run"] => {
  if (running === false) return active === "active" ? "stop" : undefined;
  if (active === "inactive") return running === true ? "start" : undefined;
  return isDue && action !== "none" ? "restart" : undefined;
};

/** @param triggers those that changed since the last success */
const ordersFor = (
  { inputs, isLenient }: ServiceTask,
  state: ServiceState,
  triggers: readonly string[],
): Orders => {
  const { unit } = state;
  const { enabled, reads = [] } = inputs;
  const stale = newer(inputs, state);
  const hasFailed = unit.active === "failed";
  // Where it is known what a unit reads, that tells; a trigger says why then, and beforehand.
  const isDue = (hasFailed && !isLenient) || (reads.length > 0 ? stale.length > 0 : triggers.length > 0);
  const isSwitched = enabled !== undefined && enabled !== isEnabled(unit);
  return {
    ...defined({ switch: isSwitched ? (enabled ? "enable" : "disable") : undefined } as const),
    ...defined({ run: runOrder(inputs, unit, isDue) }),
    reason: isDue ? reasonOf({ triggers, newer: stale, hasFailed }) : "",
  };
};

const switchIt = async ({ inputs, units }: ServiceTask, verb: "enable" | "disable"): Promise<void> => {
  const said = await units.act(inputs.unit, verb, inputs.timeoutSeconds);
  if (said === undefined) return;
  const what = { command: `systemctl ${verb}`, what: "failed", stderr: said };
  throw new Failure({ code: "command", host: inputs.host, ...what });
};

/** What it runs with, where its files are not newer than it. */
const asSeen = (inputs: ServiceInputs, state: ServiceState): Done => ({
  unit: state.unit,
  known: newer(inputs, state).length > 0 ? undefined : runOfLook(state.unit),
});

/** Whether it is not plain by the look alone that it is well. */
const isWatched = ({ inputs, isLenient }: ServiceTask, unit: UnitLook): boolean => {
  const { active, isUp } = unit;
  if (active === "inactive") return false;
  // That one is not well to which nothing was done is nobody's news.
  if (isLenient && inputs.probe === undefined) return false;
  return inputs.probe !== undefined || !isUp || secondsUp(unit) <= inputs.steadySeconds;
};

const carryOut = async (task: ServiceTask, state: ServiceState, orders: Orders): Promise<Done> => {
  const { inputs } = task;
  const { unit: before } = state;
  if (orders.switch !== undefined) await switchIt(task, orders.switch);
  const { reason } = orders;
  if (orders.run === "restart")
    return (task.isLenient ? restartOptional : restart)(task, { unit: before, reason });
  const since = Date.now();
  if (orders.run !== undefined) await doIt(task, orders.run, before);
  const isSame = orders.switch === undefined && orders.run === undefined;
  const unit = isSame ? before : await lookAtUnit(task);
  if (isWatched(task, unit) || orders.run === "start")
    await mustBeHealthy(task, { upSeconds: secondsUp(unit), since });
  return asSeen(inputs, { ...state, unit });
};

/** What a person has to know where nothing is done. */
const noteLeft = ({ reach, inputs }: ServiceTask, orders: Orders, triggers: readonly string[]): void => {
  if (orders.run !== undefined) return;
  if (orders.reason !== "" && inputs.action === "none")
    reach.note(`${called(inputs)} must be restarted by you, because ${orders.reason}`);
  else if (triggers.length > 0)
    reach.note(
      `${called(inputs)} is not restarted: it ${orders.reason === "" ? "runs with what its files say" : "does not run"}`,
    );
};

/** What is known when it is made so. */
interface Start {
  readonly state: ServiceState;
  /** Those that changed since the last success. */
  readonly triggers: readonly string[];
  /** The last run failed at it, and may have broken it: that it is not well is not how it was before. */
  readonly isResumed: boolean;
}

/** Makes it so: record, switch, restart, record. Yields what is there then. */
export const convergeService = async (
  reach: Reach,
  inputs: ServiceInputs,
  { state, triggers, isResumed }: Start,
): Promise<ServiceState> => {
  const task = taskFor(reach, inputs, isResumed);
  const spot = spotFor(inputs);
  if (isLeftTo(task, state.elsewhere)) return state;
  if (isLeft(task, state.unit)) {
    const record = await writeRecord(reach, { spot, look: state.record, stage: "end" });
    return { unit: state.unit, record };
  }
  const orders = ordersFor(task, state, triggers);
  if (orders.run === "restart" || orders.run === "stop")
    refuseHoldingGuests(
      inputs,
      state.unit,
      orders.run === "restart" && wayOf(inputs, state.unit) === "reload",
    );
  const isIdle = orders.run === undefined && orders.switch === undefined;
  const begun = isIdle
    ? state.record
    : await writeRecord(reach, { spot, look: state.record, stage: "begin" });
  noteLeft(task, orders, triggers);
  const { unit, known } = await carryOut(task, state, orders);
  return { unit, record: await writeRecord(reach, { spot, look: begun, stage: "end" }, known) };
};

/** What lives on in this run is not put back: where nobody restarts any more, nothing is restarted for it. */
const isKept = ({ reach, inputs }: ServiceTask, read: string): boolean => {
  const { path, section } = readOf(read);
  const name = section === undefined ? undefined : canonicalSection(dialectOf(path), section);
  return reach.claims.stays(
    (at) =>
      isReadBy({ host: at.host, path: at.path }, { host: inputs.host, path }) &&
      (name === undefined || isOfSection(at.part, name)),
  );
};

/** That it was not restarted at all leaves it as it runs; what a restart has broken stops what would be restarted next. */
const isBroken = async (task: ServiceTask, { code }: Failure): Promise<boolean> =>
  code !== "refused" && (code !== "command" || !isRunning(await lookAtUnit(task)));

/** @throws Failure where it is not well afterwards */
const restartAtDestroy = async (task: ServiceTask, state: ServiceState): Promise<void> => {
  const { reach, inputs } = task;
  const { unit, record } = state;
  if (unit.load === NO_ANSWER) reach.note(`warning: ${called(inputs)}: ${notThere(inputs, unit).message}`);
  const reads = newerReads(unit, lastRun(reach, spotFor(inputs), record));
  const stale = reads.filter((read) => !isKept(task, read));
  if (!unit.isThere || unit.active === "inactive" || stale.length === 0) return;
  const reason = reasonOf({ triggers: [], newer: stale, hasFailed: false });
  try {
    await (task.isLenient ? restartOptional : restart)(task, { unit, reason });
  } catch (error) {
    if (!isFailure(error) || (await isBroken(task, error))) {
      reach.note(
        `${called(inputs)}: what would restart after it is left; another destroy goes on without it`,
      );
      throw error;
    }
    reach.note(`${called(inputs)}: ${error.message}`);
  }
};

/** Its files are back by now, and the record of who restarted it after a change has gone before it. */
const releaseAtDestroy = async (reach: Reach, inputs: ServiceInputs): Promise<void> => {
  if (inputs.onDelete === "keep") return;
  const task = taskFor(reach, inputs);
  const state = await lookAtService(reach, inputs);
  if (!isLeftTo(task, state.elsewhere)) await restartAtDestroy(task, state);
};

/** Restarts where that is what the resource is for, or forgets it. */
export const releaseService = async (reach: Reach, inputs: ServiceInputs): Promise<void> => {
  if (inputs.at === "destroy") return releaseAtDestroy(reach, inputs);
  const spot = spotFor(inputs);
  const record = await lookAtRecord(reach, spot);
  if (releaseVerdict(reach, spot, record) !== "mine") return;
  await dropRecord(reach, spot, record);
};
