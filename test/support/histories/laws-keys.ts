/** What becomes of the entity's key, and of those who hold it. */
import { heldKey } from "./described";
import { living, type AfterRun, type Stack } from "./laws";
import type { Entry } from "./state";
import { ENTITY, type World } from "./world";

const generationIn = ({ program }: Stack): number =>
  program.find(({ slot }) => slot === "entity")?.generation ?? 0;

/** Whether a run took the entity away, as its program or its user wanted: its clients are given up with it. */
const isGivenUp = ({ outcome }: AfterRun): boolean =>
  outcome.done.some(({ op, urn }) => op === "delete" && urn.includes("CephAuthEntity"));

/** What of these stacks holds a key. */
const holding = (world: World, stacks: readonly Stack[], key: string): Entry[] =>
  stacks.flatMap((stack) => living(stack).filter((entry) => heldKey(world, entry) === key));

const keyNow = ({ cluster }: World): string | undefined => cluster.entities.get(ENTITY)?.key;

/** Half-way it is reached only where the key has changed: then no other is to come. */
const hasReached = ({ outcome: { done, state }, before }: AfterRun, now: string | undefined): boolean => {
  const isHalf = state.some(({ urn, initErrors }) => urn.includes("CephAuthEntity") && initErrors);
  return done.some(({ urn }) => urn.includes("CephAuthEntity")) && (!isHalf || now !== before.key);
};

/** Whether an entity that was gone is there again by an update, whose preview shows no key. */
const isUnannounced = ({ outcome: { done }, before }: AfterRun, now: string | undefined): boolean => {
  const ops = done.flatMap(({ op, urn }) => (urn.includes("CephAuthEntity") ? [op] : []));
  const isMade = before.key === undefined && now !== undefined;
  return isMade && ops.includes("update") && !ops.includes("create") && !ops.includes("replace");
};

/** No key changes without a raised generation, or to end a rotation that was cut. */
export const keys = (at: AfterRun): string[] => {
  const { world, told, before } = at;
  const now = keyNow(world);
  const wanted = generationIn(before.stack);
  const reached = told.rotatedTo.get(before.stack.name) ?? 0;
  if (now === undefined) told.rotatedTo.clear();
  else if (hasReached(at, now)) told.rotatedTo.set(before.stack.name, Math.max(reached, wanted));
  if (isUnannounced(at, now))
    return ["key: an update has made an entity that was gone, and with it a key that no preview showed"];
  const isSame = before.key === undefined || now === undefined || before.key === now;
  if (isSame || wanted > reached || isGivenUp(at)) return [];
  return [`key: it was changed, and its generation stayed ${reached}`];
};

/**
 * Whoever makes an entity anew finds those that hold the key that its record knows. One that a person has distributed is mended by the resources of those
 * that hold it, where the run gets there.
 */
const isUnknown = ({ told, before, outcome }: AfterRun, old: string | undefined): boolean =>
  before.key === undefined && old === told.keyByHand && outcome.errors.length > 0;

/** A cut run may leave some. Where a host does not answer no rotation begins; an entity that was gone is made in any case. */
const maySpare = (at: AfterRun): boolean => {
  const { cut, down } = at.run.weather ?? {};
  const isMadeAnew = down !== undefined && at.before.key === undefined;
  return at.outcome.killed || cut !== undefined || isMadeAnew || isGivenUp(at);
};

/** Whether the entity's step was carried out to its end. */
const isThrough = ({ outcome: { done, state } }: AfterRun): boolean =>
  done.some(
    ({ op, urn }) =>
      ["create", "update", "replace"].includes(op) &&
      state.some((entry) => entry.urn === urn && entry.kind === "CephAuthEntity" && !entry.initErrors),
  );

/** Whatever was cut before: where the step of an entity has ended well, no client of its stack has a key that a run has taken from the cluster. */
export const ended = (at: AfterRun): string[] => {
  const { world, told, before, stacks, run } = at;
  const now = keyNow(world);
  const old = before.key ?? told.lastKey;
  if (isGivenUp(at)) told.deadKeys.clear();
  else if (old !== undefined && now !== undefined && old !== now) told.deadKeys.add(old);
  const stack = stacks[run.stack];
  if (stack === undefined || !isThrough(at)) return [];
  const dead = new Set(told.deadKeys);
  told.deadKeys.clear();
  return living(stack)
    .filter((entry) => dead.has(heldKey(world, entry) ?? ""))
    .map(({ urn }) => `ended: ${urn} has a dead key, though the step of its entity has ended`);
};

/** Where a key changed, no client of this stack that had the key before is left with a dead one. */
export const distributed = (at: AfterRun): string[] => {
  const { world, told, before, stacks } = at;
  const now = keyNow(world);
  const old = before.key ?? told.lastKey;
  told.lastKey = now ?? (isGivenUp(at) ? undefined : told.lastKey);
  if (old === undefined || now === undefined || old === now) return [];
  if (maySpare(at) || isUnknown(at, old)) return [];
  const own = stacks.filter(({ name }) => name === before.stack.name);
  return holding(world, own, old).map(({ urn }) => `distributed: ${urn} was left with a dead key`);
};

/** Where a run took the entity away, no other stack's client is left with its key. */
export const needed = ({ world, before, stacks }: AfterRun): string[] => {
  if (before.key === undefined || keyNow(world) !== undefined) return [];
  const others = stacks.filter(({ name }) => name !== before.stack.name);
  return holding(world, others, before.key).map(
    ({ urn }) => `needed: the entity of ${urn} was taken away by another stack`,
  );
};

/** Whether clients of these stacks hold the key that the entity has. */
export const holdKey = (world: World, stacks: readonly Stack[]): boolean => {
  const key = keyNow(world);
  return key !== undefined && holding(world, stacks, key).length > 0;
};
