/** What must hold after every run and at the end of every history. Each broken law is one sentence that begins with its name. */
import { isDeepStrictEqual } from "node:util";
import { entityRecordKey } from "../../../providers/ownership/cluster-records";
import { wrongWith } from "./described";
import { refreshOnly, up } from "./engine";
import type { RunStep } from "./history";
import { LEAVES } from "./apt";
import { added, type Adoption } from "./laws-caps";
import { checks, type BeforeChecks } from "./laws-checks";
import { distributed, ended, keys, needed } from "./laws-keys";
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
  /** Keys that runs have taken from the entity, and that a holder may still have: its step has not ended since. */
  readonly deadKeys: Set<string>;
  /** The last key that a person gave it: no record knows it. */
  keyByHand: string | undefined;
  /** The entity was given up when another stack held its key: it stays, with its record, until a program has it again. */
  isLeft: boolean;
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
    readonly checks: BeforeChecks;
  };
  readonly outcome: Outcome;
  readonly adoption: Adoption;
  readonly said: readonly string[];
}

export const living = ({ entries }: Stack): Entry[] =>
  entries.filter((entry) => !entry.delete && !entry.pendingReplacement);

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
  const before = world.checks.length;
  const { done, errors } = await up(at, processes(reachWorld(world)), { dryRun: true });
  const looked = world.checks.length > before ? ["a preview has run a check"] : [];
  const steps = done.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn}`);
  return [...errors, ...looked, ...steps].map((text) => `quiet: ${text}`);
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
  ...ended(at),
  ...distributed(at),
  ...needed(at),
  ...described(at),
  ...foreign(at),
  ...truths(at),
  ...robbed(at),
  ...added(at),
  ...checks(at),
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
  const [now, was] = [inventory(world), comparable(first)];
  const records = [
    ...Object.keys(now.records).filter((key) => !(told.isLeft && key === entityRecordKey(ENTITY))),
    ...now.machines.flatMap(({ records: all }) => Object.keys(all)),
    ...now.images.flatMap(({ records: all }) => Object.keys(all)),
  ];
  return [
    ...errors.map((text) => `destroyed: ${text}`),
    ...differing(comparable(now), { ...was, entity: was.entity || told.isLeft }).map(
      (text) => `destroyed: ${text}`,
    ),
    ...records.map((record) => `destroyed: the record of ${record} is left`),
  ];
};
