/** What a keyring file holds, compared with what it should. */
import { fingerprint, keyringText } from "../formats/keyring.js";
import type { OwnershipRecord } from "../ownership/record.js";
import { Failure } from "../remote/failure.js";
import { CLUSTERS_KEY, keysIn } from "../clients/cluster-key.js";
import type { Look } from "../clients/files/index.js";

export type FoundContent =
  | typeof CLUSTERS_KEY
  | "another key"
  | "no key"
  | "a foreign entity"
  | "not a file"
  | "a key that the cluster does not know";

export interface KeyringState {
  readonly content: FoundContent;
  /** Fingerprint of the entity's key in the file. */
  readonly fingerprint?: string;
  /** Entities in the file that are neither the wanted one nor recorded as ours. */
  readonly foreign: readonly string[];
}

const contentOf = (found: string | undefined, key: string | undefined): FoundContent => {
  if (found === undefined || found === "") return "no key";
  if (key === undefined) return "a key that the cluster does not know";
  return found === key ? CLUSTERS_KEY : "another key";
};

/** Looks into a keyring file. Its layout does not matter, nor do caps in it: clients read the key alone. */
export const keyringState = (
  { kind, bytes }: Look,
  { entity, key, record }: { entity: string; key: string | undefined; record: OwnershipRecord | undefined },
): KeyringState => {
  if (kind !== "file" || bytes === undefined) return { content: "not a file", foreign: [] };
  const keys = keysIn(bytes);
  const ours = new Set([entity, ...(record?.names ?? [])]);
  const foreign = [...keys.keys()].filter((name) => !ours.has(name));
  const found = keys.get(entity);
  const isOld = [...keys.keys()].some((name) => name !== entity);
  const content = foreign.length > 0 ? "a foreign entity" : contentOf(found, key);
  return {
    content: content === CLUSTERS_KEY && isOld ? "another key" : content,
    foreign,
    ...(found === undefined || found === "" ? {} : { fingerprint: fingerprint(found) }),
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
