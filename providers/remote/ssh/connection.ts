import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Client, OpenSSHAgent, utils } from "ssh2";
import type { AnyAuthMethod, ClientChannel, ConnectConfig, IdentityCallback, ParsedKey } from "ssh2";
import type { Ending, Execution, Link, Start } from "../execution.js";
import type { Failure } from "../failure.js";
import type { Identity, KeyIdentity } from "./keys.js";
import { choose, spokenByDefault } from "./algorithms.js";
import { cut, explain, type SshError, type Trouble } from "./trouble.js";
import type { Way } from "./way.js";

/** A connection to one machine. */
export interface SshLink extends Link {
  /** A stream to a port that the machine can reach, or what kept it from being opened. */
  forward(hostName: string, port: number): Promise<Duplex | SshError>;
  /** True once the connection is gone. */
  lost(): boolean;
  /** Called once when the connection goes. */
  onLost(listener: () => void): void;
  end(): void;
}

export interface Dialling {
  readonly way: Way;
  readonly identities: readonly Identity[];
  /** What was tried, for the message of a refused login. */
  readonly tried: string;
  /** Host key types that are known already come first. */
  readonly hostKeyAlgorithms: readonly string[];
  /** Undefined: the key is right. */
  readonly verify: (key: Buffer) => Failure | undefined;
  /** The stream that carries the connection, where it is not a socket of our own. */
  readonly sock?: Duplex | undefined;
}

/** The agent, showing only those of its keys that count. */
class ChosenKeys extends OpenSSHAgent {
  readonly counts: (blob: Buffer) => boolean;

  constructor(socket: string, counts: (blob: Buffer) => boolean) {
    super(socket);
    this.counts = counts;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) => {
      if (error) callback(error);
      else
        callback(
          null,
          keys?.filter((key) => "getPublicSSH" in key && this.counts(key.getPublicSSH())),
        );
    });
  }
}

const parsed = new Map<string, ParsedKey | Error>();

/** Parsed once per process: opening an encrypted key takes about 0.1 s of computing, and a run opens many connections. */
const parseOnce = ({ text, passphrase }: KeyIdentity): ParsedKey | Error => {
  const name = `${passphrase ?? ""}\n${text}`;
  const known = parsed.get(name) ?? utils.parseKey(text, passphrase);
  parsed.set(name, known);
  return known;
};

/** Why a private key cannot be used, or undefined where it can. */
export const flawOf = (identity: KeyIdentity): string | undefined => {
  const key = parseOnce(identity);
  if (!(key instanceof Error)) return key.isPrivateKey() ? undefined : "is not a private key";
  if (/passphrase|decrypt|integrity|bad decrypt/i.test(key.message))
    return "is encrypted, and ceph-openstack:sshPassphrase does not open it";
  return `cannot be read as a private key (${key.message})`;
};

const methods = (user: string, identities: readonly Identity[]): AnyAuthMethod[] =>
  identities.flatMap((identity): AnyAuthMethod[] => {
    if (identity.kind === "agent")
      return [{ type: "agent", username: user, agent: new ChosenKeys(identity.socket, identity.counts) }];
    const key = parseOnce(identity);
    return key instanceof Error ? [] : [{ type: "publickey", username: user, key }];
  });

const configOf = ({ way, identities, hostKeyAlgorithms }: Dialling): ConnectConfig => {
  const { kex, cipher, mac } = way.algorithms;
  return {
    username: way.user,
    readyTimeout: way.connectTimeoutSeconds * 1000,
    keepaliveInterval: way.aliveIntervalSeconds * 1000,
    keepaliveCountMax: way.aliveCountMax,
    authHandler: methods(way.user, identities),
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

/** Connects and logs in. Settles within the connect timeout, whatever the far end does. */
export const dial = (dialling: Dialling): Promise<SshLink | Trouble> =>
  new Promise((resolve) => {
    const { way, tried, verify } = dialling;
    const client = new Client();
    const sock = dialling.sock ?? socketTo(way);
    let refused: Failure | undefined;
    const fail = (error: SshError): void => {
      clearTimeout(timer);
      resolve(refused === undefined ? explain(way, error, tried) : { failure: refused, again: false });
      sock.destroy();
    };
    const timer = setTimeout(
      () => fail({ level: "client-timeout", message: "no answer" }),
      way.connectTimeoutSeconds * 1000 + 500,
    );
    client.on("error", (error: Error & { level?: string; code?: string | number }) => {
      // An agent that fails is passed over by ssh2: the next key is tried.
      if (error.level !== "agent") fail(error);
    });
    client.on("close", () => fail({ message: "closed the connection during the login" }));
    client.on("ready", () => {
      clearTimeout(timer);
      // Small packets go at once: Nagle's algorithm and delayed acknowledgements cost 40 ms a command.
      client.setNoDelay(true);
      resolve(linkOver(client, way, sock));
    });
    const hostVerifier = (key: Buffer): boolean => {
      refused = verify(key);
      return refused === undefined;
    };
    try {
      client.connect({ ...configOf(dialling), sock, hostVerifier });
    } catch (error) {
      fail({ message: error instanceof Error ? error.message : String(error) });
    }
  });
