/** Whose a thing on a host is, by its record. */
import { Failure } from "../remote/failure.js";
import { filesOf, type Look } from "../clients/files/index.js";
import { sha256 } from "../formats/digest.js";
import type { Reach } from "../kernel/contract.js";
import type { ActingOwner, Where } from "./acting-owner.js";
import type { Claim } from "./claims.js";
import type { Title } from "./decision.js";
import { parseRecord, printRecord, type OwnershipRecord } from "./record.js";

/** What of a file is meant. */
export interface Spot {
  readonly host: string;
  readonly look: Look;
  /** An option; "" for the whole. */
  readonly part?: string;
}

/** By what the machine is and where links lead; by its name where it does not tell what it is. */
export const spotOf = ({ host, look, part = "" }: Spot): string =>
  [look.machine ?? host, look.real, part].join("\0");

/** The claim of a file or directory as a whole. */
export const fileClaim = (host: string, path: string): Claim => ({
  thing: `${path} on ${host}`,
  at: { host, path, part: "" },
});

/** A thing that is one owner's as a whole, in words and by where it lies. */
export const whereOf = (host: string, look: Look, thing = `${look.path} on ${host}`): Where => ({
  thing,
  spot: spotOf({ host, look }),
});

/**
 * Looks where the living owners that records name have their things, where the program calls that otherwise: only then it is known whether
 * they live on the very same thing.
 */
export const meetOwners = async (
  reach: Reach,
  recorded: readonly { readonly record: Title | undefined; readonly part?: string }[],
): Promise<void> => {
  const claims = recorded.flatMap(({ record, part = "" }) => {
    const owner = record?.owner ?? reach.owner;
    if (owner === reach.owner) return [];
    return reach.claims.livingOn(owner, part).map(({ thing, at }) => ({ owner, thing, at }));
  });
  for (const { owner, thing, at } of claims) {
    const look = await filesOf(reach, at.host).look(at.path);
    reach.claims.settle(spotOf({ host: at.host, look, part: at.part }), { owner, thing });
  }
};

/** Who made a file was killed before it stood, and this is another: then it was there, and nothing in it is ours. */
const isOthers = ({ making }: OwnershipRecord, { bytes }: Look): boolean =>
  making !== undefined && bytes !== undefined && sha256(bytes) !== making;

/** The record of a thing. @throws Failure when it cannot be understood */
export const thingOf = (host: string, look: Look): OwnershipRecord | undefined => {
  const { record, real } = look;
  if (record === undefined) return undefined;
  const parsed = parseRecord(record);
  if (parsed !== undefined)
    return isOthers(parsed, look) ? { ...parsed, origin: "adopted", names: [] } : parsed;
  throw new Failure({
    code: "refused",
    host,
    what: `the host's record of ${real} was written by a newer version, or is broken`,
    cure: "Nothing was touched; use the version that wrote it, or remove that record.",
  });
};

/** How a thing is taken over. */
interface Taking {
  readonly host: string;
  readonly isThere: boolean;
  readonly thing?: string;
  /** What a file that is not there is made of. */
  readonly makes?: string;
}

/** The records that a thing gets when it is taken over: until that is done, and then. */
export interface Claimed {
  readonly during: OwnershipRecord;
  readonly after: OwnershipRecord;
}

/**
 * The origin stays what it was recorded as.
 * @throws Failure `owned` when another stack has it, or another resource lives on it
 */
export const claimed = (
  acting: ActingOwner,
  look: Look,
  { host, isThere, thing, makes }: Taking,
): Claimed => {
  const record = thingOf(host, look);
  const where = whereOf(host, look, thing);
  if (acting.take(record, where) === "another's") throw acting.refusal(record, where, host);
  const common = {
    version: 1,
    path: look.real,
    origin: record?.origin ?? (isThere ? "adopted" : "created"),
  } as const;
  const { during, after } = acting.titles(record);
  const making = isThere || makes === undefined ? {} : { making: sha256(makes) };
  return { during: { ...common, ...making, ...during }, after: { ...common, ...after } };
};

/** The record of a thing that is written at once: nothing where it stands so. */
export const recordsOf = ({ during, after }: Claimed): { first: string; then?: string } => {
  const [first, then] = [printRecord(during), printRecord(after)];
  return first === then ? { first } : { first, then };
};

/** Where nothing but the record is another. */
export const changedRecord = ({ record }: Look, { after }: Claimed): { first: string } | undefined =>
  record === printRecord(after) ? undefined : { first: printRecord(after) };

/** What a delete does with a thing. */
export type Release =
  | "nothing" // no record of ours: another's, a newer create's, or none
  | "forget" // the record goes, the thing stays
  | "remove";

/** Without a record of this very create a delete removes nothing. */
export const releaseOf = (
  acting: ActingOwner,
  look: Look,
  { host, onDelete, thing }: { host: string; onDelete?: "remove" | "keep"; thing?: string },
): Release => {
  const record = thingOf(host, look);
  if (record === undefined || acting.letGo(record, whereOf(host, look, thing)) !== "mine") return "nothing";
  return (onDelete ?? (record.origin === "created" ? "remove" : "keep")) === "remove" ? "remove" : "forget";
};

/** A path where a directory is wanted and something else stands. */
export const notADirectory = (host: string, look: Look): Failure =>
  new Failure({
    code: "conflict",
    host,
    what: `${look.path} is there and is not a directory`,
    cure: "Move it away, or give another path.",
  });
