/** What Pulumi's engine does with one resource, over a provider process: up, refresh, destroy, and what it keeps of a failure. */
import { isDeepStrictEqual } from "node:util";
import { ProviderError, type KindVerbs, type Plain } from "./provider-process";

/** A resource in state. */
export interface Kept {
  readonly id: string;
  readonly outs: Plain;
  readonly inputs: Plain;
  /** The last create or update failed half-way: the next `up` updates, whatever diff says. */
  readonly isFailed: boolean;
}

/** What a verb has left in state, and how it failed. */
export interface Left {
  readonly kept: Kept | undefined;
  readonly error?: Error;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const withoutStub = ({ __provider, ...inputs }: Plain): Plain => inputs;

const attempt = async (doing: Promise<Kept>, before: Kept | undefined, inputs: Plain): Promise<Left> => {
  try {
    return { kept: await doing };
  } catch (error) {
    const half = error instanceof ProviderError ? error.halfWay : undefined;
    if (half === undefined) return { kept: before, error: asError(error) };
    if (half.reasons.join("") === "")
      throw new Error("a partial failure without a reason shows nothing", { cause: error });
    return { kept: { id: half.id, outs: half.properties, inputs, isFailed: true }, error: asError(error) };
  }
};

const isChanged = async (verbs: KindVerbs, kept: Kept, news: Plain): Promise<boolean> => {
  const { changes, replaces } = await verbs.diff(kept.id, kept.outs, news);
  if (replaces.length > 0) throw new Error(`would be replaced: ${replaces.join(", ")}`);
  return changes ?? !isDeepStrictEqual(kept.inputs, news);
};

/** One resource's part of an `up`. */
export const up = async (verbs: KindVerbs, kept: Kept | undefined, program: Plain): Promise<Left> => {
  const { inputs, failures } = await verbs.check(kept?.inputs ?? {}, program);
  if (failures.length > 0) throw new Error(`check: ${JSON.stringify(failures)}`);
  const news = withoutStub(inputs);
  if (kept === undefined) {
    const made = verbs.create(news).then(({ id, outs }) => ({ id, outs, inputs: news, isFailed: false }));
    return attempt(made, undefined, news);
  }
  if (!(await isChanged(verbs, kept, news)) && !kept.isFailed) return { kept: { ...kept, inputs: news } };
  const updated = verbs
    .update(kept.id, kept.outs, news)
    .then((outs) => ({ id: kept.id, outs, inputs: news, isFailed: false }));
  return attempt(updated, kept, news);
};

/** One resource's part of a refresh. A resource that is gone is no more in state. */
export const refresh = async (verbs: KindVerbs, kept: Kept | undefined): Promise<Kept | undefined> => {
  if (kept === undefined) return undefined;
  const { id, props, inputs } = await verbs.read(kept.id, kept.outs);
  return id === "" ? undefined : { id, outs: props, inputs: withoutStub(inputs), isFailed: false };
};

/** One resource's part of a destroy. */
export const destroy = async (verbs: KindVerbs, kept: Kept | undefined): Promise<Left> => {
  if (kept === undefined) return { kept };
  try {
    await verbs.delete(kept.id, kept.outs);
    return { kept: undefined };
  } catch (error) {
    return { kept, error: asError(error) };
  }
};
