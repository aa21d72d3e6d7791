import { within } from "./deadline.js";
import { collect, neverStarted, type Execution, type Link, type Outcome, type Start } from "./execution.js";
import { Failure } from "./failure.js";
import type { Passwords } from "./passwords.js";
import { commandLine, type Privilege } from "./shell.js";
import { asksPassword, isRefusal, notBegun, type Login } from "./sudo-words.js";

export { notBegun, type Login } from "./sudo-words.js";

/** Thrown where the link was gone before anything ran: whoever holds the pool opens a new one and tries again. */
export const GONE = new Error("the connection was gone before the program was started");

/** A process to start, and how long the far end may take to begin with it. */
interface Beginning {
  readonly line: string;
  readonly host: string;
  readonly name: string;
  readonly seconds: number;
}

const HANGS =
  "Look at the machine: sshd hangs in PAM, in a directory server or on a full disk; try `ssh HOST true`.";

/** Starts a process; one that comes too late is given up. @throws GONE; Failure `timeout` */
export const started = async (link: Link, beginning: Beginning): Promise<Execution> => {
  const starting = link.start(beginning.line);
  const start = await within<Start | "late">(beginning.seconds, starting, () => "late");
  if (start === "late") {
    starting.then(
      (late) => late.kind === "started" && late.execution.stop(),
      () => undefined,
    );
    throw neverStarted(beginning, HANGS);
  }
  if (start.kind === "started") return start.execution;
  if (start.kind === "gone") throw GONE;
  throw new Failure({
    code: "timeout",
    host: beginning.host,
    what: "the server has no channel free for another program",
    cure: "Look at MaxSessions in its sshd_config; 10, the default, is enough.",
  });
};

/** Seconds that sudo may take to say yes or no. A wrong password costs two (pam_faildelay), a directory server that is gone far more. */
const PROBE_SECONDS = 30;

/** A shell as superuser that does nothing: the same command as every program, since sudoers may allow just that one. */
const probe = async (link: Link, login: Login, privilege: "sudo" | "sudo-password"): Promise<Outcome> => {
  const { line, marker } = commandLine({ text: ":", name: "sudo", args: [] }, privilege);
  const { host } = login;
  const execution = await started(link, { line, host, name: "sudo", seconds: PROBE_SECONDS });
  // One line, then the end: sudo must not take anything else for a second try.
  const stdin = Buffer.from(privilege === "sudo" ? "" : `${login.password ?? ""}\n`);
  return collect(execution, { host, name: "sudo", marker, stdin, timeoutSeconds: PROBE_SECONDS });
};

/** How to get the superuser on this link. A password is tried on one host first: many wrong attempts lock logins. */
const decide = async (link: Link, login: Login, passwords: Passwords): Promise<Privilege> => {
  const { password } = login;
  if (password === undefined) return "sudo";
  if ((await probe(link, login, "sudo")).begun) return "sudo";
  await passwords.tried({ ...login, password }, async () => {
    const outcome = await probe(link, login, "sudo-password");
    if (outcome.begun) return undefined;
    const failure = notBegun(login, outcome);
    if (!isRefusal(outcome)) throw failure;
    return failure;
  });
  return "sudo-password";
};

const decided = new WeakMap<Link, Promise<Privilege>>();

/** How a program becomes superuser; decided once per link. @throws Failure `sudo` */
export const privilegeOn = (
  link: Link,
  { login, passwords }: { readonly login: Login; readonly passwords: Passwords },
  become: boolean,
): Promise<Privilege> => {
  if (!become || login.root || login.become === "none") return Promise.resolve("as-login");
  const known = decided.get(link);
  if (known !== undefined) return known;
  const fresh = decide(link, login, passwords);
  decided.set(link, fresh);
  // Only an answer of sudo itself is kept; a lost connection says nothing about passwords.
  fresh.catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== "sudo") decided.delete(link);
  });
  return fresh;
};

/** True where sudo let the login in without a password before, and now asks: its memory of an earlier password has run out. */
export const wantsPasswordNow = (privilege: Privilege, login: Login, outcome: Outcome): boolean =>
  privilege === "sudo" && login.password !== undefined && !outcome.begun && asksPassword(outcome);

/** Decides anew. */
export const forgetPrivilege = (link: Link): void => {
  decided.delete(link);
};
