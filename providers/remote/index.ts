import { converse } from "./conversation.js";
import type { Link } from "./execution.js";
import { limit } from "./limit.js";
import { localLink } from "./local.js";
import type { Conversation, Machine, Remote, RunRequest, RunResult } from "./machine.js";
import { newPasswords, type Passwords } from "./passwords.js";
import { onceGood } from "./once.js";
import { doorOf, type Reachable } from "./ssh/door.js";
import { runAlone, type Surroundings } from "./programs.js";
import { checkSettings, forHost, type Settings } from "./settings.js";
import { operatorOf, type OperatorEnvironment } from "./ssh/tokens.js";
import { runInShell } from "./standing/index.js";
import { endShells } from "./standing/shells.js";
import type { Login } from "./sudo.js";
import { newWeb } from "./web.js";

export type { Conversation, Machine, Program, Remote, RunRequest, RunResult } from "./machine.js";
export { Failure, errnoName, isFailure, type FailureCode, type FailureParts } from "./failure.js";
export { redact, rememberSecret } from "./redact.js";
export { readSettings, type Settings } from "./settings.js";
export { watchEngine } from "./engine-watch.js";

const LOCALHOST = "localhost";
/** Programs on this machine at a time: as many as a connection has channels. */
const LOCAL_PROGRAMS = 8;

/** Does something over a link; `work` calls `release` when its use is over. */
type Use = <T>(work: (link: Link, release: () => void) => Promise<T>) => Promise<T>;

interface Reached {
  readonly use: Use;
  readonly around: Surroundings;
}

const loginOf = (settings: Settings, host: string, user: string): Login => ({
  host,
  user,
  root: user === "root",
  become: forHost(settings.become, host) ?? "sudo",
  password: forHost(settings.sudoPassword, host),
});

const here = (settings: Settings, user: string, passwords: Passwords): Reached & { close(): void } => {
  const places = limit(LOCAL_PROGRAMS);
  const link = localLink(LOCALHOST);
  const use: Use = async (work) => {
    const release = await places.take();
    return work(link, release).catch((error: unknown) => {
      release();
      throw error;
    });
  };
  const around = {
    login: { ...loginOf(settings, LOCALHOST, user), root: process.getuid?.() === 0 },
    passwords,
    commandTimeoutSeconds: settings.commandTimeoutSeconds,
  };
  return { use, around, close: () => endShells(link) };
};

const overSsh = (settings: Settings, { use, host, user }: Reachable, passwords: Passwords): Reached => ({
  use,
  around: {
    login: loginOf(settings, host, user),
    passwords,
    commandTimeoutSeconds: settings.commandTimeoutSeconds,
  },
});

const runProgram = async (link: Link, around: Surroundings, request: RunRequest): Promise<RunResult> => {
  const result = await runInShell(link, around, request);
  if (!("unfit" in result)) return result;
  return { ...(await runAlone(link, around, request)), alone: result.unfit };
};

const machineOver = (name: string, reach: () => Promise<Reached>): Machine => ({
  name,
  run: async (request) => {
    const { use, around } = await reach();
    return use(async (link, release) => {
      const result = await runProgram(link, around, request);
      release();
      return result;
    });
  },
  open: async (request): Promise<Conversation> => {
    const { use, around } = await reach();
    return use(async (link, release) => {
      const { conversation, ended } = await converse(link, around, request);
      void ended.then(release);
      return conversation;
    });
  },
});

/**
 * The machines, reached as the settings and OpenSSH's configuration have it. Opens nothing by itself.
 *
 * `localhost` is this machine, without ssh, unless the ssh configuration has a `Host` entry that names `localhost` itself (not by a pattern).
 */
export const connectRemote = (
  settings: Settings,
  environment: OperatorEnvironment = { env: process.env },
): Remote => {
  const door = doorOf(settings, environment);
  const passwords = newPasswords();
  const local = here(settings, operatorOf(environment).user, passwords);

  const reach = async (host: string): Promise<Reached> => {
    checkSettings(settings);
    if (host === LOCALHOST && !(await door.names(LOCALHOST))) return local;
    return overSsh(settings, await door.to(host), passwords);
  };

  const machines = new Map<string, Machine>();
  return {
    machine: (host) => {
      const machine =
        machines.get(host) ??
        machineOver(
          host,
          onceGood(() => reach(host)),
        );
      machines.set(host, machine);
      return machine;
    },
    web: newWeb(settings),
    close: () => {
      local.close();
      return door.close();
    },
  };
};
