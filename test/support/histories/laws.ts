/** What must hold after every run and at the end of every history. Each broken law is one sentence that begins with its name. */
import { isDeepStrictEqual } from "node:util";
import { heldKey, wrongWith } from "./described";
import { refreshOnly, up } from "./engine";
import type { RunStep } from "./history";
import { LEAVES } from "./apt";
import { added, type Adoption } from "./laws-caps";
import { leftOver, robbed } from "./laws-packages";
import { restarts, runsWith } from "./laws-units";
import { truths } from "./laws-words";
import { goalsOf, type Program } from "./program";
import type { Entry, Outcome } from "./state";
import { processes } from "./verbs";
import { CINDER, ENTITY, inventory, keyringPath, POOL, reachWorld, type World } from "./world";

export interface Stack {
  readonly name: string;
  readonly program: Program;
  readonly entries: readonly Entry[];
  /** The last run did all that it was to do, and nobody has touched anything since. */
  readonly settled: boolean;
  /** Somebody has touched something that no refresh has looked at since. */
  readonly touched: boolean;
}

/** What is remembered of a history. */
export interface Told {
  hands: boolean;
  policies: boolean;
  /** What a run may have made and did not record. */
  readonly unrecorded: Set<string>;
  /** Whose last create was killed between its end on the host and its entry in the state: a destroy leaves that. */
  readonly lostTokens: Set<string>;
  /** A delete was cut, and a refresh then found the thing gone: its record may have stayed, until the same resource comes again. */
  readonly forgotten: Entry[];
  /** Generation of the entity's key that a run of each stack has reached. */
  readonly rotatedTo: Map<string, number>;
  /** The entity's last key, though it may be gone. */
  lastKey: string | undefined;
  /** The last key that a person gave it: no record knows it. */
  keyByHand: string | undefined;
}

export interface AfterRun {
  readonly world: World;
  readonly stacks: readonly Stack[];
  readonly told: Told;
  readonly run: RunStep;
  /** `begun`: starts of units that each machine had seen; `owners`: those that records named. */
  readonly before: {
    readonly stack: Stack;
    readonly key: string | undefined;
    readonly begun: readonly number[];
    readonly owners: readonly string[];
  };
  readonly outcome: Outcome;
  readonly adoption: Adoption;
  readonly said: readonly string[];
}

const living = ({ entries }: Stack): Entry[] =>
  entries.filter((entry) => !entry.delete && !entry.pendingReplacement);

const generationIn = ({ program }: Stack): number =>
  program.find(({ slot }) => slot === "entity")?.generation ?? 0;

/** Whether a run took the entity away, as its program or its user wanted: its clients are given up with it. */
const isGivenUp = ({ outcome }: AfterRun): boolean =>
  outcome.done.some(({ op, urn }) => op === "delete" && urn.includes("CephAuthEntity"));

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
const keys = (at: AfterRun): string[] => {
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

/** Where a key changed, no client of this stack that had the key before is left with a dead one; a cut run may leave some. */
const distributed = (at: AfterRun): string[] => {
  const { world, told, before, outcome, run, stacks } = at;
  const now = keyNow(world);
  const old = before.key ?? told.lastKey;
  told.lastKey = now ?? (isGivenUp(at) ? undefined : told.lastKey);
  const isCut = outcome.killed || run.weather !== undefined || isGivenUp(at);
  const isSame = [undefined, now].includes(old) || now === undefined;
  if (isCut || isSame || isUnknown(at, old)) return [];
  return stacks
    .filter(({ name }) => name === before.stack.name)
    .flatMap((stack) => living(stack).filter((entry) => heldKey(world, entry) === old))
    .map(({ urn }) => `distributed: ${urn} was left with a dead key`);
};

/** Between explicit providers records alone decide, and of two that name one property the last create has it: `docs/safety.md`. */
const isContested = ({ kind, provider, inputs }: Entry, others: readonly Entry[]): boolean =>
  kind === "ImageProperties" &&
  others.some(
    (other) =>
      other.kind === kind &&
      other.provider !== provider &&
      Object.keys(other.inputs["properties"] ?? {}).some((name) => name in Object(inputs["properties"])),
  );

const described = ({ world, stacks }: AfterRun): string[] =>
  stacks
    .filter(({ settled }) => settled)
    .flatMap((stack) => {
      const entries = living(stack);
      return entries
        .filter((entry) => !isContested(entry, entries))
        .flatMap((entry) => wrongWith(world, entry));
    })
    .map((what) => `described: ${what}`);

/** What other people have is as it was. */
const foreign = ({ world }: AfterRun): string[] => {
  const { cluster, machines } = world;
  const isThere =
    [...cluster.pools.values()].some(({ name, objects }) => name === "images" && objects.has("theirs")) &&
    cluster.entities.get("client.other")?.caps["mon"] === "allow r" &&
    machines.every(({ files }) => files.get("/etc/ceph/ceph.client.other.keyring")?.mode === "0644");
  const lines = ["debug = true", "# theirs", "volume_name = %s"];
  const kept = machines.every(({ files }) => {
    const bytes = (files.get(CINDER) ?? files.get(`${CINDER}.away`))?.bytes ?? "";
    return lines.every((line) => bytes.includes(`${line}\n`));
  });
  return isThere && kept ? [] : ["foreign: something of somebody else was touched"];
};

/** What a preview shows after a whole run. */
const shown = async (world: World, { name, program, entries }: Stack): Promise<string[]> => {
  const at = { state: entries, goals: goalsOf(name, program) };
  const { done, errors } = await up(at, processes(reachWorld(world)), { dryRun: true });
  const steps = done.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn}`);
  return [...errors, ...steps].map((text) => `quiet: ${text}`);
};

/** What a refresh finds after a whole run. */
const drifted = async (world: World, { entries }: Stack): Promise<string[]> => {
  const { state, errors } = await refreshOnly(entries, processes(reachWorld(world)));
  // Units have laws of their own.
  const drift = state.filter(
    ({ kind, outputs }, i) => kind !== "Service" && !isDeepStrictEqual(outputs, entries[i]?.outputs),
  );
  const gone = state.length === entries.length ? [] : ["something is gone"];
  return [...errors, ...gone, ...drift.map(({ urn }) => urn)].map((text) => `drift: ${text}`);
};

/** Where a program has given up the entity of its clients, their keys are of no cluster. */
const quiet = async ({ world, stacks, run }: AfterRun): Promise<string[]> => {
  const stack = stacks[run.stack];
  if (run.verb !== "up" || stack?.settled !== true || !world.cluster.entities.has(ENTITY)) return [];
  const steps = await shown(world, stack);
  return steps.length > 0 ? steps : drifted(world, stack);
};

export const afterRun = async (at: AfterRun): Promise<string[]> => [
  ...keys(at),
  ...distributed(at),
  ...described(at),
  ...foreign(at),
  ...truths(at),
  ...robbed(at),
  ...added(at),
  ...(isNeat(at.told) && at.stacks.every(({ settled, entries }) => settled || entries.length === 0)
    ? leftOver(at)
    : []),
  ...restarts(at),
  ...runsWith(at),
  ...(await quiet(at)),
];

export interface AfterAll {
  readonly world: World;
  readonly told: Told;
  readonly first: ReturnType<typeof inventory>;
  readonly errors: readonly string[];
}

/** Things by name, as far as a history without policies must bring them back: whole files, the rest by being there. */
const comparable = ({ machines, entities, pools, images }: ReturnType<typeof inventory>) => ({
  entity: ENTITY in entities,
  images: images.map(({ properties }) => properties),
  pools: Object.keys(pools).filter((name) => name !== POOL),
  machines: machines.map(({ files, secrets, packages }) => ({
    // What came along with another, or another needs, stays.
    packages: LEAVES.filter((name) => name in packages),
    files: Object.fromEntries(Object.entries(files).filter(([path]) => path !== keyringPath)),
    keyring: keyringPath in files,
    secrets: Object.keys(secrets),
  })),
});

const differing = (now: unknown, then: unknown, at = ""): string[] => {
  if (isDeepStrictEqual(now, then)) return [];
  const isMap = (value: unknown): value is object => typeof value === "object" && value !== null;
  if (!isMap(now) || !isMap(then)) return [`${at} is ${JSON.stringify(now)}, was ${JSON.stringify(then)}`];
  const names = [...new Set([...Object.keys(now), ...Object.keys(then)])];
  return names.flatMap((name) => differing(Reflect.get(now, name), Reflect.get(then, name), `${at}/${name}`));
};

/** True when a destroy must bring back what was there. */
export const isNeat = ({ hands, policies, unrecorded, lostTokens }: Told): boolean =>
  !hands && !policies && unrecorded.size + lostTokens.size === 0;

/** After a destroy of everything: what was there is there, and no record is. */
export const afterAll = ({ world, told, first, errors }: AfterAll): string[] => {
  if (!isNeat(told)) return [];
  const now = inventory(world);
  const records = [
    ...Object.keys(now.records),
    ...now.machines.flatMap(({ records: all }) => Object.keys(all)),
    ...now.images.flatMap(({ records: all }) => Object.keys(all)),
  ];
  return [
    ...errors.map((text) => `destroyed: ${text}`),
    ...differing(comparable(now), comparable(first)).map((text) => `destroyed: ${text}`),
    ...records.map((record) => `destroyed: the record of ${record} is left`),
  ];
};
