import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import type { ClientChannel, ConnectConfig } from "ssh2";
import type { Ending, Execution, Start } from "../execution.js";
import type { Failure } from "../failure.js";
import type { Identity } from "./keys.js";
import { inTurn, methods, type Waiting } from "./logins.js";
import { listener, login, newTale, told, type Tale } from "./login-tale.js";
import type { Connection } from "./pool.js";
import { choose, spokenByDefault } from "./algorithms.js";
import { cut, explain, type SshError, type Trouble } from "./trouble.js";
import type { Way } from "./way.js";

/** A connection to one machine that can carry others. */
export interface SshLink extends Connection {
  /** A stream to a port that the machine can reach, or what kept it from being opened. */
  forward(hostName: string, port: number): Promise<Duplex | SshError>;
}

export interface Dialling {
  readonly way: Way;
  readonly identities: readonly Identity[];
  /** What was tried, for the message of a refused login. */
  readonly tried: string;
  /** Host key types that are known already come first. */
  readonly hostKeyAlgorithms: readonly string[];
  /** Undefined: the key is right. */
  readonly verify: (key: Buffer) => Promise<Failure | undefined>;
  /** The stream that carries the connection, where it is not a socket of our own. */
  readonly sock?: Duplex | undefined;
}

const configOf = (dialling: Dialling, waiting: Waiting, tale: Tale): ConnectConfig => {
  const { way, identities, hostKeyAlgorithms } = dialling;
  const { kex, cipher, mac } = way.algorithms;
  return {
    username: way.user,
    readyTimeout: way.connectTimeoutSeconds * 1000,
    keepaliveInterval: way.aliveIntervalSeconds * 1000,
    keepaliveCountMax: way.aliveCountMax,
    authHandler: inTurn(methods(way.user, identities, waiting), tale),
    debug: listener(tale),
    algorithms: {
      serverHostKey: choose("hostKey", hostKeyAlgorithms),
      kex: choose("kex", kex ?? spokenByDefault("kex")),
      cipher: choose("cipher", cipher ?? spokenByDefault("cipher")),
      hmac: choose("mac", mac ?? spokenByDefault("mac")),
    },
  };
};

const FAMILY = { any: 0, inet: 4, inet6: 6 } as const;

/** Milliseconds for one of several addresses of a name. Node's own 250 are too few for a machine on another continent. */
const ADDRESS_TIMEOUT = 2500;

/** Our own socket: ssh2 lets nobody end one whose peer has gone silent. */
const socketTo = ({ hostName, port, addressFamily, bindAddress }: Way): Socket =>
  connect({
    host: hostName,
    port,
    family: FAMILY[addressFamily],
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT,
    ...(bindAddress === undefined ? {} : { localAddress: bindAddress }),
  });

interface State {
  gone: boolean;
  said?: string | undefined;
  readonly listeners: Set<() => void>;
}

interface Connected {
  readonly client: Client;
  readonly way: Way;
  readonly state: State;
}

const executionOn = (channel: ClientChannel, { way, state }: Connected): Execution => {
  const ended = new Promise<Ending>((resolve) => {
    let ending: Ending | undefined;
    channel.on("exit", (code: number | null, signal?: string) => {
      ending = code === null ? { code, ...(signal === undefined ? {} : { signal }) } : { code };
    });
    const finish = (): void => {
      state.listeners.delete(lost);
      resolve(ending ?? { failure: cut(way, state.said) });
    };
    // A channel whose output nobody reads to its end never closes by itself; what has arrived is read first.
    const lost = (): void => void setImmediate(finish);
    channel.on("close", finish);
    state.listeners.add(lost);
  });
  channel.on("error", () => undefined);
  const stop = (): void => {
    // sshd passes signals on since OpenSSH 7.9; a program under sudo is out of its reach.
    if (!state.gone) channel.signal("TERM");
    channel.close();
  };
  return { stdin: channel.stdin, stdout: channel, stderr: channel.stderr, ended, stop };
};

const BUSY = /channel open failure/i;

const startOn = (connected: Connected, line: string): Promise<Start> =>
  new Promise((resolve, reject) => {
    const { client, way, state } = connected;
    if (state.gone) return resolve({ kind: "gone" });
    const settle = (error: Error | undefined, channel: ClientChannel): void => {
      if (error === undefined) resolve({ kind: "started", execution: executionOn(channel, connected) });
      else if (BUSY.test(error.message)) resolve({ kind: "busy" });
      // ssh2 says so of a channel that was asked for and never opened: the command was not sent.
      else if (error.message === "No response from server") resolve({ kind: "gone" });
      else reject(cut(way, state.said ?? error.message));
    };
    try {
      client.exec(line, settle);
    } catch {
      resolve({ kind: "gone" });
    }
  });

const forwardOn = (client: Client, hostName: string, port: number): Promise<Duplex | SshError> =>
  new Promise((resolve) => {
    try {
      client.forwardOut("127.0.0.1", 0, hostName, port, (error, channel) => resolve(error ?? channel));
    } catch (error) {
      resolve({ message: error instanceof Error ? error.message : String(error) });
    }
  });

const linkOver = (client: Client, way: Way, sock: Duplex): SshLink => {
  const state: State = { gone: false, listeners: new Set() };
  const lose = (): void => {
    if (state.gone) return;
    state.gone = true;
    for (const listener of [...state.listeners]) listener();
    state.listeners.clear();
  };
  client.on("error", (error: Error) => {
    state.said = error.message;
  });
  client.on("close", lose);
  client.on("end", lose);
  const connected = { client, way, state };
  return {
    start: (line) => startOn(connected, line),
    forward: (hostName, port) => forwardOn(client, hostName, port),
    lost: () => state.gone,
    onLost: (listener) => {
      if (state.gone) listener();
      else state.listeners.add(listener);
    },
    end: () => {
      client.end();
      // A peer that does not answer the goodbye is left after a second.
      setTimeout(() => sock.destroy(), 1000).unref();
    },
  };
};

/** Where time has run out while an agent was asked, it is the agent that did not answer. */
const blamed = (error: SshError, { agent }: Waiting): SshError =>
  error.level === "client-timeout" && agent !== undefined ? { level: "agent-silent", message: agent } : error;

/** Has the key judged, in its own time; what is wrong with it is kept for the message. */
const verifier =
  ({ verify }: Dialling, keep: (failure: Failure | undefined) => void) =>
  (key: Buffer, answer: (right: boolean) => void): void => {
    void verify(key).then((failure) => {
      keep(failure);
      answer(failure === undefined);
    });
  };

/** Connects and logs in. Settles within the connect timeout, whatever the far end does. */
export const dial = (dialling: Dialling): Promise<SshLink | Trouble> =>
  new Promise((resolve) => {
    const { way } = dialling;
    const tale = newTale();
    const client = new Client();
    const sock = dialling.sock ?? socketTo(way);
    let refused: Failure | undefined;
    const waiting: Waiting = {};
    const fail = (error: SshError): void => {
      clearTimeout(timer);
      if (refused !== undefined) resolve({ failure: refused, again: false });
      else resolve(explain(way, told(blamed(error, waiting), tale), login(dialling.tried, tale)));
      sock.destroy();
    };
    const timer = setTimeout(
      () => fail({ level: "client-timeout", message: "no answer" }),
      way.connectTimeoutSeconds * 1000 + 500,
    );
    client.on("error", (error: Error & { level?: string; code?: string | number }) => {
      // An agent that fails is passed over by ssh2: the next key is tried.
      if (error.level !== "agent") fail(error);
      else tale.refused = error.message;
    });
    client.on("close", () => fail({ message: "closed the connection during the login" }));
    client.on("ready", () => {
      clearTimeout(timer);
      // Small packets go at once: Nagle's algorithm and delayed acknowledgements cost 40 ms a command.
      client.setNoDelay(true);
      resolve(linkOver(client, way, sock));
    });
    const hostVerifier = verifier(dialling, (failure) => (refused = failure));
    try {
      client.connect({ ...configOf(dialling, waiting, tale), sock, hostVerifier });
    } catch (error) {
      fail({ message: error instanceof Error ? error.message : String(error) });
    }
  });
