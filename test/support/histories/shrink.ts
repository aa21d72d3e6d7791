/** The smallest history that still breaks the same law, and how it reads. */
import type { History, RunStep, Step } from "./history";
import { play, type Violation } from "./play";

const withoutAt = <T>(items: readonly T[], at: number): T[] => items.filter((_, i) => i !== at);

const RUN_OPTIONS = [
  "weather",
  "kill",
  "targets",
  "replace",
  "refresh",
  "continueOnError",
  "eager",
] as const satisfies readonly (keyof RunStep)[];

const plainer = (step: Step): Step[] => {
  if (step.do === "edit")
    return step.edit.alias === true ? [{ ...step, edit: { ...step.edit, alias: false } }] : [];
  if (step.do === "hand") return [];
  return RUN_OPTIONS.filter((option) => option in step).map((option): Step => {
    const { [option]: _gone, ...rest } = step;
    return rest;
  });
};

/** Everything that is one thing less. */
const smaller = (history: History): History[] => {
  const { steps, programs, before } = history;
  const [one, two] = programs;
  return [
    ...steps.map((_, i) => ({ ...history, steps: withoutAt(steps, i) })),
    ...(two.length > 1 ? [{ ...history, programs: [one, []] as const }] : []),
    ...one.map((_, i) => ({ ...history, programs: [withoutAt(one, i), two] as const })),
    ...two.map((_, i) => ({ ...history, programs: [one, withoutAt(two, i)] as const })),
    ...Object.entries(before)
      .filter(([, value]) => value === true)
      .map(([key]) => ({ ...history, before: { ...before, [key]: false } })),
    ...steps.flatMap((step, i) =>
      plainer(step).map((now) => ({ ...history, steps: steps.map((old, at) => (at === i ? now : old)) })),
    ),
  ];
};

/** Urns and numbers aside, what was broken. */
const sortOf = ({ law, what }: Violation): string =>
  `${law} ${/CephPool|Ceph\w+|LibvirtSecret|ConfigSection|Directory|ClientPackages|ClientCheck|ImageProperties|Service/.exec(what)?.[0] ?? ""}`;

const find = async (history: History, sort: string) => {
  for (const one of smaller(history)) {
    const violation = await play(one);
    if (violation !== undefined && sortOf(violation) === sort) return { history: one, violation };
  }
  return undefined;
};

export const shrunk = async (history: History, violation: Violation) => {
  const cut = { ...history, steps: history.steps.slice(0, violation.step) };
  let best = { history: (await play(cut))?.what === violation.what ? cut : history, violation };
  for (let next = await find(best.history, sortOf(violation)); next !== undefined;) {
    best = next;
    next = await find(best.history, sortOf(violation));
  }
  return best;
};

const compact = (value: object): string =>
  Object.entries(value)
    .filter(([key, item]) => !["do", "stack", "verb"].includes(key) && item !== false)
    .map(([key, item]) => (item === true ? key : `${key}: ${JSON.stringify(item)}`))
    .join(", ");

const stepText = (step: Step): string => {
  if (step.do === "hand") return `a person on machine ${step.machine}: ${step.act}`;
  const stack = step.stack === 0 ? "one" : "two";
  if (step.do === "edit") {
    const { slot, field, to, alias } = step.edit;
    return `program ${stack}: ${slot}.${field} = ${to}${alias === true ? " with an alias" : ""}`;
  }
  return `${step.verb} ${stack}${compact(step) === "" ? "" : ` (${compact(step)})`}`;
};

/** A history as a list of steps that a person can follow. */
export const asText = ({ before, programs, steps }: History): string =>
  [
    `there before: ${compact(before) || "nothing of ours"}`,
    `program one: ${programs[0].join(", ") || "empty"}`,
    ...(programs[1].length === 0 ? [] : [`program two: ${programs[1].join(", ")}`]),
    ...steps.map((step, i) => `${i + 1}. ${stepText(step)}`),
  ].join("\n");

export { sortOf };
