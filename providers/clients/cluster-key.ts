/** The one key that a keyring file or a libvirt secret needs: from the cluster, or from a keyring file elsewhere. */
import { randomUUID } from "node:crypto";
import { isKey, KEY_FORM, readKeyring, type Keyring } from "../formats/keyring.js";
import type { Cluster } from "../kernel/common.js";
import type { Reach } from "../kernel/contract.js";
import { Failure } from "../remote/failure.js";
import { rememberSecret } from "../remote/redact.js";
import { cephOf } from "./ceph/index.js";
import { filesOf } from "./files/index.js";

/** What is desired, in words: a key is never shown. */
export const CLUSTERS_KEY = "the cluster's key";

/** Where a key comes from. */
export interface KeySource {
  readonly cluster: Cluster;
  readonly entity: string;
  /** Generation of the key, where the program hands it over. */
  readonly keyGeneration?: number;
  /** A keyring file to take the key from, in place of the cluster. */
  readonly keyFrom?: { readonly host: string; readonly path: string };
}

/** A keyring file as Ceph reads it; every key in it is remembered as a secret, the stump of one too. */
export const keyringIn = (bytes: string): Keyring => {
  const keyring = readKeyring(bytes);
  for (const { key } of keyring.entries.values()) if (key !== undefined) rememberSecret(key);
  return keyring;
};

const refused = (where: string, why: string): Failure =>
  new Failure({
    code: "refused",
    what: `${where}: ${why}`,
    cure: "Nothing was written anywhere. Copy the key again, whole: `ceph auth get ENTITY -o FILE` writes a keyring that Ceph reads.",
  });

/** @throws Failure `refused` for a file that Ceph would refuse too */
const keyFromFile = async (
  reach: Reach,
  { host, path }: NonNullable<KeySource["keyFrom"]>,
  entity: string,
): Promise<string | undefined> => {
  const { bytes = "" } = await filesOf(reach, host).look(path);
  const { entries, problem } = keyringIn(bytes);
  if (problem !== undefined) throw refused(`${path} on ${host} is no keyring that Ceph can read`, problem);
  return entries.get(entity)?.key;
};

/** A refresh is over when a create or update looks, and a later generation is another key: each provider is a process that hears of no other's writes. */
const momentOf = ({ lives }: Reach, { keyGeneration = 0 }: KeySource): string =>
  `${lives ? "change" : "look"} ${keyGeneration}`;

/**
 * The key, or undefined when the cluster (or the file) has no such entity.
 * @throws Failure `refused` for what is no cephx key: a stump would be written to every host; nothing of it is in the message
 */
export const findKey = async (
  reach: Reach,
  source: KeySource,
  moment = momentOf(reach, source),
): Promise<string | undefined> => {
  const { cluster, entity, keyFrom } = source;
  if (keyFrom !== undefined) return keyFromFile(reach, keyFrom, entity);
  const key = await cephOf(reach, cluster).keyOf(entity, moment);
  if (key !== undefined && !isKey(key))
    throw refused(`the key of ${entity} in the cluster ${cluster.fsid} is no cephx key`, KEY_FORM);
  return key;
};

/** @throws Failure `conflict` when there is no such key */
export const needKey = (key: string | undefined, { cluster, entity, keyFrom }: KeySource): string => {
  if (key !== undefined && key !== "") return key;
  throw new Failure({
    code: "conflict",
    what:
      keyFrom === undefined
        ? `the cluster ${cluster.fsid} has no ${entity}`
        : `${keyFrom.path} on ${keyFrom.host} holds no key of ${entity}`,
    cure: "Make it first: a CephAuthEntity, whose keyGeneration or entity is handed to this resource so that it comes first.",
  });
};

/** Whose key a file or secret with these inputs holds. */
export const keySource = ({ cluster, entity, keyGeneration, keyFrom }: KeySource): KeySource => ({
  cluster,
  entity,
  ...(keyGeneration === undefined ? {} : { keyGeneration }),
  ...(keyFrom === undefined ? {} : { keyFrom }),
});

/**
 * The key to write: the one that was found, or over another one that of a look of its own, since who wrote that one may have known better.
 * @throws Failure `conflict` when there is no such key
 */
export const keyToWrite = async (
  reach: Reach,
  source: KeySource,
  { found, overAnother }: { readonly found: string | undefined; readonly overAnother: boolean },
): Promise<string> => needKey(overAnother ? await findKey(reach, source, randomUUID()) : found, source);
