/** A unit that is restarted where that can be: what is in the way of it is said, and stops nothing. */
import type { UnitLook } from "../clients/systemd/index.js";
import { isFailure, type Failure } from "../remote/failure.js";
import { called, lookAtUnit, restart, secondsUp, type Done, type ServiceTask } from "./doing.js";
import { runOfLook } from "./record.js";
import { whyUnfit } from "./refusals.js";

/** One that was not well before is not waited for as long as one that was. */
const SICK_SECONDS = 30;

const told = ({ reach, inputs }: ServiceTask, { parts }: Failure, then: string): void => {
  const { what, cure } = parts;
  const cured = cure === undefined ? "" : `. ${cure}`;
  reach.note(`warning: ${called(inputs)}: ${what.split("\n")[0] ?? ""}; ${then}${cured}`);
};

/** True where it cannot be what is desired, which is said of an optional one. @throws Failure `conflict` of any other */
export const isLeft = (task: ServiceTask, unit: UnitLook): boolean => {
  const why = whyUnfit(task.inputs, unit);
  if (why === undefined) return false;
  if (task.inputs.optional !== true) throw why;
  told(task, why, "nothing is restarted there");
  return true;
};

/** True where another stack restarts it, which is said of an optional one. */
export const isLeftTo = (task: ServiceTask, why: Failure | undefined): boolean => {
  if (why === undefined || task.inputs.optional !== true) return false;
  told(task, why, "nothing is done there");
  return true;
};

/** Well for long enough: one that ends and is started again, over and over, is up at some moments. */
const wasWell = ({ inputs }: ServiceTask, unit: UnitLook): boolean =>
  unit.active === "active" && unit.isUp && secondsUp(unit) > inputs.steadySeconds;

/** Restarts it. That one is not well afterwards that was not before stops nothing. */
export const restartOptional = async (
  task: ServiceTask,
  { unit: before, reason }: { unit: UnitLook; reason: string },
): Promise<Done> => {
  if (wasWell(task, before)) return restart(task, { unit: before, reason });
  const { inputs } = task;
  const timeoutSeconds = Math.min(inputs.timeoutSeconds, SICK_SECONDS);
  try {
    return await restart({ ...task, inputs: { ...inputs, timeoutSeconds } }, { unit: before, reason });
  } catch (error) {
    if (!isFailure(error) || (error.code !== "not-converged" && error.code !== "command")) throw error;
    told(task, error, "it was not well before either");
    const unit = await lookAtUnit(task);
    const run = unit.run ?? before.run;
    return { unit, known: run === undefined ? undefined : runOfLook({ ...before, run }) };
  }
};
