import type { SshError } from "./trouble.js";

/** What ssh2 tells besides its errors while it connects and logs in. */
export interface Tale {
  /** What an agent said that did not do as asked. */
  refused?: string | undefined;
  /** A key was accepted, and the server wanted more. */
  partial: boolean;
  /** Methods that the server takes, as it said last. */
  wants?: readonly string[] | undefined;
  /** The lists that both sides brought to the last step of the key exchange. */
  readonly lists: { local?: string; remote?: string };
}

export const newTale = (): Tale => ({ partial: false, lists: {} });

/** Listens to ssh2's debugging for the two lists that it does not put into its errors. */
export const listener =
  (tale: Tale) =>
  (line: string): void => {
    const [, side, list] = /^Handshake: \((local|remote)\) [^:]+: (.*)$/.exec(line) ?? [];
    if (list === undefined) return;
    if (side === "local") tale.lists.local = list;
    else tale.lists.remote = list;
  };

const SHOWN = 6;

const few = (list: string): string => {
  const names = list.split(",");
  return names.length <= SHOWN ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")}, …`;
};

/** ssh2's error, with what the tale adds to it. */
export const told = (error: SshError, { lists }: Tale): SshError => {
  if (error.level === "handshake" && lists.remote !== undefined)
    return {
      ...error,
      message: `${error.message}; it offers ${few(lists.remote)}; ssh2 ${few(lists.local ?? "")}`,
    };
  return error;
};

/** What was tried in a login that failed, and whether another ssh might go further. */
export interface LoginStory {
  readonly tried: string;
  /** The server wants what ssh2 has not. */
  readonly beyond: boolean;
}

export const login = (tried: string, { partial, wants, refused }: Tale): LoginStory => {
  const story = refused === undefined ? tried : `${tried}; the agent: ${refused}`;
  const list = wants?.join(", ") ?? "";
  if (partial)
    return {
      tried: `${story}; a key was accepted, and the server wants a second factor (${list})`,
      beyond: true,
    };
  if (wants === undefined || wants.includes("publickey")) return { tried: story, beyond: false };
  return { tried: `${story}; the server takes no keys, but ${list}`, beyond: true };
};
