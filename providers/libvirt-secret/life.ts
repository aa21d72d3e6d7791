/** A libvirt secret from its first look to its end: what it holds, what is in the way, in which order it is written. */
import { fingerprint } from "../formats/keyring.js";
import type { FoundSecret } from "../formats/libvirt-secret.js";
import { printRecord, type Origin, type OwnershipRecord } from "../ownership/record.js";
import { Failure } from "../remote/failure.js";
import type { ActingOwner } from "../ownership/adoption.js";
import type { Files, Look } from "../clients/files/index.js";
import { CLUSTERS_KEY } from "../clients/cluster-key.js";
import { secretRecordName, UNDER_WAY } from "../ownership/key-place.js";
import { claimed, releaseOf, thingOf } from "../ownership/things.js";
import type { SecretLook, Virsh } from "../clients/libvirt/index.js";
import { defined } from "../clients/defined.js";
import { secretStore } from "../formats/libvirt-uri.js";

export type FoundValue =
  | typeof CLUSTERS_KEY
  | "another key"
  | "no value"
  | "a private value that nobody can read"
  | "in memory only (ephemeral)"
  | "a key that the cluster does not know";

/** One secret and who wants what of it. */
export interface SecretTask {
  readonly host: string;
  readonly uri: string;
  readonly uuid: string;
  readonly usage: string;
  readonly acting: ActingOwner;
  readonly virsh: Virsh;
  /** How it is started. */
  readonly command: readonly string[];
  readonly files: Files;
}

/** One look: the secret, its record, the key that it should hold. */
export interface SecretState {
  readonly found: SecretLook;
  readonly record: Look;
  readonly key: string | undefined;
}

/** What the owner of a secret claims. */
export const secretThing = ({ host, uri, uuid }: Pick<SecretTask, "host" | "uri" | "uuid">): string =>
  `libvirt secret ${uuid} at ${secretStore(uri)} on ${host}`;

export const lookAtSecret = async (
  task: SecretTask,
  key: Promise<string | undefined>,
): Promise<SecretState> => {
  const [found, record, known] = await Promise.all([
    task.virsh.look(task.uuid),
    task.files.look(secretRecordName(task)),
    key,
  ]);
  return { found, record, key: known };
};

/** The value in words. A private one is the cluster's key when the record says that it was the last that we set. */
export const valueOf = ({ found, key }: SecretState, record: OwnershipRecord | undefined): FoundValue => {
  const { secret, value } = found;
  // It is gone when libvirtd next stops, whatever it is now.
  if (secret?.ephemeral === true) return "in memory only (ephemeral)";
  if (secret?.private === true)
    return isLastSet(record, key) ? CLUSTERS_KEY : "a private value that nobody can read";
  if (value === undefined) return "no value";
  if (key === undefined) return "a key that the cluster does not know";
  return value === key ? CLUSTERS_KEY : "another key";
};

const isLastSet = (record: OwnershipRecord | undefined, key: string | undefined): boolean => {
  const [mark, ...more] = record?.names ?? [];
  return key !== undefined && mark === fingerprint(key) && more.length === 0;
};

/** The usage as found; that of another type is shown with it. */
export const usageOf = ({ found: { secret } }: SecretState): string => {
  if (secret === undefined) return "";
  return secret.usageType === "ceph" ? secret.usage : `${secret.usageType} ${secret.usage}`.trim();
};

export const originOf = (record: OwnershipRecord | undefined): Origin => record?.origin ?? "adopted";

const conflict = (host: string, what: string, cure: string): Failure =>
  new Failure({ code: "conflict", host, what, cure });

/** @throws Failure `conflict` where libvirt would refuse the secret, before anything is written */
const refuseConflicts = ({ host, uuid, usage }: SecretTask, state: SecretState): void => {
  const other = state.found.all.find((item) => item.usage === `ceph ${usage}` && item.uuid !== uuid);
  if (other !== undefined)
    throw conflict(
      host,
      `the usage "${usage}" is taken by the secret ${other.uuid}, and ${uuid} is wanted`,
      `Adopt that one by uuid: "${other.uuid}", give another usage, or undefine it when nothing refers to it.`,
    );
  const { secret } = state.found;
  if (secret !== undefined && usageOf(state) !== usage)
    throw conflict(
      host,
      `the secret ${uuid} is there for the usage "${usageOf(state)}", and "${usage}" is wanted`,
      `Give that usage, or another uuid. libvirt cannot change it: the secret would have to be undefined while guests need it.`,
    );
};

/** What the record must allow before a secret that is there is touched. */
const refuseAdoption = (
  { host, uuid }: SecretTask,
  state: SecretState,
  { adopt = "if-identical", creating }: { adopt?: "if-identical" | "overwrite" | "never"; creating: boolean },
): void => {
  if (!creating || state.found.secret === undefined || thingOf(host, state.record) !== undefined) return;
  if (adopt === "overwrite") return;
  const value = valueOf(state, undefined);
  if (adopt === "if-identical" && value === CLUSTERS_KEY) return;
  throw conflict(
    host,
    `the secret ${uuid} is there and not recorded as made or adopted by this package` +
      (adopt === "never" ? "" : `; its value is not ${CLUSTERS_KEY} but ${value}`),
    'adopt: "overwrite" takes it over and sets its value.',
  );
};

/** A definition over an ephemeral secret makes it a lasting one and leaves its value; libvirt never lets `private` change. */
const put = (
  { virsh, uuid, usage }: SecretTask,
  key: string,
  there: FoundSecret | undefined,
): Promise<SecretLook> => {
  const define = { uuid, usage, private: false, ...there, ephemeral: false };
  return there?.ephemeral === false ? virsh.put(uuid, key) : virsh.put(uuid, key, define);
};

/** Makes it so: record, definition, value, record. Yields what is there then. */
export const convergeSecret = async (
  task: SecretTask,
  state: SecretState & { readonly key: string },
  options: { adopt?: "if-identical" | "overwrite" | "never"; creating: boolean; sending: () => void },
): Promise<SecretState> => {
  const { host, acting, files, command } = task;
  const isThere = state.found.secret !== undefined;
  const next = claimed(acting, state.record, { host, isThere, thing: secretThing(task) });
  refuseConflicts(task, state);
  refuseAdoption(task, state, options);
  const before = thingOf(host, state.record);
  const mark = fingerprint(state.key);
  const write = (look: Look, record: OwnershipRecord): Promise<Look> =>
    files.change(look, (now) => {
      // Another resource of this run may have come first.
      claimed(acting, now, { host, isThere, thing: secretThing(task) });
      const text = printRecord(record);
      return text === now.record ? undefined : { first: text };
    });
  const after = { ...next.after, names: [mark], virsh: command };
  if (isThere && valueOf(state, before) === CLUSTERS_KEY)
    return { ...state, record: await write(state.record, after) };
  const during = await write(state.record, {
    ...next.during,
    names: [mark, UNDER_WAY],
    virsh: command,
  });
  options.sending();
  const found = await put(task, state.key, state.found.secret);
  return { found, key: state.key, record: await write(during, after) };
};

/** A secret that is let go and stays. */
interface Staying {
  readonly why: string;
  /** Guests have their disks by what it holds. */
  readonly isNeeded: boolean;
}

/** Why a secret that is let go stays; undefined when it went or was none of ours. */
export const releaseSecret = async (
  task: SecretTask,
  onDelete: "remove" | "keep" | undefined,
): Promise<Staying | undefined> => {
  const { host, uuid, usage, acting, files, virsh } = task;
  const record = await files.look(secretRecordName(task));
  const release = releaseOf(acting, record, { host, ...defined({ onDelete }), thing: secretThing(task) });
  const forget = () => files.change(record, () => ({ then: null }));
  if (release === "nothing") return undefined;
  if (release === "forget") {
    const isNeeded = (await virsh.users({ uuid, usage })).length > 0;
    await forget();
    return { why: "it was there before, or is to be kept", isNeeded };
  }
  const users = await virsh.undefine({ uuid, usage });
  // Its record stays: who makes it again finds it as ours.
  if (users.length > 0)
    return { why: `${users.join(", ")} need${users.length > 1 ? "" : "s"} it`, isNeeded: true };
  await forget();
  return undefined;
};
