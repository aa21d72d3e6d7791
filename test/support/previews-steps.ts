/** Rows that have nothing to do with each other are changes of one run: a preview and an `up` for all of them, judged resource by resource. */
import type { Program } from "./previews";
import type { Row } from "./previews-rows";
import type { Runs } from "./previews-world";
import type { World } from "./world";

/** Resources of which two programs say different things. */
const differing = (before: Program, after: Program): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );

/** What a row is about. */
export const touched = (program: Program, { to, bears = [] }: Row): string[] => [
  ...differing(program, to(program)),
  ...bears,
];

/** Changes that are made in one run. */
export type Step = readonly Row[];

/** Each row in the first run in which no other row is about one of its resources. What cannot be taken back is a run of its own, at the end. */
export const stepsOf = (program: Program, rows: readonly Row[]): Step[] => {
  const steps: { readonly rows: Row[]; readonly taken: Set<string> }[] = [];
  for (const row of rows.filter(({ only }) => only !== "forward")) {
    const names = touched(program, row);
    let step = steps.find(({ taken }) => !names.some((name) => taken.has(name)));
    if (step === undefined) steps.push((step = { rows: [], taken: new Set() }));
    step.rows.push(row);
    for (const name of names) step.taken.add(name);
  }
  return [
    ...steps.map(({ rows: together }) => together),
    ...rows.filter(({ only }) => only === "forward").map((row) => [row]),
  ];
};

/** What a run named and what it changed. */
interface Seen {
  readonly worlds: readonly [World, World];
  readonly runs: Runs;
  readonly named: readonly string[];
  readonly changed: readonly string[];
}

interface Lines {
  readonly named: readonly string[];
  readonly changed: readonly string[];
  /** What is to be named although nothing changes. */
  readonly quiet: readonly string[];
}

export interface Change {
  readonly worlds: readonly [World, World];
  /** What is said of some resources. */
  about(resources: readonly string[]): Lines;
  /** What is said of all others, and of what nobody stands for. */
  beside(resources: readonly string[]): Lines;
}

const VERB = /^(create|delete|replace|update|untold|unforeseen) (\S+)/;

const resourceOf = (line: string): string => VERB.exec(line)?.[2] ?? line.split(" ")[0] ?? "";

/** Whether a line can be said of two programs at all: what comes or goes is named as a whole. */
const isDue = (line: string, { before, after }: Runs): boolean => {
  const name = resourceOf(line);
  const [was, is] = [before[name] !== undefined, after[name] !== undefined];
  const verb = VERB.exec(line)?.[1];
  if (verb === "create") return !was && is;
  return verb === "delete" ? was && !is : was && is;
};

/** One run, by the rows that it made and those that it took back. */
export const changeOf = (
  { worlds, runs, named, changed }: Seen,
  { step, back }: { readonly step: readonly Row[]; readonly back: readonly Row[] },
): Change => {
  const said = [
    ...step.flatMap(({ idle = [], idleThere = [] }) => [...idle, ...idleThere]),
    ...back.flatMap(({ idle = [], letGo = [] }) => [...idle, ...letGo]),
  ];
  const quiet = [...new Set(said)].filter((line) => isDue(line, runs) && !changed.includes(line));
  const follows = [...step, ...back].flatMap((row) => row.follows ?? []);
  const isSaid = (line: string): boolean => named.includes(line) || !follows.includes(line);
  const lines = { named, changed: changed.filter(isSaid), quiet };
  const those = (isMeant: (name: string) => boolean): Lines => ({
    named: lines.named.filter((line) => isMeant(resourceOf(line))),
    changed: lines.changed.filter((line) => isMeant(resourceOf(line))),
    quiet: lines.quiet.filter((line) => isMeant(resourceOf(line))),
  });
  return {
    worlds,
    about: (resources) => those((name) => resources.includes(name)),
    beside: (resources) => those((name) => !resources.includes(name)),
  };
};
