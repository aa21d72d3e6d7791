/**
 * The record that lies on a host for a thing that is one owner's as a whole: a file of our own, a directory, a libvirt secret. Pure.
 */

/** `created`: this package made the thing; `adopted`: it was there. */
export type Origin = "created" | "adopted";

export interface ThingRecord {
  readonly version: 1;
  /** The real path, or the thing's name, for people. */
  readonly path: string;
  readonly owner: string;
  readonly origin: Origin;
  /** What is ours in it, by name (the entities of a keyring); two while a write is under way. */
  readonly names?: readonly string[];
}

const isOrigin = (value: unknown): value is Origin => value === "created" || value === "adopted";

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/**
 * Reads a record; undefined when there is none.
 * @throws Error when it is of a version that this one does not know, or broken
 */
export const parseThing = (text: string | undefined, path: string): ThingRecord | undefined => {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const fields: Readonly<Record<string, unknown>> =
    typeof value === "object" && value !== null ? { ...value } : {};
  const { version, owner, origin, names } = fields;
  if (version !== 1 || typeof owner !== "string" || !isOrigin(origin))
    throw new Error(`the host's record of ${path} was written by a newer version, or is broken`);
  return { version, path, owner, origin, ...(isTexts(names) ? { names } : {}) };
};

export const printThing = (record: ThingRecord): string => `${JSON.stringify(record)}\n`;
