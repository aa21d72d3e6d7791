import type { Link } from "../execution.js";
import type { StandingShell } from "./shell.js";

/** A shell, or why this machine has none. */
export type Opened = StandingShell | { readonly unfit: string };

/** Shells of one login on one connection, all as the superuser or none. */
export interface Shells {
  /** One for a single use: the one that is free, a new one, or the next that gets free. @throws what opening it throws */
  take(open: () => Promise<Opened>, much?: boolean): Promise<Opened>;
  /** Its use is over. */
  give(shell: StandingShell): void;
  /** Ends those that nobody uses. */
  close(): void;
}

/** Shells at a time; each is a start of sudo and holds a channel (sshd's MaxSessions is 10, and large programs go by themselves). */
const MOST = 6;

/**
 * Milliseconds that a program waits for a free shell before it gets another one, by the number of those that there are. Most programs take
 * a tenth of a second and share one or two, also on a slow machine; where all are held by long ones, a start of sudo is the lesser evil.
 */
const patience = (living: number): number => {
  if (living === 0) return 0;
  if (living >= MOST) return Infinity;
  return living === 1 ? 100 : 20_000;
};

/** Somebody who waits for a shell. */
interface Waiter {
  readonly get: (opened: Opened) => void;
  readonly fail: (error: unknown) => void;
  readonly open: () => Promise<Opened>;
  readonly since: number;
  timer?: NodeJS.Timeout;
}

interface State {
  living: number;
  unfit?: string;
  readonly idle: StandingShell[];
  readonly waiting: Set<Waiter>;
}

const leave = (state: State, waiter: Waiter): void => {
  clearTimeout(waiter.timer);
  state.waiting.delete(waiter);
};

const give = (state: State, shell: StandingShell): void => {
  if (shell.isOver()) return;
  const [first] = state.waiting;
  if (first === undefined) {
    shell.rest();
    state.idle.push(shell);
    return;
  }
  leave(state, first);
  first.get(shell);
};

/** One has ended. Where it was the last, whoever waits longest opens another. */
const gone = (state: State, shell?: StandingShell): void => {
  const at = shell === undefined ? -1 : state.idle.indexOf(shell);
  if (at >= 0) state.idle.splice(at, 1);
  state.living -= 1;
  const [first] = state.waiting;
  if (state.living === 0 && first !== undefined) void grow(state, first);
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
  state.living += 1;
  try {
    const opened = await waiter.open();
    if ("unfit" in opened) {
      tellUnfit(state, opened.unfit);
      return gone(state);
    }
    void opened.execution.ended.then(() => gone(state, opened));
    give(state, opened);
  } catch (error) {
    // Where no channel is free for another one, say, there are those that are.
    if (state.living === 1) {
      leave(state, waiter);
      waiter.fail(error);
    }
    gone(state);
  }
};

const wait = (state: State, waiter: Waiter, much: boolean): void => {
  const most = much && state.living < 2 ? 0 : patience(state.living);
  const left = most - (Date.now() - waiter.since);
  if (left <= 0) return void grow(state, waiter);
  if (left < Infinity) waiter.timer = setTimeout(() => wait(state, waiter, much), left);
};

const newShells = (): Shells => {
  const state: State = { living: 0, idle: [], waiting: new Set() };
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
