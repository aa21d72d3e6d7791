import { Failure, type FailureCode } from "../failure.js";
import type { LoginStory } from "./login-tale.js";
import type { Way } from "./way.js";

/** What ssh2 adds to its errors. */
export interface SshError {
  readonly message: string;
  readonly level?: string | undefined;
  readonly code?: string | number | undefined;
  /** Why a channel was not opened. */
  readonly reason?: number | string | undefined;
}

export interface Trouble {
  readonly failure: Failure;
  /** The server turned the connection away before it knew who was there: another attempt is right. */
  readonly again: boolean;
}

interface Explanation {
  readonly code: FailureCode;
  readonly what: string;
  readonly cure: string;
  readonly again?: boolean;
}

const CHECK_WAY =
  "Try `ssh -v` to it from here; HostName, Port and ProxyJump of ssh_config decide where that goes.";

const place = ({ hostName, port, via }: Way): string =>
  `${hostName} port ${port}${via === undefined ? "" : `, by way of ${via.host}`}`;

/** Nobody answers: the one code on which a delete may forget a machine. */
const unreachable = (what: string): Explanation => ({ code: "unreachable", what, cure: CHECK_WAY });

/** Somebody answered, and hung up. */
const hungUp = (what: string, again: boolean): Explanation => ({ code: "cut", what, cure: CHECK_WAY, again });

const beforeLogin = (way: Way): Explanation =>
  hungUp(`${place(way)} closed the connection before the login (many logins at once?)`, true);

const SOCKET: Readonly<Record<string, (way: Way) => Explanation>> = {
  ECONNREFUSED: (way) => unreachable(`${place(way)} refused the connection: no ssh server there`),
  EHOSTUNREACH: (way) => unreachable(`no route to ${place(way)}`),
  ENETUNREACH: (way) => unreachable(`no route to ${place(way)}`),
  ENOTFOUND: (way) => unreachable(`the name ${way.hostName} is not known`),
  EAI_AGAIN: (way) => unreachable(`the name ${way.hostName} could not be looked up`),
  ETIMEDOUT: (way) => unreachable(`${place(way)} did not answer`),
  ECONNRESET: beforeLogin,
  EPIPE: beforeLogin,
};

/** Where ssh2 is at its end, the system's own ssh may not be. */
export const WAY_OUT =
  'What ssh2 cannot use, your own ssh can: where it comes in, set ceph-openstack:transport to "openssh" (CEPH_OPENSTACK_TRANSPORT).';

const login = (way: Way, { tried, beyond }: LoginStory): Explanation => ({
  code: "authentication",
  what: `the login ${way.user} at ${place(way)} was refused; ${tried}`,
  cure: beyond
    ? WAY_OUT
    : "User, IdentityFile and the agent of ssh_config decide who logs in with what; ceph-openstack:sshUser and sshPrivateKey count more.",
});

const noAnswer = (way: Way): Explanation =>
  unreachable(`${place(way)} did not finish the login within ${way.connectTimeoutSeconds} s`);

/** @see https://www.rfc-editor.org/rfc/rfc4254#section-5.1 */
const ADMINISTRATIVELY_PROHIBITED = 1;

/** By level of the error, as ssh2 gives it. */
const LEVEL: Readonly<Record<string, (way: Way, error: SshError, story: LoginStory) => Explanation>> = {
  "client-authentication": (way, _error, story) => login(way, story),
  "client-timeout": (way) => noAnswer(way),
  // The host has answered: it is there, and a delete must not forget it.
  "agent-silent": (way, { message }) => ({
    code: "authentication",
    what: `the login ${way.user} at ${place(way)} was not finished: ${message} did not answer within ${way.connectTimeoutSeconds} s`,
    cure: "`ssh-add -l` must answer at once; a key that wants a touch or a word needs somebody there, or connectTimeoutSeconds.",
  }),
  // sshd's MaxStartups answers so; ssh2 has no other word for it.
  protocol: (way, error) =>
    error.message.includes("before handshake")
      ? beforeLogin(way)
      : hungUp(`${place(way)} does not speak ssh as it should: ${error.message}`, false),
  jump: (way, error) =>
    error.reason === ADMINISTRATIVELY_PROHIBITED
      ? {
          code: "configuration",
          what: `the jump host does not carry connections to ${place(way)}`,
          cure: "AllowTcpForwarding and PermitOpen of its sshd_config decide that.",
        }
      : unreachable(`the jump host cannot connect to ${place(way)}: ${error.message}`),
  handshake: (way, error) => ({
    code: "configuration",
    what: `no common ground with ${place(way)}: ${error.message}`,
    cure: `KexAlgorithms, HostKeyAlgorithms, Ciphers and MACs of ssh_config, or an update of one side. ${WAY_OUT}`,
  }),
};

const explanation = (way: Way, error: SshError, story: LoginStory): Explanation => {
  if (typeof error.code === "string" && SOCKET[error.code] !== undefined)
    return SOCKET[error.code]?.(way) ?? noAnswer(way);
  if (/too many authentication failures/i.test(error.message)) {
    return {
      ...login(way, { ...story, tried: `${story.tried}; the server allows no more attempts` }),
      cure: "Name the right key: IdentityFile and `IdentitiesOnly yes`.",
    };
  }
  return LEVEL[error.level ?? ""]?.(way, error, story) ?? hungUp(`${place(way)}: ${error.message}`, false);
};

const NO_STORY: LoginStory = { tried: "", beyond: false };

/** A failure with its cure, from what ssh2 or the socket said before the login was done. */
export const explain = (way: Way, error: SshError, story: LoginStory = NO_STORY): Trouble => {
  const { again, ...parts } = explanation(way, error, story);
  return { failure: new Failure({ host: way.host, ...parts }), again: again ?? false };
};

/** The connection carried programs and is gone. */
export const cut = (way: Pick<Way, "host">, said?: string): Failure =>
  new Failure({
    code: "cut",
    host: way.host,
    what: `the connection was lost while a program ran${said === undefined ? "" : ` (${said})`}; it may have been done or not`,
    cure: "Run it again: every step can be repeated.",
  });
