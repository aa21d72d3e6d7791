/**
 * What the rest of the house sees of a machine: programs run on it, nothing else. Everything behind it (OpenSSH configuration, agent, jump
 * hosts, sudo, channels) stays in this folder.
 */

import type { Web } from "./web.js";

/**
 * A remote program: a constant text for `/bin/sh`, right under any login shell of the far end. `name` is what errors and process lists
 * show for it. Nothing that varies is ever put into `text`: it goes into `args` (public) or standard input (payload).
 */
export interface Program {
  readonly name: string;
  readonly text: string;
  /** Where the connection goes, or its time is over, it is left to its own end: it must put something back. @default false: it is ended */
  readonly outlives?: boolean;
}

/** One run of a program on a machine. */
export interface RunRequest {
  readonly program: Program;
  /** Positional arguments `$1`…; visible in process lists, so never a secret. */
  readonly args?: readonly string[];
  /** Standard input: payload only. @default empty */
  readonly stdin?: string | Uint8Array;
  /** Time the program may take, in seconds. @default the configured commandTimeoutSeconds (60) */
  readonly timeoutSeconds?: number;
  /** Bytes of standard output that are kept; a program that says more is ended, and the run fails. @default 64 MiB */
  readonly maxOutputBytes?: number;
  /** Run as the superuser (by sudo where the login is not root and `become` is not `none`). @default true */
  readonly become?: boolean;
}

/** How a program ended. A non-zero exit is a result, not an error: its meaning belongs to the client of that tool. */
export interface RunResult {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly signal?: string;
  readonly stdout: Uint8Array;
  /** Decoded as UTF-8, redacted. */
  readonly stderr: string;
  /** Why it was started by itself, and not by the one shell of its host. */
  readonly alone?: string;
}

/** A program that stays for as long as its standard input is open: lines in, lines out. */
export interface Conversation {
  /** Sends one line (the newline is added). Rejects when the program has ended or the connection is gone. */
  send(line: string): Promise<void>;
  /** Called with every whole line of standard output. Set once, right after opening. */
  onLine(listener: (line: string) => void): void;
  /** Called once: with the exit code and standard error, or with the failure that cut the connection. */
  onEnd(listener: (end: { code: number | null; stderr: string; failure?: Error }) => void): void;
  /** Closes standard input; the program ends by itself. */
  end(): void;
}

/** A machine by the name that OpenSSH knows it under. */
export interface Machine {
  readonly name: string;
  /** @throws Failure `unreachable`, `authentication`, `host-key`, `sudo`, `timeout`, `cut`: the world failed, not the program. */
  run(request: RunRequest): Promise<RunResult>;
  open(request: Omit<RunRequest, "stdin">): Promise<Conversation>;
}

/** The only door to the network. One per provider process and configuration. */
export interface Remote {
  machine(host: string): Machine;
  /** One request to a service that is reached by HTTP. */
  readonly web: Web;
  /** Ends every connection; later runs open new ones. */
  close(): Promise<void>;
}
