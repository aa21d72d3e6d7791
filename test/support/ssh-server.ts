/**
 * An ssh server inside the test's own process. It runs what it is sent by a real shell of this machine, or hands it to a function; it counts,
 * and it fails when it is told to: refuses, cuts, goes silent.
 */
import { createServer, type AddressInfo, type Socket } from "node:net";
import {
  Server,
  utils,
  type AuthContext,
  type AuthenticationType,
  type Connection,
  type KexAlgorithm,
  type PublicKeyAuthContext,
} from "ssh2";
import { newKey, type KeyPair } from "./ssh-keys";
import type { Received } from "./received";
import { serveForwards, serveSessions } from "./ssh-sessions";

export { received, type Received } from "./received";
export { newKey, type KeyPair } from "./ssh-keys";

/** What a scripted far end answers; output comes after the marker by itself. */
export interface Answer {
  readonly code?: number | null;
  readonly signal?: string;
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string;
}

/** A program that is talked to: lines in, lines out, until its standard input ends. */
export interface Talk {
  readonly greeting: string;
  /** The answer to a line; undefined: none, as of a program that is stuck. */
  answer(line: string): Promise<string | undefined>;
}

export interface SshServerOptions {
  /** Keys of the host. @default one new ed25519 key */
  readonly hostKeys?: readonly KeyPair[];
  /** Public keys that may log in, as any user. @default the server's own `clientKey` */
  readonly authorized?: readonly string[];
  /** Answers a program instead of the shell; undefined: the shell runs it. Standard input has been read to its end. */
  readonly answer?: (program: Received, stdin: Buffer) => Promise<Answer | undefined> | Answer | undefined;
  /** Takes a program for a conversation, in place of `answer`. */
  readonly converse?: (program: Received) => Promise<Talk | undefined> | undefined;
  /** The login shell. @default ["/bin/sh"] */
  readonly shell?: readonly string[];
  /** Environment of the shell. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Session channels open at a time on one connection, as sshd's MaxSessions. @default 10 */
  readonly maxSessions?: number;
  /** Connections that have not logged in, at a time; others are turned away as sshd's MaxStartups does. @default no limit */
  readonly maxStartups?: number;
  /** Answers keep-alives, and never this request of a client. @default undefined */
  readonly deafTo?: "session" | "exec";
  /** After the key: what is wanted besides; nothing of ours has it. */
  readonly secondFactor?: string;
  /** What the server takes in place of keys. */
  readonly onlyBy?: string;
  /** Key exchanges. @default ssh2's own */
  readonly kex?: readonly KexAlgorithm[];
  /** Milliseconds before a login is answered. @default 0 */
  readonly loginDelay?: number;
}

export interface Counts {
  connections: number;
  turnedAway: number;
  logins: number;
  channels: number;
  openChannels: number;
  mostChannels: number;
  refusedChannels: number;
  forwards: number;
  /** Command lines: programs that go by themselves, and shells that stay. */
  starts: number;
  /** Programs, those in a shell that stays included. */
  commands: number;
}

export interface SshServer {
  readonly port: number;
  readonly counts: Counts;
  /** For each program its command line, or that of its shell, in the order in which they came. */
  readonly commands: string[];
  /** Users that have logged in. */
  readonly users: string[];
  /** A key that may log in. */
  readonly clientKey: KeyPair;
  readonly hostKeys: readonly KeyPair[];
  /** Lines of a known_hosts file for `[127.0.0.1]:port`. */
  readonly knownHosts: string;
  /** Cuts the connection at the n-th program from the start (1 is the first): before it is run, or after it has run to its end. */
  cutAt: { readonly command: number; readonly when: "before" | "after" } | undefined;
  /** Cuts every connection now. */
  cut(): void;
  /** Stops reading: the far end looks like a machine that has lost its network. */
  silence(): void;
  close(): Promise<void>;
}

/** A server and what only its own parts may change. */
export interface Internals {
  readonly options: SshServerOptions;
  readonly server: SshServer;
  readonly sockets: Set<Socket>;
  readonly authorized: readonly string[];
  /** Connections that have not logged in. */
  startups: number;
}

const blobOf = (key: string): string => key.split(" ")[1] ?? "";

/** What the client signed, where it did: it asks without a signature first. */
const signatureOf = (context: PublicKeyAuthContext): { data: Buffer; by: Buffer } | undefined =>
  context.signature === undefined || context.blob === undefined
    ? undefined
    : { data: context.blob, by: context.signature };

const byKey = (inside: Internals, context: PublicKeyAuthContext): void => {
  const { secondFactor } = inside.options;
  const key = utils.parseKey(context.key.data);
  const signed = signatureOf(context);
  if (key instanceof Error) return context.reject();
  if (signed !== undefined && !key.verify(signed.data, signed.by, context.hashAlgo)) return context.reject();
  if (signed !== undefined && secondFactor !== undefined)
    return context.reject([secondFactor] as AuthenticationType[], true);
  context.accept();
  if (signed !== undefined) inside.server.users.push(context.username);
};

const authenticate = (inside: Internals, context: AuthContext): void => {
  const { onlyBy } = inside.options;
  const allowed =
    onlyBy === undefined &&
    context.method === "publickey" &&
    inside.authorized.some((key) => blobOf(key) === context.key.data.toString("base64"));
  if (allowed) byKey(inside, context);
  else context.reject([onlyBy ?? "publickey"] as AuthenticationType[]);
};

const serve = (inside: Internals, connection: Connection): void => {
  connection.on("error", () => {});
  connection.on("authentication", (context) => {
    setTimeout(() => authenticate(inside, context), inside.options.loginDelay ?? 0).unref();
  });
  let waiting = true;
  const passed = (): void => {
    if (waiting) inside.startups -= 1;
    waiting = false;
  };
  connection.on("close", passed);
  connection.on("ready", () => {
    inside.server.counts.logins += 1;
    passed();
  });
  serveSessions(inside, connection);
  serveForwards(inside, connection);
};

/** True where the connection was turned away, as sshd does it: in place of the banner, without a handshake. */
const turnedAway = (inside: Internals, socket: Socket): boolean => {
  if (inside.startups < (inside.options.maxStartups ?? Infinity)) return false;
  inside.server.counts.turnedAway += 1;
  socket.end("Exceeded MaxStartups\r\n");
  return true;
};

const noCounts = (): Counts => ({
  connections: 0,
  turnedAway: 0,
  logins: 0,
  channels: 0,
  openChannels: 0,
  mostChannels: 0,
  refusedChannels: 0,
  forwards: 0,
  starts: 0,
  commands: 0,
});

/** Starts a server on a free port of 127.0.0.1. */
export const sshServer = async (options: SshServerOptions = {}): Promise<SshServer> => {
  const clientKey = newKey();
  const hostKeys = options.hostKeys ?? [newKey()];
  const algorithms = options.kex === undefined ? {} : { algorithms: { kex: [...options.kex] } };
  const ssh = new Server({ hostKeys: hostKeys.map((key) => key.private), ...algorithms });
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const server: SshServer = {
    port,
    counts: noCounts(),
    commands: [],
    users: [],
    clientKey,
    hostKeys,
    knownHosts: hostKeys.map((key) => `[127.0.0.1]:${port} ${key.public}\n`).join(""),
    cutAt: undefined,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    silence: () => sockets.forEach((socket) => socket.pause()),
    close: () => {
      server.cut();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
  const inside: Internals = {
    options,
    server,
    sockets,
    authorized: options.authorized ?? [clientKey.public],
    startups: 0,
  };
  ssh.on("connection", (connection) => serve(inside, connection));
  listener.on("connection", (socket) => accept(inside, ssh, socket));
  return server;
};

const accept = (inside: Internals, ssh: Server, socket: Socket): void => {
  inside.server.counts.connections += 1;
  inside.sockets.add(socket);
  socket.on("error", () => {});
  socket.on("close", () => inside.sockets.delete(socket));
  if (turnedAway(inside, socket)) return;
  inside.startups += 1;
  ssh.injectSocket(socket);
};
