/** How a key changes: those who hold it are tried first, the record shows that it is under way until the last of them has the new one. */
import { fingerprint, newKey } from "../formats/keyring.js";
import type { EntityRecord } from "../ownership/cluster-records.js";
import type { KeyHolders } from "../ownership/key-holders.js";
import { rememberSecret } from "../remote/redact.js";

/** What a rotation needs of the entity. */
export interface Turn {
  readonly holders: KeyHolders;
  record(record: EntityRecord): Promise<void>;
  setKey(key: string): Promise<void>;
}

/**
 * Nothing begins before every holder is known to be writable. Cut before the key is set, the next run begins anew; cut after that, it finds
 * the pending key in the cluster and goes on with it.
 */
export const rotate = async (
  { holders, record, setKey }: Turn,
  {
    old,
    was,
    now,
    generation,
  }: { old: string; was: string | undefined; now: EntityRecord; generation: number },
): Promise<void> => {
  const key = newKey(old);
  rememberSecret(key);
  await holders.tryAll();
  const next = { generation, fingerprint: fingerprint(key) };
  await record({ ...now, pending: next });
  await setKey(key);
  await holders.give({ key, after: [fingerprint(old), was] });
  await record({ ...now, ...next });
};
