/** What a host's record says of a service: who restarts it, and with what its present run was started. */
import { filesOf, type Look } from "../clients/files/index.js";
import type { FoundRead, UnitLook } from "../clients/systemd/index.js";
import { Failure } from "../remote/failure.js";
import type { Reach } from "../kernel/contract.js";
import { actingOwner } from "../ownership/acting-owner.js";
import type { Claim } from "../ownership/claims.js";
import type { Title, Verdict } from "../ownership/decision.js";
import { meetOwners, spotOf } from "../ownership/things.js";
import { shortUnit } from "../formats/unit.js";

/** When a resource restarts: when what the unit reads has changed, or after the files were put back. */
export type At = "change" | "destroy";

/** A run of the unit that was seen to run with what its files said, and what they said. */
export interface KnownRun {
  readonly run: string;
  readonly reads: Readonly<Record<string, string>>;
}

/** One record for a unit, of who restarts it after a change. */
export interface ServiceRecord {
  readonly version: 1;
  /** For people. */
  readonly path: string;
  readonly title?: Title;
  readonly known?: KnownRun;
}

/** Which unit, and for which of its two resources something is claimed: only the one that restarts after a change has a record. */
export interface Spot {
  readonly host: string;
  readonly unit: string;
  readonly at: At;
}

const recordName = ({ unit }: Pick<Spot, "unit">): string => `service:${unit}`;

const thingName = ({ host, unit, at }: Spot): string =>
  `the restart of ${shortUnit(unit)} on ${host}${at === "destroy" ? " at a destroy" : ""}`;

/** What a resource claims. */
export const serviceClaim = (spot: Spot, isOptional = false): Claim => ({
  ...(isOptional
    ? { cure: "`manage: { services: false }`, or `exceptHosts` in it, leaves it to the other" }
    : {}),
  thing: thingName(spot),
  at: { host: spot.host, path: recordName(spot), part: spot.at },
});

const isTitle = (value: unknown): value is Title =>
  typeof value === "object" && value !== null && "owner" in value && typeof value.owner === "string";

const isRecord = (value: unknown): value is ServiceRecord => {
  if (typeof value !== "object" || value === null) return false;
  const { version, path, title }: Readonly<Record<string, unknown>> = { ...value };
  return version === 1 && typeof path === "string" && (title === undefined || isTitle(title));
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** @throws Failure where the record cannot be understood */
const recordIn = (spot: Spot, { record, real }: Look): ServiceRecord => {
  if (record === undefined) return { version: 1, path: recordName(spot) };
  const value = parsed(record);
  if (isRecord(value)) return value;
  throw new Failure({
    code: "refused",
    host: spot.host,
    what: `the host's record of ${real} was written by a newer version, or is broken`,
    cure: "Nothing was touched; use the version that wrote it, or remove that record.",
  });
};

/** Whether the record names a resource for the unit, anybody's. */
export const isRecorded = (spot: Spot, look: Look): boolean => recordIn(spot, look).title !== undefined;

/** What was seen to run with which files; undefined where nobody knows. */
export const knownRun = (spot: Spot, look: Look): KnownRun | undefined => recordIn(spot, look).known;

/** This run, and what its files say. */
export const runOfLook = ({ run, reads }: UnitLook): KnownRun | undefined =>
  run === undefined
    ? undefined
    : {
        run,
        reads: Object.fromEntries(
          Object.entries(reads).map(([name, { digest }]: [string, FoundRead]) => [name, digest]),
        ),
      };

const print = (record: ServiceRecord): string | null =>
  record.title === undefined ? null : `${JSON.stringify(record)}\n`;

const whereIn = (spot: Spot, look: Look) => ({
  thing: thingName(spot),
  spot: spotOf({ host: spot.host, look, part: spot.at }),
});

export const lookAtRecord = (reach: Reach, spot: Spot): Promise<Look> =>
  filesOf(reach, spot.host).look(recordName(spot));

/**
 * Writes the record: who owns the resource, and what is known of the unit where that is given.
 * @param stage `begin`: the tokens of before count too, until `end`
 * @throws Failure `owned` where another stack or resource restarts this unit
 */
export const writeRecord = async (
  reach: Reach,
  { spot, look, stage }: { spot: Spot; look: Look; stage: "begin" | "end" },
  known?: KnownRun,
): Promise<Look> => {
  const acting = actingOwner(reach);
  await meetOwners(reach, [{ record: recordIn(spot, look).title, part: spot.at }]);
  return filesOf(reach, spot.host).change(look, (now) => {
    const before = recordIn(spot, now);
    const { title } = before;
    const where = whereIn(spot, now);
    if (acting.take(title, where) === "another's") throw acting.refusal(title, where, spot.host);
    const { during, after } = acting.titles(title);
    const text = (mine: Title): string | null =>
      print({
        ...before,
        title: mine,
        ...(known === undefined ? {} : { known }),
      });
    const wanted = text(stage === "begin" ? during : after);
    return wanted === (now.record ?? null) ? undefined : { first: wanted };
  });
};

/** Why it is left to another stack; undefined where it is not that one's. */
export const ownedElsewhere = (reach: Reach, spot: Spot, look: Look): Failure | undefined => {
  const acting = actingOwner(reach);
  const { title } = recordIn(spot, look);
  return acting.isElsewhere(title) ? acting.refusal(title, whereIn(spot, look), spot.host) : undefined;
};

/** Whose the resource is, for a delete. */
export const releaseVerdict = (reach: Reach, spot: Spot, look: Look): Verdict =>
  actingOwner(reach).letGo(recordIn(spot, look).title, whereIn(spot, look));

const LAST = Symbol("with what units run whose record this process has taken away");
const lastRuns = (reach: Reach) => reach.shared(LAST, () => new Map<string, KnownRun>());
const unitOf = ({ host, unit }: Spot): string => `${host} ${unit}`;

/** Takes the record away. What it says of the unit is kept for the resource that restarts it afterwards. */
export const dropRecord = async (reach: Reach, spot: Spot, look: Look): Promise<void> => {
  const known = knownRun(spot, look);
  if (known !== undefined) lastRuns(reach).set(unitOf(spot), known);
  await filesOf(reach, spot.host).change(look, (now) =>
    now.record === undefined ? undefined : { then: null },
  );
};

/** What was seen to run with which files, also where this process has taken the record away. */
export const lastRun = (reach: Reach, spot: Spot, look: Look): KnownRun | undefined =>
  knownRun(spot, look) ?? lastRuns(reach).get(unitOf(spot));
