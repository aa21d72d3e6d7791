/** The smallest artifact there can be: a thing of a name and a size in a map. Its world can be made to fail. */
import type { Artifact } from "../../providers/kernel/contract.js";
import { defaulted, integer, oneOf, optional, text } from "../../providers/kernel/shape.js";
import { Failure, type FailureCode } from "../../providers/remote/failure.js";

export interface ThingInputs {
  name: string;
  size: number;
  colour?: string;
  onDelete?: "remove" | "keep";
}

export interface World {
  readonly things: Map<string, { size: number; colour?: string }>;
  writes: number;
  looks: number;
  /** Throws at the n-th next write: before it ("before") or after it ("after"). */
  fail?: { when: "before" | "after"; code: FailureCode } | undefined;
  blind?: FailureCode | undefined;
}

export const newWorld = (): World => ({ things: new Map(), writes: 0, looks: 0 });

const fail = (code: FailureCode): Failure =>
  new Failure({ code, host: "cmp7", what: `failed by the test (${code})` });

const word = text(/^[a-z]+$/, "lower-case letters");

export const thing = (world: World): Artifact<ThingInputs> => ({
  kind: "Thing",
  shape: {
    name: word,
    size: defaulted(integer(1, 100), 3),
    colour: optional(word),
    onDelete: optional(oneOf("remove", "keep")),
  },
  facts: ["origin"],
  policy: ["onDelete"],
  label: ({ name }) => `thing ${name}`,
  replacedBy: ({ name }) => ({ name }),
  id: ({ name }) => `memory/${name}`,
  claims: ({ name }) => [{ thing: `thing ${name}` }],
  check: (inputs) => inputs,
  compared: ({ size, colour }) => ({ size, ...(colour === undefined ? {} : { colour }) }),
  async observe(_reach, { name }) {
    world.looks++;
    if (world.blind !== undefined) throw fail(world.blind);
    const there = world.things.get(name);
    const found = there && { managed: { ...there }, facts: { origin: "created" } };
    return { found, look: undefined };
  },
  async apply(_reach, { name, size, colour }, gap) {
    if (gap.changed.length > 0) {
      const { fail: failing } = world;
      if (failing?.when === "before") throw fail(failing.code);
      world.writes++;
      world.things.set(name, { size, ...(colour === undefined ? {} : { colour }) });
      if (failing?.when === "after") throw fail(failing.code);
    }
    return { managed: { ...world.things.get(name) }, facts: { origin: "created" } };
  },
  async remove(_reach, { name, onDelete }) {
    if (world.blind !== undefined) throw fail(world.blind);
    if (onDelete !== "keep") world.things.delete(name);
  },
});
