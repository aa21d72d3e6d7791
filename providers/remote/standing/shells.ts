import type { Link } from "../execution.js";
import type { StandingShell } from "./shell.js";

/** A shell, or why this machine has none. */
export type Opened = StandingShell | { readonly unfit: string };

/** Shells of one login on one connection, all as the superuser or none. */
export interface Shells {
  /** One for a single use: the one that is free, a new one, or the next that gets free. @throws what opening it throws */
  take(open: () => Promise<Opened>, much?: boolean): Promise<Opened>;
  /** Its use is over; it may be, too. */
  give(shell: StandingShell): void;
  /** It becomes something else, and does not come back. */
  handOver(shell: StandingShell): void;
  /** Ends those that nobody uses. */
  close(): void;
}

/** Shells at a time; each is a start of sudo and holds a channel (sshd's MaxSessions is 10, and large programs go by themselves). */
const MOST = 6;

/** Somebody who waits for a shell. */
interface Waiter {
  readonly get: (opened: Opened) => void;
  readonly fail: (error: unknown) => void;
  readonly open: () => Promise<Opened>;
  readonly since: number;
  timer?: NodeJS.Timeout;
}

interface State {
  opening: number;
  unfit?: string;
  readonly living: Set<StandingShell>;
  /** Those of the living that do not come back. */
  readonly away: Set<StandingShell>;
  readonly idle: StandingShell[];
  readonly waiting: Set<Waiter>;
}

const count = ({ opening, living }: State): number => opening + living.size;

/** True when somebody who waits may get one that is there, or comes. */
const mayGet = (state: State): boolean => count(state) > state.away.size;

/**
 * Milliseconds that a program waits for a free shell before it gets another one, by the number of those that there are. Most programs take
 * a tenth of a second and share one or two, also on a slow machine; where all are held by long ones, a start of sudo is the lesser evil.
 */
const patience = (state: State): number => {
  if (!mayGet(state)) return 0;
  if (count(state) >= MOST) return Infinity;
  return count(state) === 1 ? 100 : 20_000;
};

const leave = (state: State, waiter: Waiter): void => {
  clearTimeout(waiter.timer);
  state.waiting.delete(waiter);
};

/** Where nothing is left that could come, whoever waits longest opens another. */
const next = (state: State): void => {
  const [first] = state.waiting;
  if (first !== undefined && !mayGet(state)) void grow(state, first);
};

/** One has ended, or was given up: the end of what hangs may never be told. */
const gone = (state: State, shell: StandingShell): void => {
  if (!state.living.delete(shell)) return;
  state.away.delete(shell);
  const at = state.idle.indexOf(shell);
  if (at >= 0) state.idle.splice(at, 1);
  next(state);
};

const give = (state: State, shell: StandingShell): void => {
  if (shell.isOver()) return gone(state, shell);
  const [first] = state.waiting;
  if (first === undefined) {
    shell.rest();
    state.idle.push(shell);
    return;
  }
  leave(state, first);
  first.get(shell);
};

const tellUnfit = (state: State, unfit: string): void => {
  state.unfit = unfit;
  for (const waiter of [...state.waiting]) {
    leave(state, waiter);
    waiter.get({ unfit });
  }
};

/** Opens another one for somebody who waits, and who gets whichever is free first. */
const grow = async (state: State, waiter: Waiter): Promise<void> => {
  state.opening += 1;
  try {
    const opened = await waiter.open();
    state.opening -= 1;
    if ("unfit" in opened) return tellUnfit(state, opened.unfit);
    state.living.add(opened);
    void opened.execution.ended.then(() => gone(state, opened));
    give(state, opened);
  } catch (error) {
    state.opening -= 1;
    // Where no channel is free for another one, say, there are those that are.
    if (!mayGet(state)) {
      leave(state, waiter);
      waiter.fail(error);
    }
    next(state);
  }
};

const wait = (state: State, waiter: Waiter, much: boolean): void => {
  const most = much && count(state) < 2 ? 0 : patience(state);
  const left = most - (Date.now() - waiter.since);
  if (left <= 0) return void grow(state, waiter);
  if (left < Infinity) waiter.timer = setTimeout(() => wait(state, waiter, much), left);
};

const newShells = (): Shells => {
  const state: State = { opening: 0, living: new Set(), away: new Set(), idle: [], waiting: new Set() };
  return {
    take: async (open, much = false) => {
      if (state.unfit !== undefined) return { unfit: state.unfit };
      const free = state.idle.pop();
      if (free !== undefined) return free;
      return new Promise((get, fail) => {
        const waiter: Waiter = { get, fail, open, since: Date.now() };
        state.waiting.add(waiter);
        wait(state, waiter, much);
      });
    },
    give: (shell) => give(state, shell),
    handOver: (shell) => {
      state.away.add(shell);
      shell.handOver();
      next(state);
    },
    close: () => state.idle.splice(0).forEach((shell) => shell.end()),
  };
};

const all = new WeakMap<Link, { readonly root: Shells; readonly login: Shells }>();

/** The shells on a connection. They go with it. */
export const shellsOn = (link: Link, as: "root" | "login"): Shells => {
  const known = all.get(link) ?? { root: newShells(), login: newShells() };
  all.set(link, known);
  return known[as];
};

/** Ends the shells on a link that does not end by itself. */
export const endShells = (link: Link): void => {
  const shells = all.get(link);
  shells?.root.close();
  shells?.login.close();
};
