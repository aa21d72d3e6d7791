/** Histories in which a long run has found a fault, made small. */
import { expect, test } from "@jest/globals";
import type { History } from "../support/histories/history";
import { play } from "../support/histories/play";

const found: readonly (History & { readonly name: string })[] = [
  {
    name: "an entity that moves to another provider, and is replaced there, is not removed by the delete of its old half in the first",
    before: {},
    programs: [["pool", "entity"], []],
    steps: [
      { do: "run", stack: 0, verb: "up" },
      { do: "edit", stack: 0, edit: { slot: "entity", field: "provider", to: 1 } },
      { do: "run", stack: 0, verb: "up", replace: ["pool", "entity"] },
    ],
  },
  {
    name: "a keyring's old half that a cut has half removed, and a refresh has forgotten, is in nobody's way",
    before: {},
    programs: [["pool", "entity", "keyring2"], []],
    steps: [
      { do: "run", stack: 0, verb: "up" },
      { do: "edit", stack: 0, edit: { slot: "keyring2", field: "host", to: 3 } },
      {
        do: "run",
        stack: 0,
        verb: "up",
        weather: { cut: { at: 7, when: "before", dead: false } },
      },
      { do: "run", stack: 0, verb: "up", refresh: true },
    ],
  },
  {
    name: "a pool that a killed create has taken over is left by its destroy, which says whom the record names",
    before: {},
    programs: [["pool"], []],
    steps: [
      { do: "run", stack: 0, verb: "up" },
      { do: "edit", stack: 0, edit: { slot: "pool", field: "name", to: 2 } },
      { do: "run", stack: 0, verb: "up", kill: { at: 1, when: "after" } },
      { do: "run", stack: 0, verb: "destroy" },
    ],
  },
  {
    name: "a rule whose replacement was killed is left by its destroy, which says that the record is another create's",
    before: {},
    programs: [["rule"], []],
    steps: [
      { do: "run", stack: 0, verb: "up" },
      { do: "run", stack: 0, verb: "up", replace: ["rule"], kill: { at: 1, when: "after" } },
      { do: "run", stack: 0, verb: "destroy" },
    ],
  },
  {
    name: "a rotation that begins when another was cut leaves nobody with the key before both, though it is cut too and only the entity's step ends it",
    before: { pool: true },
    programs: [["entity", "keyring2"], []],
    steps: [
      { do: "run", stack: 0, verb: "up" },
      { do: "edit", stack: 0, edit: { slot: "entity", field: "generation", to: 2 } },
      { do: "run", stack: 0, verb: "up", weather: { cut: { at: 4, when: "before", dead: true } } },
      { do: "edit", stack: 0, edit: { slot: "entity", field: "generation", to: 3 } },
      { do: "run", stack: 0, verb: "up", weather: { cut: { at: 4, when: "before", dead: true } } },
      { do: "run", stack: 0, verb: "up", targets: ["entity"] },
    ],
  },
  {
    name: "an entity that was deleted, and whose create was cut before its key was recorded, gives its key to those who held the one before",
    before: { pool: true },
    programs: [["entity", "keyring2"], []],
    steps: [
      { do: "run", stack: 0, verb: "up" },
      { do: "hand", act: "entity deleted", machine: 0 },
      {
        do: "run",
        stack: 0,
        verb: "up",
        refresh: true,
        weather: { cut: { at: 2, when: "after", dead: true } },
      },
      { do: "run", stack: 0, verb: "up", targets: ["entity"] },
    ],
  },
];

test.each(found)("$name", async (history) => {
  expect(await play(history)).toBeUndefined();
});
