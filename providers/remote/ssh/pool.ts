import { limit, backOff, type Limit } from "../limit.js";
import type { Link, Start } from "../execution.js";
import { Failure, isFailure } from "../failure.js";
import type { SshLink } from "./connection.js";
import { GONE } from "../sudo.js";
import { wayKey, type Way } from "./way.js";

/** The limits of a pool, and who makes its connections. */
export interface PoolOptions {
  /** Connections open at a time; those that carry others are not counted. */
  readonly maxConnections: number;
  /** Makes one connection; `over` is the connection of its jump host. @throws Failure */
  readonly connect: (way: Way, over: SshLink | undefined) => Promise<SshLink>;
  /** Milliseconds until a connection that nobody uses is closed. @default 60000 */
  readonly idleMilliseconds?: number;
}

/** Below sshd's MaxSessions of 10: a server frees a place only after the client has seen the channel close. */
const CHANNELS = 8;
/** Below the 10 of sshd's MaxStartups, should all targets be one machine. */
const HANDSHAKES = 8;
const BUSY_ATTEMPTS = 10;

interface Entry {
  readonly key: string;
  readonly link: Promise<SshLink>;
  readonly channels: Limit;
  /** It carries, or has carried, others. Then it holds no place: targets that wait for it could have taken them all. */
  carries: boolean;
  /** The place that it holds or waits for. */
  place?: Promise<() => void>;
  /** Settles when it begins to carry others. */
  readonly promoted: Promise<void>;
  promote: () => void;
  /** Programs and connections that it carries, waiting ones included. */
  users: number;
  idle?: NodeJS.Timeout | undefined;
}

/** One use of a connection. */
export interface Lease {
  readonly link: SshLink;
  readonly release: () => void;
}

export interface Pool {
  /** A place on the connection of a way, which is opened where there is none. Must be released. @throws Failure */
  lease(way: Way): Promise<Lease>;
  close(): Promise<void>;
}

/** Every connection there is, and the places that they may take. */
interface Connections {
  readonly options: PoolOptions;
  readonly entries: Map<string, Entry>;
  readonly open: Limit;
  readonly handshakes: Limit;
  /** Logins that were refused. They are not tried again: sshd 10 shuts out an address after four. */
  readonly refused: Map<string, Failure>;
}

const drop = ({ entries }: Connections, entry: Entry): void => {
  clearTimeout(entry.idle);
  if (entries.get(entry.key) === entry) entries.delete(entry.key);
  entry.link.then(
    (link) => link.end(),
    () => undefined,
  );
};

/** Where more connections are wanted than may be open, the one that nobody uses for the longest time goes. */
const makeRoom = (connections: Connections): void => {
  const { entries, options } = connections;
  const counted = [...entries.values()].filter(({ carries }) => !carries);
  if (counted.length <= options.maxConnections) return;
  const unused = counted.find(({ users }) => users === 0);
  if (unused !== undefined) drop(connections, unused);
};

const leave = (connections: Connections, entry: Entry): void => {
  entry.users -= 1;
  if (entry.users > 0) return;
  // Last used, last in line: the order of the map is the order of eviction.
  if (connections.entries.get(entry.key) === entry) {
    connections.entries.delete(entry.key);
    connections.entries.set(entry.key, entry);
  }
  entry.idle = setTimeout(() => drop(connections, entry), connections.options.idleMilliseconds ?? 60_000);
  entry.idle.unref();
};

const newEntry = (key: string, carries: boolean): Omit<Entry, "link"> => {
  let promote: () => void = () => undefined;
  const promoted = new Promise<void>((resolve) => (promote = resolve));
  return { key, channels: limit(CHANNELS), carries, promoted, promote, users: 0 };
};

const leavePlace = ({ place }: Pick<Entry, "place">): void => void place?.then((free) => free());

const enter = (connections: Connections, way: Way, carries: boolean): Entry => {
  const key = wayKey(way);
  const known = connections.entries.get(key);
  const entry = known ?? opened(connections, way, newEntry(key, carries));
  if (known === undefined) watch(connections, entry);
  else if (carries && !known.carries) {
    known.carries = true;
    known.promote();
    leavePlace(known);
  }
  clearTimeout(entry.idle);
  entry.users += 1;
  return entry;
};

const opened = (connections: Connections, way: Way, fresh: Omit<Entry, "link">): Entry => {
  const entry: Omit<Entry, "link"> & { link?: Promise<SshLink> } = fresh;
  const link = connect(connections, way, entry);
  return Object.assign(entry, { link });
};

const watch = (connections: Connections, entry: Entry): void => {
  connections.entries.set(entry.key, entry);
  const forget = (): void => {
    if (connections.entries.get(entry.key) === entry) connections.entries.delete(entry.key);
  };
  entry.link.then((link) => link.onLost(forget), forget);
};

/** Waits for a place, or until none is needed. */
const takePlace = async (connections: Connections, entry: Omit<Entry, "link">): Promise<void> => {
  if (entry.carries) return;
  makeRoom(connections);
  entry.place = connections.open.take();
  await Promise.race([entry.place, entry.promoted]);
};

const connect = async (connections: Connections, way: Way, entry: Omit<Entry, "link">): Promise<SshLink> => {
  const refusal = connections.refused.get(entry.key);
  if (refusal !== undefined) throw refusal;
  const jump = way.via === undefined ? undefined : enter(connections, way.via, true);
  const gone = (): void => {
    leavePlace(entry);
    if (jump !== undefined) leave(connections, jump);
  };
  try {
    const over = await jump?.link;
    await takePlace(connections, entry);
    const shaken = await connections.handshakes.take();
    const link = await connections.options.connect(way, over).finally(shaken);
    link.onLost(gone);
    return link;
  } catch (error) {
    gone();
    if (isFailure(error) && error.code === "authentication") connections.refused.set(entry.key, error);
    throw error;
  }
};

export const pool = (options: PoolOptions): Pool => {
  const connections: Connections = {
    options,
    entries: new Map(),
    open: limit(options.maxConnections),
    handshakes: limit(HANDSHAKES),
    refused: new Map(),
  };
  return {
    lease: async (way) => {
      const entry = enter(connections, way, false);
      let freeChannel: () => void = () => undefined;
      let released = false;
      const release = (): void => {
        if (released) return;
        released = true;
        freeChannel();
        leave(connections, entry);
        makeRoom(connections);
      };
      try {
        const link = await entry.link;
        freeChannel = await entry.channels.take();
        return { link, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    close: async () => {
      const all = [...connections.entries.values()];
      all.forEach((entry) => drop(connections, entry));
      await Promise.allSettled(all.map(({ link }) => link.then(closed)));
    },
  };
};

const closed = (link: SshLink): Promise<void> => new Promise((resolve) => link.onLost(resolve));

/** A link that waits where the far end has no channel free for the moment. */
const patient = (link: Link): Link => {
  const start = async (line: string, attempt = 0): Promise<Start> => {
    const answer = await link.start(line);
    if (answer.kind !== "busy" || attempt >= BUSY_ATTEMPTS) return answer;
    await backOff(attempt, 20);
    return start(line, attempt + 1);
  };
  return { start };
};

const patientLinks = new WeakMap<Link, Link>();

/** The same object for the same connection: what is known of its sudo hangs on it. */
const patientLink = (link: Link): Link => {
  const known = patientLinks.get(link) ?? patient(link);
  patientLinks.set(link, known);
  return known;
};

/**
 * Does something over the connection of a way, and once more over a new one where the old was gone before anything began. `work` says when
 * its use of the connection is over.
 */
export const over = async <T>(
  connections: Pool,
  way: Way,
  work: (link: Link, release: () => void) => Promise<T>,
): Promise<T> => {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { link, release } = await connections.lease(way);
    try {
      return await work(patientLink(link), release);
    } catch (error) {
      release();
      if (error !== GONE) throw error;
    }
  }
  throw new Failure({
    code: "cut",
    host: way.host,
    what: "the server closes every connection as soon as it is open",
  });
};
