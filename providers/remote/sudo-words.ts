import { Failure } from "./failure.js";
import type { Outcome } from "./execution.js";

/** What is known of the login at the far end. */
export interface Login {
  readonly host: string;
  readonly user: string;
  /** The login is root already. */
  readonly root: boolean;
  readonly become: "sudo" | "none";
  readonly password?: string | undefined;
}

interface Cause {
  readonly what: string;
  readonly cure: string;
}

const PASSWORD_KEY = "ceph-openstack:sudoPassword (secret) or CEPH_OPENSTACK_SUDO_PASSWORD";

/**
 * Causes that sudo tells, first match wins. The texts are those of sudo 1.8 and 1.9 under LC_ALL=C, of sudo-rs 0.2, and of the shells.
 * @see https://github.com/trifectatechfoundation/sudo-rs/blob/main/src/common/error.rs
 */
const CAUSES: readonly (readonly [RegExp, (login: Login) => Cause])[] = [
  [
    /must have a tty/,
    () => ({
      what: "sudo wants a terminal (requiretty)",
      cure: "Take `requiretty` away for this login: `Defaults:LOGIN !requiretty`.",
    }),
  ],
  [
    /incorrect (password|authentication) attempt|try again\./,
    () => ({ what: "sudo refused the password", cure: `Give the right one as ${PASSWORD_KEY}.` }),
  ],
  [
    /not in the sudoers file|may not run sudo|is not allowed to (execute|run)|I'm afraid I can't do that/,
    ({ user }) => ({
      what: `the login ${user} may not use sudo`,
      cure: "Allow it in /etc/sudoers.d, log in as root, or set ceph-openstack:become to none where no superuser is needed.",
    }),
  ],
  [
    /(password|interactive authentication|terminal) is required|no password was provided|Interaction is required|askpass/,
    ({ user, password }) => ({
      what:
        password === undefined
          ? `sudo asks ${user} for a password and none is configured (or ${user} has no rights: sudo says the same)`
          : `sudo did not take the password of ${user}`,
      cure:
        "Set ceph-openstack:sudoPassword (secret), allow the login NOPASSWD in /etc/sudoers.d, or log in as root. " +
        "Where sudo lets people in by their ssh agent (pam_ssh_agent_auth) it asks for a password too: no agent is forwarded to hosts.",
    }),
  ],
  [
    /sudo: (command )?not found|sudo: No such file/,
    () => ({
      what: "there is no sudo",
      cure: "Install it, log in as root, or set ceph-openstack:become to none.",
    }),
  ],
  [
    /^sudo(-rs)?: /m,
    () => ({ what: "sudo failed", cure: "Try `sudo -n true` on the machine with this login." }),
  ],
];

type Said = Pick<Outcome, "stderr">;

/** sudo has looked at the password, and it was wrong. */
export const isRefusal = ({ stderr }: Said): boolean =>
  /incorrect (password|authentication) attempt|try again\./.test(stderr);

/** sudo, told to ask for nothing, would have asked for a password. */
export const asksPassword = ({ stderr }: Said): boolean =>
  /password is required|interactive authentication is required/.test(stderr);

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
