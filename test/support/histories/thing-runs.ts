/** Random runs of a program of things in a chain, for the model and the real engine alike. */
import { dice } from "./history";
import type { RunOptions } from "./state";

export const TYPE = "pulumi-nodejs:dynamic/ceph-openstack:Thing";
const RUNS = 5;

export interface Thing {
  readonly name: string;
  readonly formerly?: string;
  readonly value: number;
  readonly host: string;
  readonly fails?: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
}

export const urnOf = (name: string): string => `urn:pulumi:model::model::${TYPE}::${name}`;

type Dice = ReturnType<typeof dice>;

const FAILS = ["check", "create", "half", "update", "read", "gone", "delete"];

const changed = (d: Dice, thing: Thing): Thing => {
  const { fails: _old, formerly: _former, ...rest } = thing;
  const flag = (percent: number, change: Partial<Thing>) => (d.chance(percent) ? change : {});
  const renamed = { name: `${thing.name}x`, ...flag(60, { formerly: thing.name }) };
  return {
    ...rest,
    ...flag(35, { value: d.below(5) }),
    ...flag(20, { host: d.of(["one", "two", "three"]) }),
    ...flag(20, renamed),
    ...flag(15, { fails: d.of(FAILS) }),
    ...flag(20, { protect: d.chance(30) }),
    ...flag(20, { retainOnDelete: d.chance(40) }),
    ...flag(20, { deleteBeforeReplace: d.chance(60) }),
  };
};

export interface Run {
  readonly verb: "up" | "refresh" | "destroy";
  readonly things: readonly Thing[];
  readonly options: Pick<RunOptions, "refresh" | "targets" | "replace" | "continueOnError">;
}

const runOf = (d: Dice, things: readonly Thing[]): Run => {
  const verb = d.of(["up", "up", "up", "up", "up", "refresh", "destroy"] as const);
  const some = (percent: number): string[] =>
    things.filter(() => d.chance(percent)).map(({ name }) => urnOf(name));
  const flag = (percent: number, option: Run["options"]) => (d.chance(percent) ? option : {});
  const [targets, replace] = [some(50), some(40)];
  return {
    verb,
    things,
    options: {
      ...flag(25, { refresh: true }),
      ...flag(25, { continueOnError: true }),
      ...flag(verb === "up" && targets.length > 0 ? 20 : 0, { targets }),
      ...flag(verb === "up" && replace.length > 0 ? 20 : 0, { replace }),
    },
  };
};

export const historyOf = (seed: number): Run[] => {
  const d = dice(seed);
  const thing = (name: string): Thing => ({
    ...{ name, value: 0, host: "one", protect: false, retainOnDelete: false, deleteBeforeReplace: false },
  });
  let things = ["a", "b", "c", "d"].slice(0, 2 + d.below(3)).map(thing);
  return Array.from({ length: RUNS }, (_, i) => {
    if (i > 0) things = things.filter(() => d.chance(88)).map((one) => changed(d, one));
    return i === 0 ? { verb: "up", things, options: {} } : runOf(d, things);
  });
};
