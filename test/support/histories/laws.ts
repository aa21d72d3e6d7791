/** What must hold after every run and at the end of every history. Each broken law is one sentence that begins with its name. */
import { isDeepStrictEqual } from "node:util";
import { heldKey, wrongWith } from "./described";
import { refreshOnly, up } from "./engine";
import type { RunStep } from "./history";
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
  /** Generation of the entity's key that a run has reached. */
  rotatedTo: number;
  /** The entity's last key, though it may be gone. */
  lastKey: string | undefined;
}

export interface AfterRun {
  readonly world: World;
  readonly stacks: readonly Stack[];
  readonly told: Told;
  readonly run: RunStep;
  readonly before: { readonly stack: Stack; readonly key: string | undefined };
  readonly outcome: Outcome;
  readonly said: readonly string[];
}

const living = ({ entries }: Stack): Entry[] =>
  entries.filter((entry) => !entry.delete && !entry.pendingReplacement);

const generationIn = ({ program }: Stack): number =>
  program.find(({ slot }) => slot === "entity")?.generation ?? 0;

/** Whether a run took the entity away, as its program or its user wanted: its clients are given up with it. */
const isGivenUp = ({ outcome }: AfterRun): boolean =>
  outcome.done.some(({ op, urn }) => op === "delete" && urn.includes("CephAuthEntity"));

/** No key changes without a raised generation, or to end a rotation that was cut. */
const keys = (at: AfterRun): string[] => {
  const { world, told, before, outcome } = at;
  const now = world.cluster.entities.get(ENTITY)?.key;
  const wanted = generationIn(before.stack);
  const isChanged = before.key !== undefined && now !== undefined && before.key !== now;
  const broken =
    isChanged && wanted <= told.rotatedTo && !isGivenUp(at)
      ? [`key: it was changed, and its generation stayed ${told.rotatedTo}`]
      : [];
  const isReached = outcome.done.some(({ urn }) => urn.includes("CephAuthEntity"));
  if (now === undefined) told.rotatedTo = 0;
  else if (isReached) told.rotatedTo = Math.max(told.rotatedTo, wanted);
  return broken;
};

/** Where a key changed, no client of this stack that had the key before is left with a dead one; a cut run may leave some. */
const distributed = (at: AfterRun): string[] => {
  const { world, told, before, outcome, run, stacks } = at;
  const now = world.cluster.entities.get(ENTITY)?.key;
  const old = before.key ?? told.lastKey;
  told.lastKey = now ?? (isGivenUp(at) ? undefined : told.lastKey);
  const stack = stacks[run.stack];
  if (old === undefined || now === undefined || now === old || stack === undefined) return [];
  if (outcome.killed || run.weather !== undefined || isGivenUp(at)) return [];
  const clients = living(stack).filter((entry) => heldKey(world, entry) === old);
  return clients.slice(0, 1).map(({ urn }) => `distributed: ${urn} was left with a dead key`);
};

const described = ({ world, stacks }: AfterRun): string[] =>
  stacks
    .filter(({ settled }) => settled)
    .flatMap((stack) => living(stack).flatMap((entry) => wrongWith(world, entry)))
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

/** Nothing that is said is false. */
const truths = ({ stacks, said, outcome, told }: AfterRun): string[] => {
  const all = [...outcome.errors, ...said];
  const odd = all.filter((text) => /TypeError|undefined|is not a function/.test(text));
  // By kind: a resource that was renamed with an alias keeps its old name in the record, for no verb tells of the new one.
  const isAlive = (kind: string, stack: string): boolean =>
    stacks.some(
      (one) =>
        one.name === stack &&
        [...one.entries, ...goalsOf(one.name, one.program)].some((entry) => entry.kind === kind),
    ) || [...told.unrecorded].some((urn) => urn.startsWith(`${stack}::`) && urn.includes(`:${kind}::`));
  const false1 = all.filter((text) => {
    const owner = /belongs to \S+ \((\w+)\) of stack (\S+?)[\s;.]/.exec(`${text} `);
    return owner !== null && !isAlive(owner[1] ?? "", owner[2] ?? "");
  });
  const false2 = all.filter((text) => {
    const thing = /: (\S+ ?\S*) is left: another resource owns it now/.exec(text)?.[1];
    const kind = thing?.startsWith("pool") === true ? "CephPool" : "CephAuthEntity";
    return thing !== undefined && !stacks.some((one) => living(one).some((entry) => entry.kind === kind));
  });
  return [...odd.map((text) => `odd: ${text}`), ...[...false1, ...false2].map((text) => `false: ${text}`)];
};

/** After a whole run: a preview that shows nothing, and a refresh that finds nothing. */
const quiet = async (at: AfterRun): Promise<string[]> => {
  const { world, stacks, run } = at;
  const stack = stacks[run.stack];
  if (isGivenUp(at) || stack === undefined || !stack.settled || run.verb !== "up") return [];
  const goals = goalsOf(stack.name, stack.program);
  const state = stack.entries;
  const preview = await up({ state, goals }, processes(reachWorld(world)), { dryRun: true });
  const shown = preview.done.filter(({ op }) => op !== "same").map(({ op, urn }) => `quiet: ${op} ${urn}`);
  if (preview.errors.length > 0 || shown.length > 0)
    return [...preview.errors.map((text) => `quiet: ${text}`), ...shown];
  const found = await refreshOnly(state, processes(reachWorld(world)));
  const drift = found.state.filter(({ outputs }, i) => !isDeepStrictEqual(outputs, state[i]?.outputs));
  return [
    ...found.errors.map((text) => `drift: ${text}`),
    ...(found.state.length === state.length ? [] : ["drift: something is gone"]),
    ...drift.map(({ urn }) => `drift: ${urn}`),
  ];
};

export const afterRun = async (at: AfterRun): Promise<string[]> => [
  ...keys(at),
  ...distributed(at),
  ...described(at),
  ...foreign(at),
  ...truths(at),
  ...(await quiet(at)),
];

export interface AfterAll {
  readonly world: World;
  readonly told: Told;
  readonly first: ReturnType<typeof inventory>;
  readonly errors: readonly string[];
}

/** Things by name, as far as a history without policies must bring them back: whole files, the rest by being there. */
const comparable = ({ machines, entities, pools }: ReturnType<typeof inventory>) => ({
  entity: ENTITY in entities,
  pools: Object.keys(pools).filter((name) => name !== POOL),
  machines: machines.map(({ files, secrets }) => ({
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

/** After a destroy of everything: what was there is there, and no record is. */
export const afterAll = ({ world, told, first, errors }: AfterAll): string[] => {
  if (told.hands || told.policies || told.unrecorded.size > 0) return [];
  const now = inventory(world);
  const records = [
    ...Object.keys(now.records),
    ...now.machines.flatMap(({ records: all }) => Object.keys(all)),
  ];
  return [
    ...errors.map((text) => `destroyed: ${text}`),
    ...differing(comparable(now), comparable(first)).map((text) => `destroyed: ${text}`),
    ...records.map((record) => `destroyed: the record of ${record} is left`),
  ];
};
