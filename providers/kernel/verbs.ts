/**
 * Pulumi's six verbs over an artifact, once for all. Create and update are one `converge`: observe, compare, apply, must match. What may
 * surprise in the engine's behaviour is in `docs/design.md`.
 */
import type { dynamic } from "@pulumi/pulumi";
import { Failure, isFailure } from "../remote/failure.js";
import { changedInputs, differing, FAILED, isHidden, sameCluster } from "./compare.js";
import type { Artifact, Observed } from "./contract.js";
import { holdsUnknown, plainProps, type Props } from "./json.js";
import { ownerName } from "./owner.js";
import { partial } from "./partial.js";
import { newProblems } from "./problems.js";
import { checkShape } from "./shape.js";
import type { Surroundings } from "./surroundings.js";

const OWNER = "__owner";

const pick = (props: Props, wanted: (key: string) => boolean): Props =>
  Object.fromEntries(Object.entries(props).filter(([key]) => wanted(key)));

export const verbs = <I extends object, X>(
  artifact: Artifact<I, X>,
  surroundings: Surroundings,
): Required<dynamic.ResourceProvider> => {
  // Recorded values may have drifted out of the rules (a mode, a name): they are what was found, and are not checked again.
  const typed = (props: Props): I => pick(props, (key) => key in artifact.shape) as I;
  const ownerOf = (props: Props): string => String(props[OWNER] ?? "");
  const inputsOf = (props: Props): Props => pick(props, (key) => key !== FAILED && !(artifact.facts.includes(key) && !(key in artifact.shape)));
  const outputs = (inputs: Props, found: Observed<X>): Props => {
    const wanted = artifact.desired(typed(inputs));
    return plainProps({ ...pick(inputs, (key) => !(key in wanted)), ...found.managed, ...found.facts });
  };
  const named = (error: unknown, inputs: I): unknown => (isFailure(error) ? error.of(artifact.label(inputs)) : error);

  const converge = async (inputs: Props, prior: Props | undefined): Promise<{ outs: Props; found: Observed<X> }> => {
    const reach = surroundings.reach(ownerOf(inputs));
    const wish = typed(inputs);
    const wanted = artifact.desired(wish);
    const before = await artifact.observe(reach, wish, prior);
    try {
      const gap = { found: before, changed: differing(wanted, before?.managed) };
      const after = await artifact.apply(reach, wish, gap, prior);
      const left = differing(wanted, after.managed);
      if (left.length > 0)
        throw new Failure({
          code: "not-converged",
          what: `applied, looked again, and it is still not as wished: ${left.join(", ")}`,
          cure: "Something else may be setting it; `pulumi preview --refresh --diff` shows what is found.",
        });
      return { outs: outputs(inputs, after), found: after };
    } catch (error) {
      const lookAgain = () => artifact.observe(reach, wish, prior);
      throw await partial({ error: named(error, wish), artifact, inputs, prior, before, lookAgain, outputs });
    }
  };

  const check = async (oldProps: Props, newProps: Props) => {
    const { report, failures } = newProblems(artifact.shape);
    const hidden = pick(newProps, isHidden);
    const given = pick(newProps, (key) => !isHidden(key) && !(artifact.facts.includes(key) && !(key in artifact.shape)));
    const olds = Object.keys(oldProps).length === 0 ? undefined : oldProps;
    const checked = checkShape(artifact.shape, given, { path: [], report });
    if (failures.length > 0) return { inputs: newProps, failures };
    const inputs = artifact.check(checked, olds, report);
    if (failures.length > 0) return { inputs: newProps, failures };
    const owner = ownerOf(newProps);
    for (const claim of artifact.claims(inputs).filter((text) => !holdsUnknown(text))) {
      const other = surroundings.claims.claim(claim, owner);
      if (other !== undefined)
        failures.push({ property: "", reason: `${claim} is owned by ${ownerName(other)} and by ${ownerName(owner)}: one of them has to go` });
    }
    return { inputs: plainProps({ ...inputs, ...artifact.hidden?.(inputs), ...hidden }), failures };
  };

  const diff = async (_id: string, olds: Props, news: Props) => {
    const changed = changedInputs(olds, news, artifact);
    if (changed.length === 0) return FAILED in olds ? { changes: true } : { changes: false };
    const [before, after] = [artifact.replacedBy(typed(olds)), artifact.replacedBy(typed(news))];
    return { replaces: differing(after, before).filter((key) => !holdsUnknown(after[key])) };
  };

  const create = async (inputs: Props) => {
    const wish = typed(inputs);
    try {
      const { outs, found } = await converge(inputs, undefined);
      const id = artifact.id(wish, found.facts);
      if (id === undefined) throw new Error(`${artifact.label(wish)} has no id after it was made`);
      surroundings.claims.created(artifact.claims(wish), ownerOf(inputs));
      return { id, outs };
    } catch (error) {
      throw named(error, wish);
    }
  };

  const update = async (_id: string, olds: Props, news: Props) => {
    const changed = changedInputs(olds, news, artifact);
    const quiet = (key: string) =>
      artifact.policy.includes(key) || (key === "cluster" && sameCluster(olds[key], news[key]));
    if (!(FAILED in olds) && changed.every(quiet))
      return { outs: { ...pick(olds, (key) => key in news || artifact.facts.includes(key)), ...news } };
    try {
      return { outs: (await converge(news, olds)).outs };
    } catch (error) {
      throw named(error, typed(news));
    }
  };

  const recorded = (id: string, props: Props) => ({ id, props, inputs: inputsOf(props) });

  const read = async (id: string, props: Props = {}) => {
    const inputs = inputsOf(props);
    const wish = typed(inputs);
    const reach = surroundings.reach(ownerOf(props));
    try {
      const found = await artifact.observe(reach, wish, props);
      if (found === undefined) return {};
      const failed = FAILED in props ? { [FAILED]: true } : {};
      const outs = { ...outputs(inputs, found), ...failed };
      return recorded(id, outs);
    } catch (error) {
      if (!isFailure(error) || error.code !== "unreachable" || reach.settings.unreachableOnRefresh !== "keep") throw named(error, wish);
      reach.note(`${error.of(artifact.label(wish)).message}; kept what was recorded (unreachableOnRefresh)`);
      return recorded(id, props);
    }
  };

  const remove = async (_id: string, props: Props) => {
    const wish = typed(inputsOf(props));
    const reach = surroundings.reach(ownerOf(props));
    const claims = artifact.claims(wish);
    if (claims.length > 0 && claims.every((claim) => reach.handedOver(claim))) return;
    try {
      await artifact.remove(reach, wish, props);
    } catch (error) {
      const { forgetUnreachable } = reach.settings;
      const forgotten = isFailure(error) && error.code === "unreachable" && forgetUnreachable.includes(error.parts.host ?? "");
      if (!forgotten) throw named(error, wish);
      reach.note(`${artifact.label(wish)}: the host does not answer; what is there stays there (unreachableOnDelete)`);
    }
  };

  return {
    async configure({ config }) {
      surroundings.configure((key) => config.get(`ceph-openstack:${key}`));
    },
    check,
    diff,
    create,
    update,
    read,
    delete: remove,
  };
};
