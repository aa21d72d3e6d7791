/**
 * Who holds the key of an entity: every keyring file and libvirt secret says so in the cluster before it is written. So a rotation knows them
 * all, whichever provider or stack made them, and whatever a run has as its targets.
 */
import { createHash, randomUUID } from "node:crypto";
import { cephOf, type Ceph } from "../clients/ceph/index.js";
import { findKey, type KeySource } from "../clients/cluster-key.js";
import { secretStore } from "../formats/libvirt-uri.js";
import type { Reach } from "../kernel/contract.js";
import { isFailure } from "../remote/failure.js";
import { decide, type Title } from "./decision.js";
import { placeOf, type KeyPlace } from "./key-place.js";
import { ownStacks, stackOf } from "./owner.js";

const HOLDERS = "pulumi-ceph-openstack-keys/";

/** What is recorded of one who holds a key. */
export interface Holder extends Title {
  /** By what way the host is reached, as a hash: another provider's host need not be ours of that name. */
  readonly way: string;
  readonly at: KeyPlace;
  /** Its resource is gone, and guests need what holds the key. */
  readonly needed?: true;
}

/** And by which name that is recorded in the cluster. */
export interface Recorded extends Holder {
  readonly record: string;
}

/** A place, and whose key it holds. */
export interface Held {
  readonly source: KeySource;
  readonly at: KeyPlace;
}

const hash = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);

export const wayOf = ({ settings }: Reach): string => {
  const { sshConfig, sshUser, sshPort, proxyJump, sshPrivateKeyFile, knownHosts, become } = settings;
  return hash([sshConfig, sshUser, sshPort, proxyJump, sshPrivateKeyFile, knownHosts, become]);
};

/** One record for each stack: none takes another's away. How virsh is started is no part of what a secret is. */
const recordKey = (stack: string, { source, at }: Held): string => {
  const spot = at.kind === "keyring" ? [at.path] : [secretStore(at.uri), at.uuid];
  return `${HOLDERS}${source.entity}/${hash([stack, at.kind, at.host, ...spot])}`;
};

const parse = (text: string): Holder | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { owner, token, way, at, needed }: Readonly<Record<string, unknown>> =
    typeof value === "object" && value !== null ? { ...value } : {};
  const place = placeOf(at);
  return typeof owner === "string" && typeof way === "string" && place !== undefined
    ? {
        owner,
        ...(typeof token === "string" ? { token } : {}),
        way,
        at: place,
        ...(needed === true ? { needed } : {}),
      }
    : undefined;
};

/** All who have said that they hold the key of an entity; `now`: by a look that begins now. */
export const holdersOf = async (
  reach: Reach,
  { cluster, entity }: KeySource,
  when?: "now",
): Promise<readonly Recorded[]> => {
  const ceph = cephOf(reach, cluster);
  const texts = await ceph[when === "now" ? "recordsNow" : "records"](`${HOLDERS}${entity}/`);
  return [...texts].flatMap(([record, text]) => {
    const holder = parse(text);
    return holder === undefined ? [] : [{ ...holder, record }];
  });
};

const holderFor = (reach: Reach, { at }: Held): Holder => {
  const { owner, token } = reach;
  return { owner, ...(token === undefined ? {} : { token }), way: wayOf(reach), at };
};

/** Yields the way back; undefined where it was recorded so before. */
const hold = async (reach: Reach, ceph: Ceph, held: Held): Promise<(() => Promise<void>) | undefined> => {
  const key = recordKey(stackOf(reach.owner), held);
  const holder = holderFor(reach, held);
  const before = (await ceph.records(key)).get(key);
  if (before === JSON.stringify(holder)) return undefined;
  await ceph.setRecord(key, holder);
  return () => {
    const was = before === undefined ? undefined : parse(before);
    return was === undefined ? ceph.removeRecord(key) : ceph.setRecord(key, was);
  };
};

const isRefused = (error: unknown): boolean =>
  isFailure(error) && ["owned", "conflict", "refused"].includes(error.code);

/** What was held before, where an update has led elsewhere, to another key or to another cluster. The way to a cluster is the one of now. */
const heldBefore = (now: Held, before: Held | undefined): Held | undefined => {
  if (before === undefined) return undefined;
  const { cluster, keyFrom } = now.source;
  if (before.source.cluster.fsid !== cluster.fsid) return before;
  const isSame = keyFrom === undefined && recordKey("", before) === recordKey("", now);
  return isSame ? undefined : { ...before, source: { ...before.source, cluster } };
};

/** One writing of a key. */
export interface Writing<T> {
  readonly key: string;
  /** What a writing just before it has made. */
  readonly made?: T;
  /** From now on the key may be there, whatever the host refuses. */
  sending(): void;
}

/** What is to be written. */
interface ToHold extends Held {
  readonly key: string;
  /** By the state of before; undefined where it is made. */
  readonly before: Held | undefined;
}

/**
 * A rotation that has looked for holders before this one was among them set its key before: then the cluster has another by now. One that
 * looks later finds this holder, and what it holds.
 */
const keyMeanwhile = async (reach: Reach, { source, key }: ToHold): Promise<string | undefined> => {
  const now = await findKey(reach, source, randomUUID());
  return now === key ? undefined : now;
};

/** Writes a key, after the cluster was told who is to hold it. A write that is refused leaves nothing of that, unless the key may be there. */
export const holding = async <T>(
  reach: Reach,
  held: ToHold,
  write: (writing: Writing<T>) => Promise<T>,
): Promise<T> => {
  const { source, at, key, before } = held;
  const place = { source, at };
  const back =
    source.keyFrom === undefined ? await hold(reach, cephOf(reach, source.cluster), place) : undefined;
  const state = { isSent: false };
  const sending = (): void => void (state.isSent = true);
  try {
    let made = await write({ key, sending });
    sending();
    const newer = back === undefined ? undefined : await keyMeanwhile(reach, held);
    if (newer !== undefined) made = await write({ key: newer, made, sending });
    const old = heldBefore(place, before);
    if (old !== undefined) await dropKey(reach, old);
    const { takeOverFrom } = reach.settings;
    if (takeOverFrom !== undefined) await dropRecords(reach, place, [takeOverFrom]);
    return made;
  } catch (error) {
    if (back !== undefined && !state.isSent && isRefused(error)) await back();
    throw error;
  }
};

/** The old half of a replacement is another create, and says nothing of the new one. */
const isOf = ({ owner, token, lives, settings }: Reach, record: Holder): boolean => {
  const party = { owner, token, lives, takeOverFrom: settings.takeOverFrom };
  return decide(party, { to: "let go", record, holder: undefined, isClaimed: false }) === "mine";
};

const dropKey = (reach: Reach, held: Held): Promise<void> =>
  dropRecords(reach, held, ownStacks(reach.owner, reach.settings.takeOverFrom));

/** A cluster that does not answer has no rotation that would need to know; where the connection was cut in between, the delete is repeated. */
const unlessAway = async (reach: Reach, { source, at }: Held, work: (ceph: Ceph) => Promise<void>) => {
  if (source.keyFrom !== undefined) return;
  try {
    await work(cephOf(reach, source.cluster));
  } catch (error) {
    if (!isFailure(error) || error.code === "cut") throw error;
    reach.note(
      `the cluster still counts ${at.host} among those who hold the key of ${source.entity}: ${error.message}`,
    );
  }
};

const dropRecords = (reach: Reach, held: Held, stacks: readonly string[]): Promise<void> =>
  unlessAway(reach, held, async (ceph) => {
    for (const key of stacks.map((stack) => recordKey(stack, held))) {
      const holder = parse((await ceph.recordsNow(key)).get(key) ?? "");
      if (holder !== undefined && isOf(reach, holder)) await ceph.removeRecord(key);
    }
  });

/** Whoever would take the entity away finds that its key is needed there. */
const markNeeded = (reach: Reach, held: Held): Promise<void> =>
  unlessAway(reach, held, (ceph) =>
    ceph.setRecord(recordKey(stackOf(reach.owner), held), { ...holderFor(reach, held), needed: true }),
  );

/**
 * Lets go of the place, and then takes back that it holds the key, of a host that was given up at once; where `release` says that it still does,
 * for it is needed, that is recorded.
 */
export const letGo = async (
  reach: Reach,
  held: Held,
  release: () => Promise<"still held" | undefined>,
): Promise<void> => {
  const isGivenUp = reach.settings.forgetUnreachable.includes(held.at.host);
  if (isGivenUp) await dropKey(reach, held);
  const stays = await release();
  if (stays !== undefined) await markNeeded(reach, held);
  else if (!isGivenUp) await dropKey(reach, held);
};
