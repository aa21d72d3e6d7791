/** How a key changes: those who hold it are tried first, the record shows that it is under way until the last of them has the new one. */
import { fingerprint, newKey } from "../formats/keyring.js";
import type { EntityRecord } from "../ownership/cluster-records.js";
import type { KeyHolders } from "../ownership/key-holders.js";
import type { Props } from "../kernel/json.js";
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

interface Generation {
  readonly entity: string;
  readonly keyGeneration?: number;
}

export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

export const generationBefore = ({ entity }: Generation, olds: Props | undefined): number | undefined =>
  olds?.["entity"] === entity ? numberOf(olds["keyGeneration"]) : undefined;

/** Steps show only those that take the generation from the entity, and no host is looked at in a preview. */
export const rotationAhead = (inputs: Generation, olds: Props | undefined): string[] => {
  const [before, after] = [generationBefore(inputs, olds), numberOf(inputs.keyGeneration)];
  if (before === undefined || after === undefined || after <= before) return [];
  return [
    `${inputs.entity} gets another key (keyGeneration ${before} to ${after}). Every keyring file and libvirt secret of this stack that holds it is tried first and ` +
      "written in the same step, whether it is shown or not; where one cannot be written, nothing changes. From the change until its keyring is written, about a second, a client that starts is refused.",
  ];
};
