/** What Pulumi's engine keeps of a stack, what a program registers, and what a run is told to do. Plain data. */
import type { Props } from "../../../providers/kernel/json";

/** A resource in state. */
export interface Entry {
  readonly urn: string;
  readonly kind: string;
  /** Name of the provider: each is a process of its own. */
  readonly provider: string;
  readonly id: string;
  readonly inputs: Props;
  readonly outputs: Props;
  /** By input: the resources that its value came from. */
  readonly deps: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** The old half of a replacement, whose delete is still to come. */
  readonly delete: boolean;
  /** Deleted before its replacement, which is still to come. */
  readonly pendingReplacement: boolean;
  /** The last create or update ended half-way. */
  readonly initErrors: boolean;
}

/** An output of another resource of the program. */
export interface Ref {
  readonly ref: string;
  readonly key: string;
}

/** What a program says of a resource. A value that is a `Ref` is an Output. */
export interface Goal {
  readonly urn: string;
  readonly kind: string;
  readonly provider: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly aliases: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean | undefined;
}

/** Where the engine is killed: at its n-th call of a verb that changes something. */
export interface Kill {
  readonly at: number;
  readonly when: "before" | "after";
}

export interface RunOptions {
  readonly dryRun?: boolean;
  readonly refresh?: boolean;
  readonly targets?: readonly string[];
  readonly replace?: readonly string[];
  readonly continueOnError?: boolean;
  /** Everything that waits for nothing is registered before the first step is carried out, as Node programs mostly do it. */
  readonly eager?: boolean;
  readonly kill?: Kill;
}

/** What the engine did to a resource. */
export interface Done {
  readonly op: "same" | "create" | "update" | "replace" | "delete";
  readonly urn: string;
}

export interface Outcome {
  readonly state: readonly Entry[];
  readonly errors: readonly string[];
  readonly done: readonly Done[];
  readonly killed: boolean;
}

export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

export const isRef = (value: unknown): value is Ref =>
  typeof value === "object" && value !== null && "ref" in value && "key" in value;

/** A text with Outputs in it. */
export const isJoin = (value: unknown): value is { readonly join: readonly unknown[] } =>
  typeof value === "object" && value !== null && "join" in value && Array.isArray(value.join);

/** The resources whose outputs a program hands to this one. */
export const refsIn = (value: unknown): string[] => {
  if (isRef(value)) return [value.ref];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(refsIn) : [];
};

/** By input, the resources whose outputs a program hands over in it. */
export const depsOf = ({ props }: Goal): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(props)
      .map(([key, value]): [string, string[]] => [key, [...new Set(refsIn(value))]])
      .filter(([, urns]) => urns.length > 0),
  );

/** Everything that a resource waits for. */
export const needs = ({ deps }: Pick<Entry, "deps">): readonly string[] => Object.values(deps).flat();
