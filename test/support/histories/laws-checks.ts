/** A check leaves nothing and takes nothing, whatever is cut; a look writes nothing. */
import type { CheckRun } from "./checks";
import type { AfterRun } from "./laws";
import { HOSTS, type World } from "./world";

/** What is to be compared with after a run. */
export interface BeforeChecks {
  /** Checks that had been run. */
  readonly count: number;
  /** By pool, as its number: what was in it. */
  readonly objects: ReadonlyMap<number, ReadonlySet<string>>;
}

export const beforeChecks = ({ checks, cluster }: World): BeforeChecks => ({
  count: checks.length,
  objects: new Map([...cluster.pools.values()].map(({ id, objects }) => [id, new Set(objects)])),
});

const madeBy = (run: CheckRun): string[] =>
  run.changes.filter(({ how }) => how === "add").map(({ name }) => name);

const madeByAny = ({ checks }: World): Set<string> => new Set(checks.flatMap(madeBy));

const pools = ({ cluster }: World) => [...cluster.pools.values()];

/** Of one that was killed something may stay. */
const left = ({ world }: AfterRun): string[] => {
  const ended = new Set(world.checks.filter(({ killed }) => !killed).flatMap(madeBy));
  return pools(world).flatMap(({ name, objects }) =>
    [...objects]
      .filter((object) => ended.has(object))
      .map((object) => `checks: ${object} is left in ${name}`),
  );
};

/** A later one may write wherever a killed one may have left something, and is on the same machine. */
const comesAfter = (later: CheckRun, killed: CheckRun): boolean =>
  killed.killed &&
  later.machine === killed.machine &&
  killed.plan.write.every((pool) => later.plan.write.includes(pool));

/** The next check that is whole ends what a killed one has left. */
const swept = ({ world, before }: AfterRun): string[] => {
  const { checks } = world;
  const whole = checks.flatMap((run, i) =>
    i >= before.checks.count && run.plan.mode === "write" && run.proved ? [i] : [],
  );
  const gone = new Set(
    whole.flatMap((i) =>
      checks
        .slice(0, i)
        .filter((run) => comesAfter(checks[i] ?? run, run))
        .flatMap(madeBy),
    ),
  );
  return pools(world).flatMap(({ name, objects }) =>
    [...objects]
      .filter((object) => gone.has(object))
      .map((object) => `checks: a killed check's ${object} is in ${name} after a whole one`),
  );
};

/** What is no check's own is there as before, for as long as its pool is. */
const taken = ({ world, before }: AfterRun): string[] => {
  const ours = madeByAny(world);
  return pools(world).flatMap(({ id, name, objects }) =>
    [...(before.checks.objects.get(id) ?? [])]
      .filter((object) => !objects.has(object) && !ours.has(object))
      .map((object) => `checks: ${object} was in ${name}, and is gone`),
  );
};

/** Who says `refresh: "write"` wants the whole of it. */
const mayWrite = ({ before, run: { verb } }: AfterRun, { machine }: CheckRun, world: World): boolean =>
  verb !== "refresh" ||
  before.stack.entries.some(
    ({ kind, inputs: { host, refresh } }) =>
      kind === "ClientCheck" &&
      refresh === "write" &&
      world.machines[(typeof host === "string" ? HOSTS[host] : undefined) ?? -1]?.id === machine,
  );

const written = (at: AfterRun): string[] =>
  at.world.checks
    .slice(at.before.checks.count)
    .flatMap((run) => [
      ...(run.plan.mode !== "write" && run.changes.length > 0 ? ["checks: a look has written"] : []),
      ...(run.plan.mode === "write" && !mayWrite(at, run, at.world) ? ["checks: a refresh has written"] : []),
      ...run.changes
        .filter(({ how }) => how === "file")
        .map(({ name }) => `checks: it has written to ${name}`),
    ]);

/** Whatever happens. */
export const checks = (at: AfterRun): string[] => [...left(at), ...swept(at), ...taken(at), ...written(at)];
