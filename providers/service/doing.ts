/** What is done to a unit, and whether it is well afterwards. */
import { defined } from "../clients/defined.js";
import { unitsOn, type UnitLook, type Units, type Verb } from "../clients/systemd/index.js";
import { isCompute, shortUnit, unitName } from "../formats/unit.js";
import type { Reach } from "../kernel/contract.js";
import { Failure } from "../remote/failure.js";
import type { ServiceInputs } from "./index.js";
import { runOfLook, type KnownRun } from "./record.js";
import { refuseHoldingGuests, unhealthy } from "./refusals.js";

/** A unit and who wants what of it. */
export interface ServiceTask {
  readonly reach: Reach;
  readonly inputs: ServiceInputs;
  readonly units: Units;
  /** That one is not well that was not well before stops nothing: of an optional one, unless our own last try is what ended badly. */
  readonly isLenient: boolean;
}

/** A unit after something was done, and what it runs with, where that is known. */
export interface Done {
  readonly unit: UnitLook;
  readonly known: KnownRun | undefined;
}

export const taskFor = (reach: Reach, inputs: ServiceInputs, isResumed = false): ServiceTask => ({
  reach,
  inputs,
  units: unitsOn(reach.machine(inputs.host)),
  isLenient: inputs.optional === true && !isResumed,
});

export const secondsUp = ({ started, now }: UnitLook): number => (started === undefined ? 0 : now - started);

export const called = ({ unit, host }: ServiceInputs): string => `${shortUnit(unit)} on ${host}`;

export const lookAtUnit = ({ inputs, units }: ServiceTask): Promise<UnitLook> =>
  units.look(inputs.unit, {
    reads: inputs.reads ?? [],
    isOptional: inputs.optional === true,
    ...(isCompute(inputs.unit) ? { virsh: inputs.virsh } : {}),
  });

type Doing = Verb | { readonly command: readonly string[] };

/** How it is restarted: by the user's own command, by a reload where it can, else by a restart. */
export const wayOf = ({ action, command }: ServiceInputs, { canReload, active }: UnitLook): Doing => {
  if (command !== undefined) return { command };
  return action === "reload" && canReload && active === "active" ? "reload" : "restart";
};

const commandName = (unit: string, what: Doing): string => {
  if (typeof what === "object") return what.command.join(" ");
  const { engine } = unitName(unit);
  return `${engine === "systemd" ? "systemctl" : engine} ${what}`;
};

/** @throws Failure `command` where nothing came of it */
export const doIt = async (task: ServiceTask, what: Doing, before: UnitLook): Promise<void> => {
  const { inputs, units } = task;
  const said = await units.act(inputs.unit, what, inputs.timeoutSeconds);
  if (said === undefined) return;
  // What has begun another run of the unit is judged by how that goes: its journal says more.
  if (what === "restart" || what === "start") {
    const { run, active } = await lookAtUnit(task);
    if (run !== before.run || active === "failed") return;
  }
  throw new Failure({
    code: "command",
    host: inputs.host,
    command: commandName(inputs.unit, what),
    what: "failed",
    stderr: said,
    cure: "The next `pulumi up` tries again; what was done by hand until then counts.",
  });
};

/** Waits until it is well. A unit that has been up for longer need not show it again. */
export const mustBeHealthy = async (
  { inputs, units }: ServiceTask,
  { upSeconds, since }: { upSeconds: number; since: number },
): Promise<void> => {
  const { steadySeconds, timeoutSeconds, probe } = inputs;
  const spent = Math.ceil((Date.now() - since) / 1000);
  const watched = await units.watch(inputs.unit, {
    steadySeconds: upSeconds > steadySeconds ? 0 : steadySeconds,
    timeoutSeconds: Math.max(timeoutSeconds - spent, steadySeconds + 5),
    ...defined({ probe }),
  });
  if (watched.verdict !== "healthy") throw unhealthy(inputs, watched);
};

const guests = (count: number | undefined): string =>
  count === 1 ? "1 guest" : `${count === undefined ? "an unknown number of" : String(count)} guests`;

/** Restarts it, for a reason that is said; what its files said before is what it runs with for sure. */
export const restart = async (
  task: ServiceTask,
  { unit: before, reason }: { unit: UnitLook; reason: string },
): Promise<Done> => {
  const { reach, inputs } = task;
  const way = wayOf(inputs, before);
  refuseHoldingGuests(inputs, before, way === "reload");
  const cannot = inputs.action === "reload" && way === "restart" ? " (it cannot reload)" : "";
  reach.note(
    `${way === "reload" ? "reload" : "restart"} ${called(inputs)}${cannot}, because ${reason}` +
      (isCompute(inputs.unit) ? `; ${guests(before.guests)} run there` : ""),
  );
  const since = Date.now();
  await doIt(task, way, before);
  await mustBeHealthy(task, { upSeconds: 0, since });
  const unit = await lookAtUnit(task);
  if (isCompute(inputs.unit)) reach.note(`${called(inputs)} is well; ${guests(unit.guests)} run there`);
  return { unit, known: unit.run === undefined ? undefined : runOfLook({ ...before, run: unit.run }) };
};
