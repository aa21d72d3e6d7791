/** What a create or update that failed half-way leaves in state, so that the next run completes it and a destroy takes it away. */
import { Failure, isFailure } from "../remote/failure.js";
import { CREATING, FAILED, isCreating, isHidden } from "./compare.js";
import type { Artifact, Observed } from "./contract.js";
import type { Props } from "./json.js";
import { outputs, pick, typed } from "./recorded.js";

/** A partial failure, as Pulumi's dynamic provider takes it: the engine shows nothing but `reasons`. */
export interface PartialFailure extends Error {
  id: string;
  properties: Props;
  reasons: string[];
}

interface Attempt {
  readonly error: unknown;
  readonly inputs: Props;
  readonly prior: Props | undefined;
  readonly before: Observed | undefined;
  readonly lookAgain: () => Promise<Observed | undefined>;
}

/** Failures that are thrown before anything is touched: state stays as it was. */
const UNTOUCHED: readonly string[] = ["conflict", "owned", "refused", "configuration"];

/** What stands there is not touched again by a create that was refused; but its name is the one in the state by now. */
export const HALF_MADE =
  "A create that failed before has left it in the state: where another name, type or uuid is refused for that, `pulumi state delete URN` takes it out of the state, and touches nothing else.";

const refused = (error: Failure, prior: Props | undefined): Failure => {
  if (prior === undefined || !isCreating(prior)) return error;
  const { cure, ...parts } = error.parts;
  return new Failure({ ...parts, cure: cure === undefined ? HALF_MADE : `${cure}\n  ${HALF_MADE}` });
};

const look = async ({ lookAgain, before }: Attempt) => {
  try {
    return { found: await lookAgain(), sure: true };
  } catch {
    return { found: before, sure: false };
  }
};

/** Policy fields are those of the last success, where there was one: a `remove` that was never applied must not come into force by a failure. */
const withPolicy = (policy: readonly string[], inputs: Props, prior: Props | undefined): Props =>
  prior === undefined || isCreating(prior)
    ? inputs
    : { ...pick(inputs, (key) => !policy.includes(key)), ...pick(prior, (key) => policy.includes(key)) };

/** What is recorded: identity and the way from the inputs, policy from the last success, what is managed as last seen. */
const recordedAs = <I extends object, X>(
  artifact: Artifact<I, X>,
  inputs: Props,
  { prior, found }: { prior: Props | undefined; found: Observed | undefined },
): Props => {
  const wanted = artifact.compared(typed(artifact, inputs));
  const nothing = pick(inputs, (key) => !(key in wanted) || isHidden(key));
  return {
    ...pick(prior ?? {}, (key) => artifact.facts.includes(key)),
    ...(found === undefined ? nothing : outputs(artifact, inputs, found)),
    [FAILED]: true,
    ...(isCreating(prior) ? { [CREATING]: true } : {}),
  };
};

/** The error to throw: partial where something is (or may be) there, else the error itself. */
export const partial = async <I extends object, X>(
  artifact: Artifact<I, X>,
  attempt: Attempt,
): Promise<unknown> => {
  const { error, prior } = attempt;
  if (isFailure(error) && UNTOUCHED.includes(error.code)) return refused(error, prior);
  const { found, sure } = await look(attempt);
  const inputs = withPolicy(artifact.policy, attempt.inputs, prior);
  const id = artifact.id(typed(artifact, inputs), { ...prior, ...found?.facts });
  const nothingThere = prior === undefined && sure && found === undefined;
  if (id === undefined || nothingThere) return error;
  const properties = recordedAs(artifact, inputs, { prior, found });
  const message = error instanceof Error ? error.message : String(error);
  const failure = isFailure(error) ? new Failure(error.parts) : new Error(message);
  return Object.assign(failure, { id, properties, reasons: [message] }) satisfies PartialFailure;
};
