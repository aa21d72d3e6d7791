/** One run of the model of Pulumi's engine: what it knows, and how it fails. */
import { UNKNOWN } from "../../../providers/kernel/json";
import { isJoin, isRef, type Done, type Entry, type Goal, type RunOptions } from "./state";
import { Killed, type Processes, type Verbs } from "./verbs";

/** One run under way. */
export interface Run {
  readonly processes: Processes;
  readonly options: RunOptions;
  /** State as it was, less what is done with. */
  base: Entry[];
  /** State as it was when the program began, after a refresh. */
  prev: readonly Entry[];
  /** What this run has made of it, in the order of the steps. */
  readonly news: Entry[];
  /** What each registration came to, under the program's urn. */
  readonly registered: Map<string, Entry>;
  readonly errors: string[];
  readonly done: Done[];
  /** Urns that a step was generated for; deletes are not among them. */
  readonly operated: Set<string>;
  /** Urns of state, and those that took them over by an alias. */
  readonly aliased: Map<string, string>;
  /** What a targeted run does not create. */
  readonly skipped: Set<string>;
  /** What failed, or waits for what failed, where the run goes on. */
  readonly failed: Set<string>;
  /** True after an error: nothing is begun any more. */
  stopped: boolean;
}

export const newRun = (base: readonly Entry[], processes: Processes, options: RunOptions): Run => ({
  processes,
  options,
  base: [...base],
  prev: base,
  news: [],
  registered: new Map(),
  errors: [],
  done: [],
  operated: new Set(),
  aliased: new Map(),
  skipped: new Set(),
  failed: new Set(),
  stopped: false,
});

/** The step generator has found a fault: the run ends whatever the options say. */
export class Stopped extends Error {}

export const isTargeted = ({ options }: Run, urn: string): boolean => options.targets?.includes(urn) ?? true;

export const isReplaceTarget = ({ options }: Run, urn: string): boolean =>
  options.replace?.includes(urn) ?? false;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A failed step: the run ends, or goes on without what depends on it. */
export const fail = (run: Run, urn: string, error: unknown): void => {
  if (error instanceof Killed) throw error;
  if (!(error instanceof Stopped)) run.errors.push(`${urn}: ${textOf(error)}`);
  run.failed.add(urn);
  if (error instanceof Stopped || run.options.continueOnError !== true) run.stopped = true;
};

export const refuse = (run: Run, urn: string, reason: string): never => {
  run.errors.push(`${urn}: ${reason}`);
  throw new Stopped(reason);
};

export const verbsOf = ({ processes }: Run, { provider, kind }: Pick<Goal, "provider" | "kind">): Verbs =>
  processes.of(provider, kind);

/** Parts of a text, some of them Outputs: what is put together of an unknown is unknown. */
const joined = (parts: readonly unknown[]): string => (parts.includes(UNKNOWN) ? UNKNOWN : parts.join(""));

/** Inputs of a program, with the outputs of what they wait for. */
export const resolved = (run: Run, value: unknown): unknown => {
  if (isRef(value)) {
    const output: unknown = run.registered.get(value.ref)?.outputs[value.key];
    return output ?? (run.options.dryRun === true ? UNKNOWN : undefined);
  }
  if (Array.isArray(value)) return value.map((item) => resolved(run, item));
  if (isJoin(value)) return joined(value.join.map((part) => resolved(run, part)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(run, item)]));
};

/** Takes an entry out of what the state was. */
export const without = (run: Run, old: Entry | undefined): void => {
  run.base = run.base.filter((entry) => entry !== old);
};
