/** Pulumi's six verbs over an artifact, once for all. What surprises in the engine's behaviour is in `docs/design.md`. */
import type { dynamic } from "@pulumi/pulumi";
import { isFailure } from "../remote/failure.js";
import { checkInputs } from "./check.js";
import { newToken } from "../ownership/token.js";
import { changedInputs, differing, FAILED, isKept, sameCluster, TOKEN } from "./compare.js";
import type { Artifact, Reach } from "./contract.js";
import { converge, named } from "./converge.js";
import { holdsUnknown, type Props } from "./json.js";
import { ofLastUp } from "./last-up.js";
import { inputsOf, outputs, ownerOf, pick, tokenOf, typed } from "./recorded.js";
import type { Surroundings } from "./surroundings.js";

/** What every verb needs: which artifact, and where. */
interface Served<I extends object, X> {
  readonly artifact: Artifact<I, X>;
  readonly surroundings: Surroundings;
}

/** What it reads is written in this run. */
const isFollowing = <I extends object, X>({ artifact, surroundings }: Served<I, X>, news: Props): boolean =>
  artifact.follows?.(typed(artifact, news), surroundings.written) === true;

/** @param changed undefined where it is made */
const noteWritten = <I extends object, X>(
  { artifact, surroundings }: Served<I, X>,
  inputs: Props,
  changed: readonly string[] | undefined,
): void => {
  surroundings.written.push(...(artifact.writes?.(typed(artifact, inputs), changed) ?? []));
};

/** No `changes` where inputs differ: then the engine computes which properties do. */
const diff = <I extends object, X>(
  { artifact, surroundings }: Served<I, X>,
  olds: Props,
  news: Props,
): dynamic.DiffResult => {
  const changed = changedInputs(olds, news, artifact);
  if (changed.length === 0)
    return { changes: FAILED in olds || isFollowing({ artifact, surroundings }, news) };
  noteWritten({ artifact, surroundings }, news, changed);
  const [before, after] = [
    artifact.replacedBy(typed(artifact, olds)),
    artifact.replacedBy(typed(artifact, news)),
  ];
  return { replaces: differing(after, before).filter((key) => !holdsUnknown(after[key])) };
};

/** `diff` must call it an update: the engine asks that in an `up`, too, and would delete what depends on a replacement. */
const perhapsReplaced = <I extends object, X>(
  artifact: Artifact<I, X>,
  olds: Props | undefined,
  news: Props,
): string[] => {
  const identity = olds === undefined ? {} : artifact.replacedBy(typed(artifact, news));
  const open = Object.keys(identity).filter((key) => holdsUnknown(identity[key]));
  if (open.length === 0) return [];
  return [
    `${artifact.kind}: ${open.join(", ")} is not known in this preview; where it becomes another, what shows as an update is a replacement, or is refused`,
  ];
};

const create = async <I extends object, X>({ artifact, surroundings }: Served<I, X>, checked: Props) => {
  const inputs = { ...checked, [TOKEN]: newToken() };
  const desired = typed(artifact, inputs);
  const reach = surroundings.reach({ owner: ownerOf(inputs), token: tokenOf(inputs), lives: true });
  try {
    const { outs, found } = await converge(artifact, reach, { inputs, prior: undefined });
    const id = artifact.id(desired, found.facts);
    if (id === undefined) throw new Error(`${artifact.label(desired)} has no id after it was made`);
    return { id, outs };
  } catch (error) {
    throw named(artifact, desired, error);
  }
};

/** What is to be removed needs a record, and a record the name of its owner: both are written by an update that looks. */
const isForRecord = (olds: Props, news: Props): boolean =>
  ownerOf(olds) !== ownerOf(news) || (news["onDelete"] === "remove" && olds["onDelete"] !== "remove");

/** True when nothing but policy or the way to the cluster changed, and nothing is left over from a failure. */
const isQuiet = <I extends object, X>(artifact: Artifact<I, X>, olds: Props, news: Props): boolean =>
  !(FAILED in olds) &&
  !isForRecord(olds, news) &&
  changedInputs(olds, news, artifact).every(
    (key) => artifact.policy.includes(key) || (key === "cluster" && sameCluster(olds[key], news[key])),
  );

const update = async <I extends object, X>(
  { artifact, surroundings }: Served<I, X>,
  olds: Props,
  checked: Props,
) => {
  const token = tokenOf(olds) ?? newToken();
  const news = { ...checked, [TOKEN]: token };
  if (isQuiet(artifact, olds, news) && !isFollowing({ artifact, surroundings }, news))
    return { outs: { ...pick(olds, (key) => key in news || artifact.facts.includes(key)), ...news } };
  try {
    const reach = surroundings.reach({ owner: ownerOf(news), token, lives: true });
    const { outs } = await converge(artifact, reach, { inputs: news, prior: olds });
    return { outs };
  } catch (error) {
    throw named(artifact, typed(artifact, news), error);
  }
};

/** A refresh past a host that does not answer, where that is wanted: what was recorded stays, and is said. */
const keepUnreachable = (error: unknown, reach: Reach): void => {
  if (!isFailure(error) || error.code !== "unreachable" || reach.settings.unreachableOnRefresh !== "keep")
    throw error;
  reach.note(`${error.message}; kept what was recorded (unreachableOnRefresh)`);
};

/** Inputs are those recorded or found, never those desired: unfinished work stays visible. */
const read = async <I extends object, X>(
  { artifact, surroundings }: Served<I, X>,
  id: string,
  props: Props,
) => {
  const inputs = inputsOf(artifact, props);
  const desired = typed(artifact, inputs);
  const reach = surroundings.reach({ owner: ownerOf(props), token: tokenOf(props), lives: false });
  try {
    const { found } = await artifact.observe(reach, desired, props);
    if (found === undefined) return {};
    const outs = { ...outputs(artifact, inputs, found), ...pick(props, isKept) };
    return { id, props: outs, inputs: inputsOf(artifact, outs) };
  } catch (error) {
    keepUnreachable(ofLastUp(named(artifact, desired, error)), reach);
    return { id, props, inputs };
  }
};

const forgetUnreachable = (error: unknown, reach: Reach, label: string): void => {
  const { host, hosts = host === undefined ? [] : [host] } = isFailure(error) ? error.parts : {};
  const forgets = hosts.length > 0 && hosts.every((host) => reach.settings.forgetUnreachable.includes(host));
  if (!forgets || !isFailure(error) || error.code !== "unreachable") throw error;
  reach.note(`${label}: the host does not answer; what is there stays there (unreachableOnDelete)`);
};

/** What a check of this run has claimed is handed over, not removed (`providers/ownership/`). */
const remove = async <I extends object, X>(
  { artifact, surroundings }: Served<I, X>,
  props: Props,
): Promise<void> => {
  const desired = typed(artifact, inputsOf(artifact, props));
  const reach = surroundings.reach({ owner: ownerOf(props), token: tokenOf(props), lives: false });
  const claims = artifact.claims(desired);
  if (claims.length > 0 && claims.every(({ thing }) => reach.claims.holder(thing) !== undefined)) return;
  try {
    await artifact.remove(reach, desired, props);
    claims.forEach((claim) => {
      reach.claims.letGo(claim);
    });
  } catch (error) {
    forgetUnreachable(ofLastUp(named(artifact, desired, error)), reach, artifact.label(desired));
  }
};

/** The provider of an artifact. */
export const verbs = <I extends object, X>(
  artifact: Artifact<I, X>,
  surroundings: Surroundings,
): Required<dynamic.ResourceProvider> => {
  const served = { artifact, surroundings };
  return {
    configure: async ({ config }) => surroundings.configure((key) => config.get(`ceph-openstack:${key}`)),
    check: async (last: Props, news: Props) => {
      const olds = Object.keys(last).length === 0 ? undefined : last;
      const checked = checkInputs(artifact, surroundings.claims, { olds, news });
      if (olds === undefined && checked.failures.length === 0) noteWritten(served, checked.inputs, undefined);
      const warnings =
        checked.failures.length === 0
          ? [
              ...(artifact.warnings?.(typed(artifact, checked.inputs), olds) ?? []),
              ...perhapsReplaced(artifact, olds, checked.inputs),
            ]
          : [];
      warnings.forEach((text) => surroundings.warn(text));
      const reason = surroundings.problems().join("; ");
      const failures = reason === "" ? checked.failures : [...checked.failures, { property: "", reason }];
      const who = { owner: ownerOf(checked.inputs), token: undefined, lives: false };
      const told = { ...checked, failures, warnings, isNew: olds === undefined };
      await surroundings.examine?.(artifact, told, surroundings.reach(who));
      return reason === "" ? checked : { inputs: news, failures };
    },
    diff: async (_id, olds: Props, news: Props) => diff(served, olds, news),
    create: (inputs: Props) => create(served, inputs),
    update: (_id, olds: Props, news: Props) => update(served, olds, news),
    read: (id, props: Props = {}) => read(served, id, props),
    delete: (_id, props: Props) => remove(served, props),
  };
};
