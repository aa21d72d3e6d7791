/** A check of a client whose program is killed at each of its steps, or whose way a person breaks: by the laws of `laws-checks.ts` and of what a state describes. */
import { expect, test } from "@jest/globals";
import type { Act } from "../support/histories/acts";
import type { History, Step } from "../support/histories/history";
import { play } from "../support/histories/play";
import type { Slot } from "../support/histories/program";
import { asText } from "../support/histories/shrink";

const WAY: readonly Slot[] = ["pool", "entity", "keyring", "conf", "check"];

/** The entity reaches the pool of images too, and the check clones from it or writes there. */
const wide = (choice: number): Step[] => [
  { do: "edit", stack: 0, edit: { slot: "entity", field: "choice", to: 1 } },
  { do: "edit", stack: 0, edit: { slot: "check", field: "choice", to: choice } },
];

const keeps = async (programs: readonly Slot[], steps: readonly Step[]): Promise<void> => {
  const history: History = { before: { pool: true }, programs: [programs, []], steps };
  expect([asText(history), await play(history)]).toEqual([asText(history), undefined]);
};

test.each([0, 2])(
  "one that was killed anywhere is ended by the next, which takes nobody's image (%j)",
  async (choice) => {
    for (let dies = 1; dies <= 16; dies += 1)
      await keeps(WAY, [
        ...wide(choice),
        { do: "run", stack: 0, verb: "up", weather: { dies } },
        { do: "run", stack: 0, verb: "up" },
      ]);
  },
);

test("where it must not write and was killed as it tried, or the connection was cut, nothing is left after the next", async () => {
  for (let at = 1; at <= 12; at += 1) {
    await keeps(WAY, [
      { do: "run", stack: 0, verb: "up", weather: { dies: at } },
      { do: "run", stack: 0, verb: "up" },
    ]);
    await keeps(WAY, [
      { do: "run", stack: 0, verb: "up", weather: { cut: { at, when: "after", dead: true } } },
      { do: "run", stack: 0, verb: "up" },
    ]);
  }
});

const BREAKS: readonly Act[] = [
  "keyring deleted",
  "keyring given to root",
  "ceph.conf removed",
  "pool deleted",
  "pool renamed",
  "entity deleted",
  "key changed by hand",
  "caps taken away",
];

test.each(BREAKS)(
  "after an up with refresh that says nothing its way is whole, though a person did this: %s",
  async (act) => {
    await keeps(WAY, [
      { do: "run", stack: 0, verb: "up" },
      { do: "hand", act, machine: 0 },
      { do: "run", stack: 0, verb: "up", refresh: true },
      { do: "run", stack: 0, verb: "up", refresh: true },
    ]);
  },
);

test.each<Act>(["secret deleted", "key changed by hand", "pool deleted", "caps taken away"])(
  "so is the way of guests, who have libvirt's secret alone: %s",
  async (act) => {
    await keeps(
      ["pool", "entity", "secret", "guests"],
      [
        { do: "run", stack: 0, verb: "up" },
        { do: "hand", act, machine: 1 },
        { do: "run", stack: 0, verb: "refresh" },
        { do: "run", stack: 0, verb: "up", refresh: true },
      ],
    );
  },
);
