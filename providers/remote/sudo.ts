import { Failure } from "./failure.js";
import { collect, type Execution, type Link, type Outcome } from "./execution.js";
import { commandLine, type Privilege } from "./shell.js";

/** Thrown where the link was gone before anything ran: whoever holds the pool opens a new one and tries again. */
export const GONE = new Error("the connection was gone before the program was started");

/** What is known of the login at the far end. */
export interface Login {
  readonly host: string;
  readonly user: string;
  /** The login is root already. */
  readonly root: boolean;
  readonly become: "sudo" | "none";
  readonly password?: string | undefined;
}

/** Starts a process. @throws GONE */
export const started = async (link: Link, line: string, host: string): Promise<Execution> => {
  const start = await link.start(line);
  if (start.kind === "started") return start.execution;
  if (start.kind === "gone") throw GONE;
  throw new Failure({
    code: "timeout",
    host,
    what: "the server has no channel free for another program",
    cure: "Look at MaxSessions in its sshd_config; 10, the default, is enough.",
  });
};

/** Seconds that sudo may take to say yes or no. A wrong password costs two (pam_faildelay), a directory server that is gone far more. */
const PROBE_SECONDS = 30;

/** A shell as superuser that does nothing: the same command as every program, since sudoers may allow just that one. */
const probe = async (link: Link, login: Login, privilege: "sudo" | "sudo-password"): Promise<Outcome> => {
  const { line, marker } = commandLine({ text: ":", name: "sudo", args: [] }, privilege);
  const execution = await started(link, line, login.host);
  // One line, then the end: sudo must not take anything else for a second try.
  const stdin = Buffer.from(privilege === "sudo" ? "" : `${login.password ?? ""}\n`);
  return collect(execution, { host: login.host, name: "sudo", marker, stdin, timeoutSeconds: PROBE_SECONDS });
};

/** Causes that sudo tells, first match wins. The texts are those of sudo 1.8 and 1.9 under LC_ALL=C, and of the shells. */
const CAUSES: readonly (readonly [RegExp, (login: Login) => { what: string; cure: string }])[] = [
  [
    /must have a tty/,
    () => ({
      what: "sudo wants a terminal (requiretty)",
      cure: "Take `requiretty` away for this login: `Defaults:LOGIN !requiretty`.",
    }),
  ],
  [
    /incorrect password attempt|Sorry, try again/,
    () => ({
      what: "sudo refused the password",
      cure: "Give the right one as ceph-openstack:sudoPassword (secret) or CEPH_OPENSTACK_SUDO_PASSWORD.",
    }),
  ],
  [
    /not in the sudoers file|may not run sudo|is not allowed to (execute|run)/,
    ({ user }) => ({
      what: `the login ${user} may not use sudo`,
      cure: "Allow it in /etc/sudoers.d, log in as root, or set ceph-openstack:become to none where no superuser is needed.",
    }),
  ],
  [
    /password is required|no password was provided|terminal is required/,
    ({ user, password }) => ({
      what:
        password === undefined
          ? `sudo asks ${user} for a password and none is configured (or ${user} has no rights: sudo says the same)`
          : `sudo did not take the password of ${user}`,
      cure: "Set ceph-openstack:sudoPassword (secret), allow the login NOPASSWD in /etc/sudoers.d, or log in as root.",
    }),
  ],
  [
    /sudo: (command )?not found|sudo: No such file/,
    () => ({
      what: "there is no sudo",
      cure: "Install it, log in as root, or set ceph-openstack:become to none.",
    }),
  ],
  [/^sudo: /m, () => ({ what: "sudo failed", cure: "Try `sudo -n true` on the machine with this login." })],
];

/** Why a program has not begun, from what sudo or the login shell said. */
export const notBegun = (login: Login, outcome: Pick<Outcome, "code" | "stderr">): Failure => {
  const { host, user } = login;
  const found = CAUSES.find(([said]) => said.test(outcome.stderr));
  if (found !== undefined)
    return new Failure({ code: "sudo", host, ...found[1](login), stderr: outcome.stderr });
  return new Failure({
    code: "authentication",
    host,
    what: `the login ${user} works, but it did not run /bin/sh as asked (exit code ${String(outcome.code)})`,
    stderr: outcome.stderr,
    cure: "Give it a usual login shell; a forced command in authorized_keys or sshd_config must let commands through.",
  });
};

/** How to get the superuser on this link. The password is tried once: many wrong attempts lock logins. */
const decide = async (link: Link, login: Login): Promise<Privilege> => {
  const { password } = login;
  if (password === undefined) return "sudo";
  if ((await probe(link, login, "sudo")).begun) return "sudo";
  const outcome = await probe(link, login, "sudo-password");
  if (!outcome.begun) throw notBegun(login, outcome);
  return "sudo-password";
};

const decided = new WeakMap<Link, Promise<Privilege>>();

/** How a program becomes superuser; decided once per link. @throws Failure `sudo` */
export const privilegeOn = (link: Link, login: Login, become: boolean): Promise<Privilege> => {
  if (!become || login.root || login.become === "none") return Promise.resolve("as-login");
  const known = decided.get(link);
  if (known !== undefined) return known;
  const fresh = decide(link, login);
  decided.set(link, fresh);
  // Only an answer of sudo itself is kept; a lost connection says nothing about passwords.
  fresh.catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== "sudo") decided.delete(link);
  });
  return fresh;
};

/** True where sudo let the login in without a password before, and now asks: its memory of an earlier password has run out. */
export const wantsPasswordNow = (privilege: Privilege, login: Login, outcome: Outcome): boolean =>
  privilege === "sudo" &&
  login.password !== undefined &&
  !outcome.begun &&
  outcome.stderr.includes("password is required");

/** Decides anew. */
export const forgetPrivilege = (link: Link): void => {
  decided.delete(link);
};
