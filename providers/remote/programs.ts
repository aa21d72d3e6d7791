import { collect, type Execution, type Link, type Outcome } from "./execution.js";
import type { RunRequest, RunResult } from "./machine.js";
import type { Passwords } from "./passwords.js";
import { commandLine, type Privilege } from "./shell.js";
import { forgetPrivilege, notBegun, privilegeOn, started, wantsPasswordNow, type Login } from "./sudo.js";

/** What is known where a program is run. */
export interface Surroundings {
  readonly login: Login;
  /** What is known in this run of passwords for sudo. */
  readonly passwords: Passwords;
  readonly commandTimeoutSeconds: number;
}

/** A program that was started. */
export interface Running {
  readonly execution: Execution;
  readonly marker: string;
  /** What sudo is to be handed before the program has its input. */
  readonly password?: string | undefined;
  /** What a shell that stays is to be sent, to become the program. */
  readonly message?: string | Uint8Array;
}

/** Starts a program. @throws GONE where the connection was gone before */
export const startProgram = async (
  link: Link,
  { login, commandTimeoutSeconds }: Surroundings,
  { program, args, privilege, timeoutSeconds }: Omit<RunRequest, "stdin"> & { readonly privilege: Privilege },
): Promise<Running> => {
  const { name } = program;
  const { line, marker } = commandLine({ text: program.text, name, args: args ?? [] }, privilege);
  const password = privilege === "sudo-password" ? login.password : undefined;
  const seconds = timeoutSeconds ?? commandTimeoutSeconds;
  return { execution: await started(link, { line, host: login.host, name, seconds }), marker, password };
};

const bytes = (stdin: string | Uint8Array | undefined): Uint8Array =>
  typeof stdin === "string" ? Buffer.from(stdin, "utf8") : (stdin ?? Buffer.alloc(0));

type Attempt = RunRequest & { readonly privilege: Privilege };

const attempt = async (link: Link, around: Surroundings, request: Attempt): Promise<Outcome> => {
  const { execution, marker, password } = await startProgram(link, around, request);
  return collect(execution, {
    host: around.login.host,
    name: request.program.name,
    marker,
    password,
    stdin: bytes(request.stdin),
    timeoutSeconds: request.timeoutSeconds ?? around.commandTimeoutSeconds,
    maxOutputBytes: request.maxOutputBytes,
  });
};

/** Runs a program by a start of its own. @throws Failure `sudo`, `authentication`, `timeout`, `cut`; GONE where nothing was started */
export const runAlone = async (link: Link, around: Surroundings, request: RunRequest): Promise<RunResult> => {
  const become = request.become ?? true;
  const privilege = await privilegeOn(link, around, become);
  let outcome = await attempt(link, around, { ...request, privilege });
  if (wantsPasswordNow(privilege, around.login, outcome)) {
    forgetPrivilege(link);
    outcome = await attempt(link, around, {
      ...request,
      privilege: await privilegeOn(link, around, become),
    });
  }
  if (!outcome.begun) throw notBegun(around.login, outcome);
  const signal = outcome.signal === undefined ? {} : { signal: outcome.signal };
  return { code: outcome.code, ...signal, stdout: outcome.stdout, stderr: outcome.stderr };
};
