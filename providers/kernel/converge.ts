/** The one way to what is desired, for create and update alike: observe, compare, apply, must match. */
import { Failure, isFailure } from "../remote/failure.js";
import { differing } from "./compare.js";
import type { Artifact, Observed, Reach } from "./contract.js";
import type { Props } from "./json.js";
import { partial } from "./partial.js";
import { outputs, typed } from "./recorded.js";

/** The failure, with the artifact that it happened to. */
export const named = <I extends object, X>(artifact: Artifact<I, X>, inputs: I, error: unknown): unknown =>
  isFailure(error) ? error.of(artifact.label(inputs)) : error;

const mustMatch = (wanted: Props, found: Props): void => {
  const left = differing(wanted, found);
  if (left.length === 0) return;
  throw new Failure({
    code: "not-converged",
    what: `applied, looked again, and it is still not as desired: ${left.join(", ")}`,
    cure: "Something else may be setting it; `pulumi preview --refresh --diff` shows what is found.",
  });
};

/** Inputs and, in an update, the outputs of before. */
interface Desired {
  readonly inputs: Props;
  readonly prior: Props | undefined;
}

/**
 * Makes it so, and returns the outputs with the look that they come from.
 * @throws Failure where nothing was touched; a `PartialFailure` where something is, or may be, there
 */
export const converge = async <I extends object, X>(
  artifact: Artifact<I, X>,
  reach: Reach,
  { inputs, prior }: Desired,
): Promise<{ outs: Props; found: Observed }> => {
  const desired = typed(artifact, inputs);
  const wanted = artifact.compared(desired);
  const before = await artifact.observe(reach, desired, prior);
  try {
    const gap = { ...before, changed: differing(wanted, before.found?.managed) };
    const found = await artifact.apply(reach, desired, gap, prior);
    mustMatch(wanted, found.managed);
    return { outs: outputs(artifact, inputs, found), found };
  } catch (error) {
    const lookAgain = async () => (await artifact.observe(reach, desired, prior)).found;
    throw await partial(artifact, {
      error: named(artifact, desired, error),
      inputs,
      prior,
      before: before.found,
      lookAgain,
    });
  }
};
