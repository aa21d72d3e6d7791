import { limit, type Limit } from "../limit.js";
import type { Link } from "../execution.js";
import { isFailure, type Failure, type FailureCode } from "../failure.js";
import { wayKey, type Leads, type Way } from "./way.js";

/** A connection to one machine, of whatever transport. */
export interface Connection extends Link {
  /** True once the connection is gone. */
  lost(): boolean;
  /** Called once when the connection goes. */
  onLost(listener: () => void): void;
  end(): void;
}

/** The limits of a pool, and who makes its connections. */
export interface PoolOptions<W extends Leads<W>, C extends Connection> {
  /** Connections open at a time; those that carry others are not counted. */
  readonly maxConnections: number;
  /** Makes one connection; `over` is the connection of its jump host. @throws Failure */
  readonly connect: (way: W, over: C | undefined) => Promise<C>;
  /** Milliseconds until a connection that nobody uses is closed. @default 60000 */
  readonly idleMilliseconds?: number;
}

/** Below sshd's MaxSessions of 10: a server frees a place only after the client has seen the channel close. */
const CHANNELS = 8;
/** Below the 10 of sshd's MaxStartups, should all targets be one machine. */
const HANDSHAKES = 8;

/** What stays as it is for a whole run: who logs in with what, which host keys are known, how the way is configured. */
const LASTING: readonly FailureCode[] = ["authentication", "host-key", "configuration"];

interface Entry<C extends Connection> {
  readonly key: string;
  readonly link: Promise<C>;
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

/** A connection that is not made yet. */
type Fresh = Omit<Entry<Connection>, "link">;

/** One use of a connection. */
export interface Lease {
  readonly link: Connection;
  readonly release: () => void;
}

export interface Pool<W extends Leads<W> = Way> {
  /** A place on the connection of a way, which is opened where there is none. Must be released. @throws Failure */
  lease(way: W): Promise<Lease>;
  close(): Promise<void>;
}

/** Every connection there is, and the places that they may take. */
interface Connections<W extends Leads<W>, C extends Connection> {
  readonly options: PoolOptions<W, C>;
  readonly entries: Map<string, Entry<C>>;
  readonly open: Limit;
  readonly handshakes: Limit;
  /** Connections that another try would not make better. They are not tried again: sshd 10 shuts out an address after a few that do not log in. */
  readonly refused: Map<string, Failure>;
}

const drop = <W extends Leads<W>, C extends Connection>(
  { entries }: Connections<W, C>,
  entry: Entry<C>,
): void => {
  clearTimeout(entry.idle);
  if (entries.get(entry.key) === entry) entries.delete(entry.key);
  entry.link.then(
    (link) => link.end(),
    () => undefined,
  );
};

/** Where more connections are wanted than may be open, the one that nobody uses for the longest time goes. */
const makeRoom = <W extends Leads<W>, C extends Connection>(connections: Connections<W, C>): void => {
  const { entries, options } = connections;
  const counted = [...entries.values()].filter(({ carries }) => !carries);
  if (counted.length <= options.maxConnections) return;
  const unused = counted.find(({ users }) => users === 0);
  if (unused !== undefined) drop(connections, unused);
};

const leave = <W extends Leads<W>, C extends Connection>(
  connections: Connections<W, C>,
  entry: Entry<C>,
): void => {
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

const newEntry = (key: string, carries: boolean): Fresh => {
  let promote: () => void = () => undefined;
  const promoted = new Promise<void>((resolve) => (promote = resolve));
  return { key, channels: limit(CHANNELS), carries, promoted, promote, users: 0 };
};

const leavePlace = ({ place }: Fresh): void => void place?.then((free) => free());

const enter = <W extends Leads<W>, C extends Connection>(
  connections: Connections<W, C>,
  way: W,
  carries: boolean,
): Entry<C> => {
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

const opened = <W extends Leads<W>, C extends Connection>(
  connections: Connections<W, C>,
  way: W,
  fresh: Fresh,
): Entry<C> => {
  const entry: Fresh & { link?: Promise<C> } = fresh;
  const link = connect(connections, way, entry);
  return Object.assign(entry, { link });
};

const watch = <W extends Leads<W>, C extends Connection>(
  connections: Connections<W, C>,
  entry: Entry<C>,
): void => {
  connections.entries.set(entry.key, entry);
  const forget = (): void => {
    if (connections.entries.get(entry.key) === entry) connections.entries.delete(entry.key);
  };
  entry.link.then((link) => link.onLost(forget), forget);
};

/** Waits for a place, or until none is needed. */
const takePlace = async <W extends Leads<W>, C extends Connection>(
  connections: Connections<W, C>,
  entry: Fresh,
): Promise<void> => {
  if (entry.carries) return;
  makeRoom(connections);
  entry.place = connections.open.take();
  await Promise.race([entry.place, entry.promoted]);
};

const connect = async <W extends Leads<W>, C extends Connection>(
  connections: Connections<W, C>,
  way: W,
  entry: Fresh,
): Promise<C> => {
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
    if (isFailure(error) && LASTING.includes(error.code)) connections.refused.set(entry.key, error);
    throw error;
  }
};

export const pool = <W extends Leads<W>, C extends Connection>(options: PoolOptions<W, C>): Pool<W> => {
  const connections: Connections<W, C> = {
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

const closed = (link: Connection): Promise<void> => new Promise((resolve) => link.onLost(resolve));
