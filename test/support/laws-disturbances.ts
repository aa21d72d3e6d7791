/** The ways in which a verb is disturbed, and what comes then. */
import type { Trap } from "./far-end";

export type Verb = "create" | "update" | "delete";
export type Next = "up" | "refresh and up" | "destroy";

/** One way to disturb a verb. */
export interface Disturbance {
  readonly verb: Verb;
  readonly name: string;
  readonly trap: Omit<Trap, "at">;
  /** What the operator does then: by turns, or with `CUTS=all` in the environment each after every command. */
  readonly nexts: readonly Next[];
}

interface How {
  readonly name: string;
  readonly trap: Omit<Trap, "at">;
  readonly nexts: readonly Next[];
}

const hows: readonly How[] = [
  { name: "cut before a command", trap: { when: "before", how: "cut" }, nexts: ["up", "destroy"] },
  {
    name: "cut after a command",
    trap: { when: "after", how: "cut" },
    nexts: ["refresh and up", "up", "destroy"],
  },
  {
    name: "cut after a command and for the rest of the run",
    trap: { when: "after", how: "cut-for-good" },
    nexts: ["destroy", "up", "refresh and up"],
  },
  {
    name: "its provider killed at a command",
    trap: { when: "after", how: "hold" },
    nexts: ["up", "destroy", "refresh and up"],
  },
];

const nextsOf = (verb: Verb, { trap, nexts }: How): readonly Next[] => {
  if (verb === "delete") return ["destroy"];
  // Of a create that was killed the engine knows nothing: only an `up` can find it.
  return verb === "create" && trap.how === "hold" ? ["up"] : nexts;
};

export const disturbances: readonly Disturbance[] = (["create", "update", "delete"] as const).flatMap(
  (verb) => hows.map((how) => ({ verb, name: how.name, trap: how.trap, nexts: nextsOf(verb, how) })),
);

/** What comes after the disturbance of a command. */
export const nextsAfter = ({ nexts }: Disturbance, command: number): readonly Next[] =>
  process.env["CUTS"] === "all" ? nexts : nexts.filter((_, i) => i === command % nexts.length);
