/** What a delete that was cut has left, and a refresh has dropped from state: its record, until the same resource comes again. */
import { destroy, up } from "./engine";
import { edited, goalsOf, type Program, type Slot } from "./program";
import type { Entry, Goal } from "./state";
import { processes } from "./verbs";
import { reachWorld, type World } from "./world";

const NEEDED: readonly Slot[] = ["pool", "entity"];

/** As a program says it that never had it before. */
const goalOf = ({ urn, kind, inputs }: Entry): Goal => ({
  urn,
  kind,
  provider: "default",
  props: Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__"))),
  aliases: [],
  protect: false,
  retainOnDelete: false,
  deleteBeforeReplace: undefined,
});

const goalsFor = (entry: Entry): Goal[] => {
  const stack = entry.urn.split("::")[0] ?? "";
  const program = NEEDED.reduce<Program>(
    (all, slot) => edited(stack, all, { slot, field: "present", to: 1 }),
    [],
  );
  return [...goalsOf(stack, program).filter(({ kind }) => kind !== entry.kind), goalOf(entry)];
};

/** Makes each again, by its own stack, and takes it away; yields what went wrong. */
export const liveAgain = async (world: World, vanished: readonly Entry[]): Promise<string[]> => {
  const errors: string[] = [];
  for (const entry of vanished) {
    const made = await up({ state: [], goals: goalsFor(entry) }, processes(reachWorld(world)));
    const gone = await destroy({ state: made.state }, processes(reachWorld(world)));
    errors.push(...[...made.errors, ...gone.errors].map((error) => `a second life fails: ${error}`));
  }
  return errors;
};
