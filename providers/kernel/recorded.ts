/** Between properties, as the engine keeps them, and what an artifact sees of them. Pure. */
import { isKept, TOKEN } from "./compare.js";
import type { Artifact, Observed } from "./contract.js";
import { plainProps, type Props } from "./json.js";

const OWNER = "__owner";

/** The properties whose key is wanted. */
export const pick = (props: Props, wanted: (key: string) => boolean): Props =>
  Object.fromEntries(Object.entries(props).filter(([key]) => wanted(key)));

/** Who the resource is, for records and claims. */
export const ownerOf = (props: Props): string => {
  const owner = props[OWNER];
  return typeof owner === "string" ? owner : "";
};

/** The token of the create that state comes from. */
export const tokenOf = (props: Props): string | undefined => {
  const token = props[TOKEN];
  return typeof token === "string" ? token : undefined;
};

type Named<I extends object> = Pick<Artifact<I>, "shape" | "facts">;

/** An output that is not an input as well. */
export const isFact = <I extends object>({ shape, facts }: Named<I>, key: string): boolean =>
  facts.includes(key) && !(key in shape);

/**
 * The inputs of an artifact among recorded or checked properties. Checked ones have passed the shape; recorded ones may have drifted out of it
 * (a mode, a name): they are what was found, and are not judged again.
 */
export const typed = <I extends object>({ shape }: Pick<Artifact<I>, "shape">, props: Props): I =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the one door from stored properties to an artifact's type
  pick(props, (key) => key in shape) as I;

/** The inputs among recorded outputs, hidden ones included: outputs echo every checked input. */
export const inputsOf = <I extends object>(artifact: Named<I>, props: Props): Props =>
  pick(props, (key) => !isKept(key) && !isFact(artifact, key));

/** The outputs: every checked input, what is managed as it was found, and facts. */
export const outputs = <I extends object, X>(
  artifact: Pick<Artifact<I, X>, "shape" | "compared">,
  inputs: Props,
  found: Observed,
): Props => {
  const wanted = artifact.compared(typed(artifact, inputs));
  return plainProps({ ...pick(inputs, (key) => !(key in wanted)), ...found.managed, ...found.facts });
};
