/** The one key that a keyring file or a libvirt secret needs: from the cluster, or from a keyring file elsewhere. */
import { isKey, parseKeyring } from "../formats/keyring.js";
import type { Cluster } from "../kernel/common.js";
import type { Reach } from "../kernel/contract.js";
import { Failure } from "../remote/failure.js";
import { rememberSecret } from "../remote/redact.js";
import { cephOf } from "./ceph/index.js";
import { filesOf } from "./files/index.js";

/** The wish in words: a key is never shown. */
export const CLUSTERS_KEY = "the cluster's key";

/** Where a key comes from. */
export interface KeySource {
  readonly cluster: Cluster;
  readonly entity: string;
  /** A keyring file to take the key from, in place of the cluster. */
  readonly keyFrom?: { readonly host: string; readonly path: string };
}

/** Entities and keys of a keyring file; every key is remembered as a secret. */
export const keysIn = (bytes: string): ReadonlyMap<string, string | undefined> => {
  const entries = [...parseKeyring(bytes)].map(([entity, { key }]): [string, string | undefined] => [
    entity,
    key,
  ]);
  for (const [, key] of entries) if (key !== undefined) rememberSecret(key);
  return new Map(entries);
};

/** The key, or undefined when the cluster (or the file) has no such entity. @throws Failure `refused` for what is no key */
export const findKey = async (
  reach: Reach,
  { cluster, entity, keyFrom }: KeySource,
): Promise<string | undefined> => {
  if (keyFrom === undefined) return cephOf(reach, cluster).keyOf(entity);
  const { bytes = "" } = await filesOf(reach, keyFrom.host).look(keyFrom.path);
  const key = keysIn(bytes).get(entity);
  if (key === undefined || key === "" || isKey(key)) return key;
  throw new Failure({
    code: "refused",
    host: keyFrom.host,
    what: `${keyFrom.path} holds no whole key of ${entity}: what stands there lost a part, or has a blank in it`,
    cure: "Copy the keyring again; `ceph-authtool -l FILE` reads a good one.",
  });
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
