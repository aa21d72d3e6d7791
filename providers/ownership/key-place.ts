/** A keyring file or a libvirt secret as a place where a key lies: tried by writing what is there, and given another key. */
import { keyringIn } from "../clients/cluster-key.js";
import { filesOf, type Change, type Look } from "../clients/files/index.js";
import { virshOn } from "../clients/libvirt/index.js";
import { fingerprint, keyringText } from "../formats/keyring.js";
import { secretStore } from "../formats/libvirt-uri.js";
import type { Reach } from "../kernel/contract.js";
import { ownStacks, stackOf } from "./owner.js";
import { printRecord, type OwnershipRecord } from "./record.js";
import { thingOf } from "./things.js";

/** Where a key lies. */
export type KeyPlace =
  | { readonly kind: "keyring"; readonly host: string; readonly path: string }
  | { readonly kind: "secret"; readonly host: string; readonly uri: string; readonly uuid: string };

/** Fingerprints of the keys in whose place another comes; `any`: whatever is held is dead, for its entity was gone. */
export type After = readonly (string | undefined)[] | "any";

const isAmong = (after: After, prints: readonly string[]): boolean =>
  after === "any" || prints.some((print) => after.includes(print));

/** What can be done with one. What is not there, or not this stack's, is left alone. */
export interface Held {
  /** Writes what is there, by the way that another key would go. */
  tryWrite(): Promise<void>;
  write(key: string, after: After): Promise<void>;
}

/** In words. */
export const placeName = (at: KeyPlace): string =>
  at.kind === "keyring" ? `${at.path} on ${at.host}` : `the libvirt secret ${at.uuid} on ${at.host}`;

/** No option of ssh, no user. */
const HOST = /^[A-Za-z0-9_.:%[\]][A-Za-z0-9_.:%[\]-]*$/;

/** As it was recorded; undefined for what this version does not know, and for no host that a program could name. */
export const placeOf = (value: unknown): KeyPlace | undefined => {
  const { kind, host, path, uri, uuid }: Readonly<Record<string, unknown>> =
    typeof value === "object" && value !== null ? { ...value } : {};
  if (typeof host !== "string" || !HOST.test(host)) return undefined;
  if (kind === "keyring" && typeof path === "string") return { kind, host, path };
  if (kind === "secret" && typeof uri === "string" && typeof uuid === "string")
    return { kind, host, uri, uuid };
  return undefined;
};

/** The host's own record counts: of what another stack owns, or nobody, nothing is written. */
const oursAt = ({ owner, settings }: Reach, host: string, look: Look): OwnershipRecord | undefined => {
  const record = thingOf(host, look);
  const stacks = ownStacks(owner, settings.takeOverFrom);
  return record !== undefined && stacks.includes(stackOf(record.owner)) ? record : undefined;
};

/** The key of a keyring that holds this entity and no other. */
const onlyKey = (bytes: string, entity: string): string | undefined => {
  const { entries } = keyringIn(bytes);
  return entries.size === 1 ? entries.get(entity)?.key : undefined;
};

/** Written even where it is the same: with a mode it is a change of its own. */
const rewritten = ({ holder }: Look, bytes: string): Change => ({
  to: { bytes },
  ...(holder === undefined ? {} : { mode: holder.mode }),
});

const keyringAt = (reach: Reach, entity: string, { host, path }: { host: string; path: string }): Held => {
  const files = filesOf(reach, host);
  const change = async (next: (bytes: string) => string | undefined): Promise<void> => {
    await files.change(await files.look(path), (look) => {
      const { bytes } = look;
      if (bytes === undefined || oursAt(reach, host, look) === undefined) return undefined;
      if (onlyKey(bytes, entity) === undefined) return undefined;
      const text = next(bytes);
      return text === undefined ? undefined : rewritten(look, text);
    });
  };
  return {
    tryWrite: () => change((bytes) => bytes),
    write: (key, after) =>
      change((bytes) => {
        const there = onlyKey(bytes, entity);
        return there !== undefined && isAmong(after, [fingerprint(there)])
          ? keyringText(entity, key)
          : undefined;
      }),
  };
};

/** Records of secrets lie under a name that is no path; whatever the connection is called, it is one record. */
export const secretRecordName = ({ uri, uuid }: { readonly uri: string; readonly uuid: string }): string =>
  `libvirt-secret:${secretStore(uri)}:${uuid}`;

/** Under which name a place is claimed on its host. */
export const claimedAs = (at: KeyPlace): string => (at.kind === "keyring" ? at.path : secretRecordName(at));

/** Beside the fingerprint of what is set: nobody knows whether it was. */
export const UNDER_WAY = "?";

const secretAt = (reach: Reach, at: Extract<KeyPlace, { kind: "secret" }>): Held => {
  const { host, uri, uuid } = at;
  const files = filesOf(reach, host);
  const mark = (look: Look, names: readonly string[]): Promise<Look> =>
    files.change(look, (now) => {
      const record = oursAt(reach, host, now);
      const text = record && printRecord({ ...record, names });
      return text === undefined || text === now.record ? undefined : { first: text };
    });
  /** Nothing is run before the host's own record was read: how, it says alone. */
  const secret = async (
    next: (value: string | undefined, names: readonly string[]) => string | undefined,
  ) => {
    const look = await files.look(secretRecordName(at));
    const record = oursAt(reach, host, look);
    if (record === undefined) return;
    const virsh = virshOn(reach.machine(host), { uri, virsh: record.virsh ?? ["virsh"] });
    const there = await virsh.look(uuid);
    const key = there.secret && next(there.value, record.names ?? []);
    if (key === undefined) return;
    const during = await mark(look, [fingerprint(key), UNDER_WAY]);
    await virsh.put(uuid, key);
    await mark(during, [fingerprint(key)]);
  };
  return {
    // A private value is read by nobody: that libvirt answers is all that is known.
    tryWrite: () => secret((value) => value),
    write: (key, after) =>
      secret((value, names) => {
        const there = value === undefined ? names : [fingerprint(value)];
        return isAmong(after, there) ? key : undefined;
      }),
  };
};

export const heldAt = (reach: Reach, entity: string, at: KeyPlace): Held =>
  at.kind === "keyring" ? keyringAt(reach, entity, at) : secretAt(reach, at);
