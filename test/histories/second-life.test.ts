/** A destroy that is cut, then a refresh: state has forgotten what went, and a record may have stayed. It is in nobody's way. */
import { expect, test } from "@jest/globals";
import type { History } from "../support/histories/history";
import { play } from "../support/histories/play";
import { SLOTS, type Slot } from "../support/histories/program";
import { asText } from "../support/histories/shrink";

const forgotten = (slot: Slot, at: number, when: "before" | "after"): History => ({
  before: {},
  programs: [["pool", "entity", slot], []],
  steps: [
    { do: "run", stack: 0, verb: "up" },
    { do: "run", stack: 0, verb: "destroy", weather: { cut: { at, when, dead: true } } },
    { do: "run", stack: 0, verb: "refresh" },
  ],
});

test.each(SLOTS)("a record that a %s has left is taken over and removed by its next life", async (slot) => {
  for (let at = 1; at <= 8; at += 1)
    for (const when of ["before", "after"] as const) {
      const history = forgotten(slot, at, when);
      expect([asText(history), await play(history)]).toEqual([asText(history), undefined]);
    }
});
