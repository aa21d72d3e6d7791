/** What a create or update that failed half-way leaves in state, so that the next run completes it and a destroy takes it away. */
import { Failure, isFailure } from "../remote/failure.js";
import { FAILED } from "./compare.js";
import type { Artifact, Observed } from "./contract.js";
import { isHidden } from "./compare.js";
import type { Props } from "./json.js";

/** A partial failure, as Pulumi's dynamic provider takes it: the engine shows nothing but `reasons`. */
export interface PartialFailure extends Error {
  id: string;
  properties: Props;
  reasons: string[];
}

interface Attempt<I extends object, X> {
  readonly error: unknown;
  readonly artifact: Artifact<I, X>;
  readonly inputs: Props;
  readonly prior: Props | undefined;
  readonly before: Observed<X> | undefined;
  readonly lookAgain: () => Promise<Observed<X> | undefined>;
  readonly outputs: (inputs: Props, found: Observed<X>) => Props;
}

/** Failures that are thrown before anything is touched: state stays as it was. */
const untouched = (error: unknown): boolean =>
  isFailure(error) && ["conflict", "owned", "refused", "configuration"].includes(error.code);

const look = async <X>(again: () => Promise<Observed<X> | undefined>, before: Observed<X> | undefined) => {
  try {
    return { found: await again(), sure: true };
  } catch {
    return { found: before, sure: false };
  }
};

/** Policy fields are those of the last success: a `remove` that was never applied must not come into force by a failure. */
const withPolicy = <I extends object, X>(artifact: Artifact<I, X>, inputs: Props, prior: Props | undefined): Props => {
  if (prior === undefined) return inputs;
  const rest = Object.entries(inputs).filter(([key]) => !artifact.policy.includes(key));
  const policy = Object.entries(prior).filter(([key]) => artifact.policy.includes(key));
  return Object.fromEntries([...rest, ...policy]);
};

/** The error to throw: partial where something is (or may be) there, else the error itself. */
export const partial = async <I extends object, X>(attempt: Attempt<I, X>): Promise<unknown> => {
  const { error, artifact, prior, outputs } = attempt;
  if (untouched(error)) return error;
  const { found, sure } = await look(attempt.lookAgain, attempt.before);
  const inputs = withPolicy(artifact, attempt.inputs, prior);
  const facts = found?.facts ?? {};
  // Recorded values may be odd; the artifact only needs what names the thing.
  const id = artifact.id(inputs as I, { ...prior, ...facts });
  if (id === undefined || (prior === undefined && sure && found === undefined)) return error;
  const wanted = artifact.desired(inputs as I);
  const nothing = Object.fromEntries(Object.entries(inputs).filter(([key]) => !(key in wanted) || isHidden(key)));
  const kept = Object.fromEntries(Object.entries(prior ?? {}).filter(([key]) => artifact.facts.includes(key)));
  const properties = { ...kept, ...(found === undefined ? nothing : outputs(inputs, found)), [FAILED]: true };
  const message = error instanceof Error ? error.message : String(error);
  const failure = isFailure(error) ? new Failure(error.parts) : new Error(message);
  return Object.assign(failure, { id, properties, reasons: [message] }) satisfies PartialFailure;
};
