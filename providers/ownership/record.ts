/** The one form of a record: of a pool or an entity in its cluster, of a file, a directory or a libvirt secret on its host. Pure. */
import type { Title } from "./decision.js";

/** `created`: this package made the thing; `adopted`: it was there. */
export type Origin = "created" | "adopted";

/** A record, whatever the thing. */
export interface OwnershipRecord extends Title {
  readonly version: 1;
  readonly origin: Origin;
  /** The real path, or the thing's name, for people. */
  readonly path?: string;
  /** What is ours in a file, by name (the entities of a keyring); two while a write is under way. */
  readonly names?: readonly string[];
  /** SHA-256 of a file that is being made, until it stands: another that stands there then is somebody else's. */
  readonly making?: string;
  /** How virsh is started for a secret. Told by the host alone: who may write in the cluster must not say what root runs. */
  readonly virsh?: readonly string[];
  /** A pool's number; left out from before its creation until it is known. */
  readonly id?: number;
  /** The CRUSH rule that Ceph makes by the way with an erasure-coded pool, where it was not there before. */
  readonly rule?: string;
  /** Generation of an entity's key. */
  readonly generation?: number;
  /** Fingerprint of the key of that generation; left out from before its creation until it is known. */
  readonly fingerprint?: string;
  /**
   * A rotation under way: the generation and key that come; any key, where the cluster makes it in an entity that was gone. It goes when every holder of
   * the key has the new one.
   */
  readonly pending?: { readonly generation: number; readonly fingerprint?: string };
}

const isOrigin = (value: unknown): value is Origin => value === "created" || value === "adopted";

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

const fieldsOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

const pendingOf = (value: unknown): OwnershipRecord["pending"] => {
  const { generation, fingerprint }: Readonly<Record<string, unknown>> =
    typeof value === "object" && value !== null ? { ...value } : {};
  if (typeof generation !== "number") return undefined;
  return { generation, ...(typeof fingerprint === "string" ? { fingerprint } : {}) };
};

/** What a kind adds, where it is what it should be. */
const additions = (fields: Readonly<Record<string, unknown>>) => {
  const { path, names, making, virsh, id, rule, generation, fingerprint } = fields;
  const pending = pendingOf(fields["pending"]);
  return {
    ...(typeof path === "string" ? { path } : {}),
    ...(isTexts(names) ? { names } : {}),
    ...(typeof making === "string" ? { making } : {}),
    ...(isTexts(virsh) ? { virsh } : {}),
    ...(typeof id === "number" ? { id } : {}),
    ...(typeof rule === "string" ? { rule } : {}),
    ...(typeof generation === "number" ? { generation } : {}),
    ...(typeof fingerprint === "string" ? { fingerprint } : {}),
    ...(pending === undefined ? {} : { pending }),
  };
};

/** Undefined for what is no record of ours, or one of a version that this one does not know. */
export const parseRecord = (text: string): OwnershipRecord | undefined => {
  const fields = fieldsOf(text);
  const { version, owner, token, before, origin } = fields;
  if (version !== 1 || typeof owner !== "string" || !isOrigin(origin)) return undefined;
  return {
    version,
    owner,
    origin,
    ...(typeof token === "string" ? { token } : {}),
    ...(isTexts(before) ? { before } : {}),
    ...additions(fields),
  };
};

/** Its fields in the one order in which they are written: equal records are equal texts. */
export const ordered = (record: OwnershipRecord): OwnershipRecord => {
  const { version, owner, token, before, origin } = record;
  const title = { version, owner, ...(token === undefined ? {} : { token }), ...(before && { before }) };
  return { ...title, origin, ...additions({ ...record }) };
};

export const printRecord = (record: OwnershipRecord): string => `${JSON.stringify(ordered(record))}\n`;
