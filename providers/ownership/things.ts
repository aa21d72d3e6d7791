/** Whose a thing on a host is, by its record. */
import { parseThing, type Origin, type ThingRecord } from "./thing-record.js";
import { Failure } from "../remote/failure.js";
import type { Asker } from "./adoption.js";
import type { Look } from "../clients/files/index.js";

/** The failure of one who wants what another stack has recorded. */
export const ownedBy = (
  asker: Asker,
  owner: string,
  { host, thing }: { host: string; thing: string },
): Failure =>
  new Failure({
    code: "owned",
    host,
    what: `${thing} belongs to ${asker.nameOf(owner)}`,
    cure:
      "Set it there, or take it out there first. If that stack is gone or was renamed: " +
      `pulumi config set ceph-openstack:takeOverFrom ${asker.stackOf(owner)}`,
  });

/** The record of a thing. @throws Failure when it cannot be understood */
export const thingOf = (host: string, look: Look): ThingRecord | undefined => {
  try {
    return parseThing(look.record, look.real);
  } catch (error) {
    throw new Failure({
      code: "refused",
      host,
      what: error instanceof Error ? error.message : String(error),
      cure: "Nothing was touched; use the version that wrote it, or remove that record.",
    });
  }
};

/**
 * The record that a thing gets when it is taken over: the origin stays what it was recorded as.
 * @throws Failure `owned` when another stack has it
 */
export const claimed = (
  asker: Asker,
  look: Look,
  { host, isThere }: { host: string; isThere: boolean },
): ThingRecord => {
  const record = thingOf(host, look);
  if (record !== undefined && asker.standing(record.owner) === "other-stack")
    throw ownedBy(asker, record.owner, { host, thing: look.path });
  const origin: Origin = record?.origin ?? (isThere ? "adopted" : "created");
  return { version: 1, path: look.real, owner: asker.owner, origin };
};

/** What a delete does with a thing. */
export type Release =
  | "nothing" // no record of ours: another's, or none
  | "forget" // the record goes, the thing stays
  | "remove";

/** Without a record of this owner a delete removes nothing. */
export const releaseOf = (
  asker: Asker,
  record: ThingRecord | undefined,
  onDelete: "remove" | "keep" | undefined,
): Release => {
  if (record === undefined || asker.standing(record.owner) !== "ours") return "nothing";
  if (onDelete === undefined) return record.origin === "created" ? "remove" : "forget";
  return onDelete === "remove" ? "remove" : "forget";
};

/** A path where a directory is wanted and something else stands. */
export const notADirectory = (host: string, look: Look): Failure =>
  new Failure({
    code: "conflict",
    host,
    what: `${look.path} is there and is not a directory`,
    cure: "Move it away, or give another path.",
  });
