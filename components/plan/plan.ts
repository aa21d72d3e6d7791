/** From a topology to what is to be made: pure data, of which resources, values for other tools and pictures are made. */
import type { Topology } from "../topology/topology.js";
import { adviceOf } from "./advice/index.js";
import { refuse } from "../topology/rules.js";
import { clientFiles } from "./client-files.js";
import { checks } from "./checks.js";
import { pools, users } from "./cluster.js";
import { refOf, STEPS, type Entry, type Place } from "./entry.js";
import { guests } from "./guests.js";
import { hooks } from "./hooks.js";
import { images } from "./images.js";
import { handOverFiles } from "./hand-over.js";
import { groups } from "./names.js";
import { oneFileProblems } from "./one-file.js";
import { packages } from "./packages.js";
import { restarts } from "./restarts.js";
import { serviceFiles } from "./service-files.js";

/** What is to be made, and what is to be said. */
export interface Plan {
  readonly entries: readonly Entry[];
  /** What is allowed and will hardly be meant, in sentences. */
  readonly warnings: readonly string[];
}

/** Each says what there is of its kind. One more kind is one more of these. */
const RULES: readonly ((topology: Topology) => readonly Entry[])[] = [
  groups,
  pools,
  users,
  packages,
  clientFiles,
  serviceFiles,
  guests,
  handOverFiles,
];

/** The places of a step in the order. */
const placesOf = ({ step }: Place): number[] =>
  STEPS.flatMap((steps: readonly string[], at) => (steps.includes(step) ? [at] : []));

const isBefore = (one: Place, other: Place): boolean =>
  one.host === other.host &&
  Math.max(...placesOf(one)) < Math.min(...placesOf(other)) &&
  one.roles.some((role) => other.roles.includes(role));

/** On a host what is of a later step waits for what is of an earlier one. */
export const inSteps = (entries: readonly Entry[]): Entry[] =>
  entries.map((entry) => {
    const { place, dependsOn = [] } = entry;
    if (place === undefined) return entry;
    const before = entries.filter((other) => other.place !== undefined && isBefore(other.place, place));
    return { ...entry, dependsOn: [...new Set([...dependsOn, ...before.map(refOf)])] };
  });

/** What follows from files: one more kind is one more of these. */
const AFTER: readonly ((topology: Topology, files: readonly Entry[]) => readonly Entry[])[] = [
  restarts,
  hooks,
  checks,
  images,
];

const entriesOf = (topology: Topology): Entry[] => {
  const files = RULES.flatMap((rule) => rule(topology));
  return inSteps([...files, ...AFTER.flatMap((rule) => rule(topology, files))]);
};

export const planOf = (topology: Topology): Plan => ({
  entries: entriesOf(topology),
  warnings: [...topology.warnings, ...adviceOf(topology).warnings],
});

/**
 * The plan of a component, before anything is registered.
 * @throws RunError that lists what cannot work of all that its files would say together
 */
export const planFor = (kind: string, topology: Topology): Plan => {
  refuse({ kind, name: topology.name }, [...oneFileProblems(topology), ...adviceOf(topology).problems]);
  return planOf(topology);
};
