import { redact } from "./redact.js";

/** What kind of thing failed, for code that reacts; people read the message. */
export type FailureCode =
  | "unreachable" // no connection: refused, no route, unknown name, connect timeout
  | "authentication" // the login was refused
  | "host-key" // unknown or changed host key
  | "configuration" // the way to a host is configured in a way that is not honoured
  | "sudo" // no superuser
  | "timeout" // a program did not end in time
  | "cut" // the connection was lost while a program ran
  | "command" // a program ended with an exit code that its client does not know as a value
  | "conflict" // the thing is there and is not ours
  | "owned" // another stack or resource owns it
  | "broken" // a check found that the way from a service to its data is broken
  | "refused" // doing it would cost data, or a rule of the safety promises forbids it
  | "not-converged"; // applied, looked again, and it is not as desired

/** The parts of a message; every part is redacted when the message is made. */
export interface FailureParts {
  readonly code: FailureCode;
  /** The artifact, e.g. `pool vms` or `/etc/cinder/cinder.conf [ceph]`. Added by the kernel where the thrower does not know it. */
  readonly artifact?: string;
  readonly host?: string;
  /** All of them, where several did not answer. */
  readonly hosts?: readonly string[];
  /** Name of the command, without payload. */
  readonly command?: string;
  readonly exitCode?: number | null;
  /** What happened, in one sentence. */
  readonly what: string;
  /** Last lines of standard error. */
  readonly stderr?: string;
  /** What to do about it. */
  readonly cure?: string;
}

const ERRNO: Readonly<Record<number, string>> = {
  1: "EPERM",
  2: "ENOENT",
  5: "EIO",
  11: "EAGAIN",
  13: "EACCES",
  16: "EBUSY",
  17: "EEXIST",
  22: "EINVAL",
  28: "ENOSPC",
  34: "ERANGE",
  95: "EOPNOTSUPP",
  110: "ETIMEDOUT",
};

/** Name of an errno that a Ceph tool exits with, e.g. 34 → "ERANGE"; undefined where there is none. */
export const errnoName = (code: number): string | undefined => ERRNO[code];

const lastLines = (text: string, count = 6): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-count)
    .join("\n  ");

const exited = ({ exitCode }: FailureParts): string => {
  if (exitCode === undefined) return "";
  if (exitCode === null) return " was ended by a signal";
  const name = errnoName(exitCode);
  return ` exited ${exitCode}${name === undefined ? "" : ` (${name})`}`;
};

const whereOf = ({ artifact, host, command, what }: FailureParts): string => {
  // Most artifacts on a host say which in their own name: "/etc/cinder/cinder.conf [ceph] on vol1".
  const isSaid = host === undefined || artifact?.endsWith(` on ${host}`) === true;
  // "pool vms is there already" names its artifact, too.
  const isNamed = artifact !== undefined && command === undefined && what.startsWith(`${artifact} `);
  return [isNamed ? undefined : artifact, isSaid ? undefined : `host ${host}`].filter(Boolean).join(" on ");
};

/** The one place where a message is made: artifact, host, command, exit code, what, standard error, cure. */
const message = (parts: FailureParts): string => {
  const where = whereOf(parts);
  const command = parts.command === undefined ? "" : `${parts.command}${exited(parts)}: `;
  const stderr =
    parts.stderr === undefined || parts.stderr.trim() === "" ? "" : `\n  ${lastLines(parts.stderr)}`;
  const cure = parts.cure === undefined ? "" : `\n  ${parts.cure}`;
  return redact(`${where === "" ? "" : `${where}: `}${command}${parts.what}${stderr}${cure}`);
};

const BRAND: unique symbol = Symbol.for("pulumi-ceph-openstack.Failure");

/** The one error class: a failure of the world, without a stack trace, that a stranger can act on. */
export class Failure extends Error {
  readonly [BRAND] = true;
  readonly parts: FailureParts;

  constructor(parts: FailureParts) {
    super(message(parts));
    this.name = "ceph-openstack";
    this.parts = parts;
    // Pulumi's provider process prints `${error}: ${error.stack}` for read and delete: nobody is helped by our frames.
    this.stack = this.message;
  }

  get code(): FailureCode {
    return this.parts.code;
  }

  /** The same failure, with the artifact that it happened to. */
  of(artifact: string): Failure {
    return this.parts.artifact === undefined ? new Failure({ ...this.parts, artifact }) : this;
  }

  override toString(): string {
    return this.name;
  }
}

/** True for a Failure of any copy of this library in the process (a brand, not `instanceof`). */
export const isFailure = (error: unknown): error is Failure =>
  typeof error === "object" && error !== null && BRAND in error;

/** What is asked beside the matter: undefined where a Failure keeps it from being known. */
export const unlessFailed = async <T>(doing: Promise<T>): Promise<T | undefined> => {
  try {
    return await doing;
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
};
