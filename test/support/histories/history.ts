/** Histories as plain data: what was there, what two stacks say, and what happens; drawn from a seed. */
import { actsOn, type Act } from "./acts";
import type { Edit, Slot } from "./program";
import { SLOTS } from "./program";
import { HOSTS, type Before, type Weather } from "./world";

/** A run of the engine for one of two stacks. */
export interface RunStep {
  readonly do: "run";
  readonly stack: number;
  readonly verb: "up" | "refresh" | "destroy" | "destroy with the program";
  readonly refresh?: boolean;
  readonly targets?: readonly Slot[];
  readonly replace?: readonly Slot[];
  readonly continueOnError?: boolean;
  readonly eager?: boolean;
  readonly kill?: { readonly at: number; readonly when: "before" | "after" };
  readonly weather?: Weather;
}

export type Step =
  | RunStep
  | { readonly do: "edit"; readonly stack: number; readonly edit: Edit }
  | { readonly do: "hand"; readonly act: Act; readonly machine: number };

export interface History {
  readonly before: Before;
  readonly programs: readonly [readonly Slot[], readonly Slot[]];
  readonly steps: readonly Step[];
}

/** What a history may hold. */
interface Features {
  readonly slots: readonly Slot[];
  readonly hands: readonly Act[];
  /** How often, in percent, a person does something before a run. */
  readonly handsPercent: number;
  readonly fields: readonly Edit["field"][];
}

/** What resources are there, what they say and where is what most histories turn on. */
const FIELDS = [
  "present",
  "present",
  "present",
  "name",
  "parent",
  "host",
  "host",
  "choice",
  "choice",
  "choice",
  "generation",
  "onDelete",
  "adopt",
  "force",
  "way",
  "protect",
  "retain",
  "first",
  "provider",
] as const satisfies readonly Edit["field"][];

/** A small generator of numbers from a seed (mulberry32). */
export const dice = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (percent: number): boolean => below(100) < percent,
    of: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("nothing to choose from");
      return item;
    },
  };
};
type Dice = ReturnType<typeof dice>;

/** Of two stacks of one project. */
const STACKS = 2;

const some = (d: Dice, percent: number, slots: readonly Slot[] = SLOTS): Slot[] =>
  slots.filter(() => d.chance(percent));

/** Hosts by number; the last is another name of the first. */
const HOST_COUNT = Object.keys(HOSTS).length;

const LIMITS: Readonly<Record<Edit["field"], number>> = {
  present: 2,
  name: 3,
  parent: 2,
  host: HOST_COUNT,
  choice: 4,
  generation: 4,
  onDelete: 3,
  adopt: 4,
  force: 2,
  way: 2,
  protect: 2,
  retain: 2,
  first: 2,
  provider: 2,
};

const editOf = (d: Dice, { slots, fields }: Features): Edit => {
  const field = d.of(fields);
  const slot = field === "generation" ? "entity" : d.of(slots);
  const to = field === "generation" ? 2 + d.below(3) : d.below(LIMITS[field]);
  const moves = field === "name" || field === "parent";
  return { slot, field, to, ...(moves && d.chance(60) ? { alias: true } : {}) };
};

const weatherOf = (d: Dice): Pick<RunStep, "weather" | "kill"> => {
  const roll = d.below(100);
  const when = d.of(["before", "after"] as const);
  if (roll < 65) return {};
  if (roll < 70) return { weather: { dies: 1 + d.below(24) } };
  if (roll < 78) return { kill: { at: 1 + d.below(6), when } };
  if (roll < 90) return { weather: { cut: { at: 1 + d.below(12), when, dead: d.chance(50) } } };
  return { weather: { down: d.below(3) } };
};

const verbFor = (roll: number): RunStep["verb"] => {
  if (roll < 82) return "up";
  if (roll < 88) return "refresh";
  return roll < 95 ? "destroy" : "destroy with the program";
};

const runOf = (d: Dice): RunStep => {
  const verb = verbFor(d.below(100));
  const flag = (percent: number, option: Partial<RunStep>) => (d.chance(percent) ? option : {});
  return {
    do: "run",
    stack: d.below(STACKS),
    verb,
    ...flag(25, { refresh: true }),
    ...flag(12, { targets: some(d, 30) }),
    ...flag(verb === "up" ? 10 : 0, { replace: d.chance(50) ? SLOTS : some(d, 30) }),
    ...flag(15, { continueOnError: true }),
    ...flag(60, { eager: true }),
    ...weatherOf(d),
  };
};

const stepsOf = (d: Dice, features: Features): Step[] => {
  const rounds = 1 + d.below(5);
  return Array.from({ length: rounds }).flatMap((): Step[] => {
    const edits = Array.from({ length: d.below(4) }, (): Step => {
      return { do: "edit", stack: d.below(STACKS), edit: editOf(d, features) };
    });
    const hand: Step[] =
      features.hands.length > 0 && d.chance(features.handsPercent)
        ? [{ do: "hand", act: d.of(features.hands), machine: d.below(3) }]
        : [];
    return [...edits, ...hand, runOf(d)];
  });
};

/** What is to become of some of it, said before the first run. */
const policiesOf = (d: Dice): Step[] => {
  const kept = some(d, 15).map((slot): Step => {
    return { do: "edit", stack: 0, edit: { slot, field: "onDelete", to: 1 + d.below(2) } };
  });
  // "add-caps" above all: it alone tells one entity that is there from another.
  const adopt = d.of([1, 2, 3, 3, 3]);
  const adopts: Step = { do: "edit", stack: 0, edit: { slot: "entity", field: "adopt", to: adopt } };
  return d.chance(60) ? [...kept, adopts] : kept;
};

/** Half of all histories are neat: no hands, no policies, nothing retained. What was there must then be there at the end, byte for byte. */
const UNTIDY: readonly Edit["field"][] = ["onDelete", "adopt", "retain"];

/** Resources that have to do with one another. */
const FAMILIES: readonly (readonly Slot[])[] = [
  ["pool", "entity", "keyring", "keyring2", "secret"],
  ["section", "section2", "conf", "service"],
  ["keyring", "section", "entity", "service"],
  ["pool", "profile", "rule"],
  ["packages", "packages2"],
  ["image", "image2"],
  ["dir", "section", "packages"],
  ["pool", "entity", "keyring", "conf", "check"],
  ["pool", "entity", "keyring", "conf", "check"],
  ["pool", "entity", "keyring", "conf", "check"],
  ["pool", "entity", "keyring", "conf", "check", "secret", "guests"],
  ["pool", "entity", "secret", "conf", "guests"],
];

/** Two of three histories are about few things, so that what happens to one of them meets what happens to it next. */
const focusOf = (d: Dice): Pick<Features, "slots" | "handsPercent"> & { often: number } => {
  if (d.chance(34)) return { slots: SLOTS, handsPercent: 20, often: 55 };
  const few = d.chance(60) ? d.of(FAMILIES) : Array.from({ length: 2 + d.below(3) }, () => d.of(SLOTS));
  return { slots: SLOTS.filter((slot) => few.includes(slot)), handsPercent: 50, often: 90 };
};

export const historyOf = (seed: number): History => {
  const d = dice(seed);
  const { slots, often, handsPercent } = focusOf(d);
  const neat = d.chance(50);
  const features: Features = {
    slots,
    handsPercent,
    hands: neat ? [] : actsOn(slots),
    fields: neat ? FIELDS.filter((field) => !UNTIDY.includes(field)) : FIELDS,
  };
  const flag = (percent: number) => d.chance(percent);
  const entity = flag(35);
  const before: Before = {
    entity,
    pool: flag(50),
    keyring: entity && flag(30),
    secret: entity && flag(30),
    option: flag(30),
    conf: flag(50),
    packages: flag(30),
    ...(neat ? {} : { less: entity && flag(30), more: entity && flag(35) }),
  };
  const first: Step = { do: "run", stack: 0, verb: "up", ...(flag(70) ? { eager: true } : {}) };
  const programs = [some(d, often, slots), some(d, 30, slots)] as const;
  const steps = [first, ...stepsOf(d, features)];
  return {
    before,
    programs,
    steps: neat ? steps : [...policiesOf(d), ...steps],
  };
};
