/** What a keyring file holds, compared with what it should. */
import { fingerprint, isKey, keyringText, type Keyring } from "../formats/keyring.js";
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
  | "a file that is no keyring"
  | "a file that Ceph cannot read"
  | "a key that the cluster does not know";

export interface KeyringState {
  readonly content: FoundContent;
  /** Fingerprint of the entity's key in the file. */
  readonly fingerprint?: string;
  /** Entities in the file that are neither the wanted one nor recorded as ours. */
  readonly foreign: readonly string[];
}

/** Text without any entity: a file of something else, to which the path leads by a slip. */
const holdsOtherText = (bytes: string, { entries }: Keyring): boolean =>
  entries.size === 0 && bytes.trim() !== "";

interface Found {
  /** The key in the file, and the one that should be there. */
  readonly found: string | undefined;
  readonly key: string | undefined;
  /** Whether an entity that was ours is in the file. */
  readonly isOld: boolean;
  readonly isAlien: boolean;
  readonly problem: string | undefined;
}

const contentOf = ({ found, key, isOld, isAlien, problem }: Found): FoundContent => {
  if (isAlien) return "a file that is no keyring";
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
  const keyring = keyringIn(bytes);
  const { entries, problem } = keyring;
  const recorded = record?.names ?? [];
  const ours = new Set([entity, ...recorded]);
  const foreign = [...entries.keys()].filter((name) => !ours.has(name));
  const found = entries.get(entity)?.key;
  const isOld = [...entries.keys()].some((name) => name !== entity);
  const isAlien = recorded.length === 0 && holdsOtherText(bytes, keyring);
  return {
    content: foreign.length > 0 ? "a foreign entity" : contentOf({ found, key, isOld, isAlien, problem }),
    foreign,
    ...(found !== undefined && isKey(found) ? { fingerprint: fingerprint(found) } : {}),
  };
};

const whyForeign = (path: string, { foreign, content }: KeyringState): string | undefined => {
  if (foreign.length > 0) return `${path} holds another entity too (${foreign.join(", ")}); it would be lost`;
  if (content === "a file that is no keyring")
    return `${path} is there and is no keyring; what stands in it would be lost`;
  return content === "not a file" ? `${path} is not a file` : undefined;
};

/** @throws Failure `conflict` for a file that holds what is not ours, or is no file */
export const refuseForeign = (host: string, look: Look, state: KeyringState): void => {
  const what = look.kind === "absent" ? undefined : whyForeign(look.path, state);
  if (what === undefined) return;
  throw new Failure({
    code: "conflict",
    host,
    what,
    cure: "Give this entity a file of its own by `path`, or move out of it what is there.",
  });
};

export { keyringText };
