/** What a keyring file holds, compared with what it should. */
import { fingerprint, isKey, keyringText } from "../formats/keyring.js";
import type { OwnershipRecord } from "../ownership/record.js";
import { Failure } from "../remote/failure.js";
import { CLUSTERS_KEY, keyringIn } from "../clients/cluster-key.js";
import type { Look } from "../clients/files/index.js";

export type FoundContent =
  | typeof CLUSTERS_KEY
  | "another key"
  | "no key"
  | "a foreign entity"
  | "not a file"
  | "a file that Ceph cannot read"
  | "a key that the cluster does not know";

export interface KeyringState {
  readonly content: FoundContent;
  /** Fingerprint of the entity's key in the file. */
  readonly fingerprint?: string;
  /** Entities in the file that are neither the wanted one nor recorded as ours. */
  readonly foreign: readonly string[];
}

interface Found {
  /** The key in the file, and the one that should be there. */
  readonly found: string | undefined;
  readonly key: string | undefined;
  /** Whether an entity that was ours is in the file. */
  readonly isOld: boolean;
  readonly problem: string | undefined;
}

const contentOf = ({ found, key, isOld, problem }: Found): FoundContent => {
  if (problem !== undefined) return "a file that Ceph cannot read";
  if (found === undefined) return "no key";
  if (key === undefined) return "a key that the cluster does not know";
  return found === key && !isOld ? CLUSTERS_KEY : "another key";
};

/** Looks into a keyring file. Its layout does not matter as long as Ceph reads it, nor do caps in it: clients read the key alone. */
export const keyringState = (
  { kind, bytes }: Look,
  { entity, key, record }: { entity: string; key: string | undefined; record: OwnershipRecord | undefined },
): KeyringState => {
  if (kind !== "file" || bytes === undefined) return { content: "not a file", foreign: [] };
  const { entries, problem } = keyringIn(bytes);
  const ours = new Set([entity, ...(record?.names ?? [])]);
  const foreign = [...entries.keys()].filter((name) => !ours.has(name));
  const found = entries.get(entity)?.key;
  const isOld = [...entries.keys()].some((name) => name !== entity);
  return {
    content: foreign.length > 0 ? "a foreign entity" : contentOf({ found, key, isOld, problem }),
    foreign,
    ...(found !== undefined && isKey(found) ? { fingerprint: fingerprint(found) } : {}),
  };
};

/** @throws Failure `conflict` for a file that holds what is not ours, or is no file */
export const refuseForeign = (host: string, look: Look, { foreign, content }: KeyringState): void => {
  if (look.kind === "absent" || (foreign.length === 0 && content !== "not a file")) return;
  throw new Failure({
    code: "conflict",
    host,
    what:
      foreign.length > 0
        ? `${look.path} holds another entity too (${foreign.join(", ")}); it would be lost`
        : `${look.path} is not a file`,
    cure: "Give this entity a file of its own by `path`, or move the other one out of it.",
  });
};

export { keyringText };
