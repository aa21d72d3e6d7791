/** The record of an owner on an image, as the text of a property. Pure. */
import { createHash } from "node:crypto";
import type { Title } from "./decision.js";
import type { Image } from "../clients/glance/index.js";

/** A record on an image: whose which properties are, and what stood there before. One for each owner. */
export const RECORD_PREFIX = "pulumi_ceph_openstack_";

export interface ImageRecord extends Title {
  /** What stood there before; null for nothing. */
  readonly was: Readonly<Record<string, string | null>>;
  /** What was written last. */
  readonly set: Readonly<Record<string, string>>;
}

/** One owner's record has a name of its own, so that two writers never overwrite each other's. */
export const recordName = (owner: string): string =>
  RECORD_PREFIX + createHash("sha256").update(owner).digest("hex").slice(0, 12);

/** The image's id is in it: Nova copies properties to the snapshots of a guest, people to other clouds. Those are no records. */
export const printRecord = (
  image: Pick<Image, "id">,
  { owner, token, before, was, set }: ImageRecord,
): string => JSON.stringify({ version: 1, image: image.id, owner, token, before, was, set });

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isMap(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );

const textsOrNothing = (value: unknown): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(isMap(value) ? value : {}).filter(
      (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === "string",
    ),
  );

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const found: unknown = JSON.parse(text);
    return isMap(found) ? found : {};
  } catch {
    return {};
  }
};

const recordOf = (image: Image, text: string): ImageRecord | undefined => {
  const { version, image: of, owner, token, before, was, set } = parsed(text);
  if (version !== 1 || of !== image.id || typeof owner !== "string") return undefined;
  const tokens = Array.isArray(before) ? before.filter((one) => typeof one === "string") : [];
  return {
    owner,
    ...(typeof token === "string" ? { token } : {}),
    ...(tokens.length > 0 ? { before: tokens } : {}),
    was: textsOrNothing(was),
    set: texts(set),
  };
};

/** Every record on an image, by the name of its property. */
export const recordsOn = (image: Image): ReadonlyMap<string, ImageRecord> =>
  new Map(
    Object.entries(image.properties).flatMap(([name, text]): [string, ImageRecord][] => {
      const record = name.startsWith(RECORD_PREFIX) ? recordOf(image, text) : undefined;
      return record === undefined ? [] : [[name, record]];
    }),
  );
