/** `adopt: "add-caps"` on a user that was there: whatever it had, and wherever the run is cut, it keeps that, by the law of `laws-caps.ts`. */
import { expect, test } from "@jest/globals";
import type { Act } from "../support/histories/acts";
import type { History, Step } from "../support/histories/history";
import { play } from "../support/histories/play";
import { asText } from "../support/histories/shrink";

const keeps = async (history: History): Promise<void> =>
  expect([asText(history), await play(history)]).toEqual([asText(history), undefined]);

const adopting = (has: History["before"], at: number, when: "before" | "after"): History => ({
  before: { entity: true, pool: true, ...has },
  programs: [["entity"], []],
  steps: [
    { do: "edit", stack: 0, edit: { slot: "entity", field: "adopt", to: 3 } },
    { do: "run", stack: 0, verb: "up", weather: { cut: { at, when, dead: true } } },
    { do: "run", stack: 0, verb: "up" },
  ],
});

test.each([{}, { less: true }, { more: true }, { less: true, more: true }])(
  "a create with it takes no clause from a user that was there with %j",
  async (has) => {
    for (let at = 1; at <= 6; at += 1)
      for (const when of ["before", "after"] as const) {
        await keeps(adopting(has, at, when));
      }
  },
);

test.each<Act>(["a clause added to its caps", "caps of another daemon added"])(
  "a second create with it takes nothing that a person has given since: %s",
  async (act) => {
    const again: readonly Step[] = [
      { do: "run", stack: 0, verb: "up", replace: ["entity"] },
      { do: "edit", stack: 0, edit: { slot: "entity", field: "provider", to: 1 } },
    ];
    for (const step of again)
      for (const has of [{}, { less: true }])
        await keeps({
          before: { entity: true, pool: true, ...has },
          programs: [["entity"], []],
          steps: [
            { do: "edit", stack: 0, edit: { slot: "entity", field: "adopt", to: 3 } },
            { do: "run", stack: 0, verb: "up" },
            { do: "hand", act, machine: 0 },
            step,
            { do: "run", stack: 0, verb: "up", refresh: true },
          ],
        });
  },
);
