/** `adopt: "add-caps"` on a user that was there: whatever it had, and wherever the run is cut, it keeps that, by the law of `laws-caps.ts`. */
import { expect, test } from "@jest/globals";
import type { History } from "../support/histories/history";
import { play } from "../support/histories/play";
import { asText } from "../support/histories/shrink";

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
        const history = adopting(has, at, when);
        expect([asText(history), await play(history)]).toEqual([asText(history), undefined]);
      }
  },
);
