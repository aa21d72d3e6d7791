import { Failure, type FailureCode } from "../failure.js";
import type { OpenSshWay } from "./openssh-way.js";
import type { Trouble } from "./trouble.js";

/** What kind of end it is, by ssh's own words; the first that fits counts. The texts are those of OpenSSH 7.4 to 10. */
interface Words {
  readonly said: RegExp;
  readonly code: FailureCode;
  readonly what: (place: string, way: OpenSshWay) => string;
  readonly cure: string;
  readonly again?: boolean;
}

const CHECK_WAY = "Try `ssh -v` to it from here; ssh's configuration decides where that goes.";

const LOGIN =
  "Try `ssh -o BatchMode=yes` to it from here: it must come in without a question. What needs a person (a PIN, a one-time password, a touch) can be\n" +
  "  answered once beforehand: with ControlMaster and ControlPath set for the host, a connection that you have opened is used.";

const MOVED =
  "Somebody may be in between. Compare with `ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on the machine's console before you take the old key out.";

const UNKNOWN =
  "Compare the key with the machine's own (`ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on its console), then add it: log in once with ssh, or put its\n" +
  "  line into known_hosts or ceph-openstack:knownHosts.";

const WORDS: readonly Words[] = [
  {
    said: /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY/,
    code: "host-key",
    what: (place) => `the host key of ${place} has changed or is revoked`,
    cure: MOVED,
  },
  {
    said: /Host key verification failed|No \S+ host key is known/,
    code: "host-key",
    what: (place) => `the host key of ${place} is not known`,
    cure: UNKNOWN,
  },
  {
    said: /Bad configuration option|terminating, \d+ bad configuration|Bad owner or permissions|: line \d+: |^ssh: illegal|^unknown option/m,
    code: "configuration",
    what: () => "ssh refuses its configuration",
    cure: "Try `ssh -G` with that host's name from here.",
  },
  {
    said: /Unable to negotiate with|no matching (key exchange|host key|cipher|MAC)/,
    code: "configuration",
    what: (place) => `no common ground with ${place}`,
    cure: "KexAlgorithms, HostKeyAlgorithms, Ciphers and MACs of ssh_config, or an update of one side.",
  },
  {
    said: /Too many authentication failures/i,
    code: "authentication",
    what: (place, { user }) =>
      `the login ${user} at ${place} was refused; the server allows no more attempts`,
    cure: "Name the right key: IdentityFile and `IdentitiesOnly yes`.",
  },
  {
    said: /Permission denied \(|agent refused operation|Authentication failed|No more authentication methods/,
    code: "authentication",
    what: (place, { user }) => `the login ${user} at ${place} was refused`,
    cure: LOGIN,
  },
  {
    said: /administratively prohibited/,
    code: "configuration",
    what: (place) => `the jump host does not carry connections to ${place}`,
    cure: "AllowTcpForwarding and PermitOpen of its sshd_config decide that.",
  },
  {
    said: /Could not resolve hostname|connect to host .* port|open failed: connect failed|stdio forwarding failed|banner exchange.*timed out|timed out during banner/i,
    code: "unreachable",
    what: (place) => `${place} cannot be reached`,
    cure: CHECK_WAY,
  },
  {
    said: /(kex|ssh)_exchange_identification|Exceeded MaxStartups|Not allowed at this time/,
    code: "cut",
    what: (place) => `${place} closed the connection before the login (many logins at once?)`,
    cure: CHECK_WAY,
    again: true,
  },
];

/** The log without its debugging. */
const spoken = (log: string): string =>
  log
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => !/^debug\d: |^OpenSSH_|^@@+$/.test(line))
    .join("\n");

/** How many factors were taken before the login failed, and what the server still wants. */
const factors = (log: string): string => {
  const partial = /Authenticated using "([^"]+)" with partial success/.exec(log)?.[1];
  const wants = [...log.matchAll(/Authentications that can continue: (\S+)/g)].at(-1)?.[1];
  return partial === undefined
    ? ""
    : `; ${partial} was accepted, and the server wants ${wants ?? "more"} besides`;
};

const placeOf = ({ hostName, port, jumps }: OpenSshWay): string =>
  `${hostName} port ${port}${jumps ? ", by way of its jump host" : ""}`;

/** A command that carries the connection and gave up: nobody was there, and it would give up again. */
const byCommand = (log: string): boolean => log.includes("Executing proxy command");

/** Why ssh has ended before the login was done, from its log. */
export const explainEnd = (way: OpenSshWay, log: string): Trouble => {
  const stderr = spoken(log);
  const words = WORDS.find(({ said }) => said.test(stderr));
  const place = placeOf(way);
  if (words === undefined || (words.again === true && !way.jumps && byCommand(log))) {
    const code = byCommand(log) && !way.jumps ? "unreachable" : "cut";
    const what = `${place} closed the connection during the login`;
    return { failure: new Failure({ code, host: way.host, what, stderr, cure: CHECK_WAY }), again: false };
  }
  const { code, what, cure, again = false } = words;
  const more = code === "authentication" ? factors(log) : "";
  const failure = new Failure({ code, host: way.host, what: what(place, way) + more, stderr, cure });
  return { failure, again };
};

const STEPS =
  /Connecting to|Executing proxy command|SSH2_MSG_NEWKEYS received|Will attempt key|SSH2_MSG_SERVICE_ACCEPT|Offering public key|Server accepts key/g;

/** True where ssh waits for an agent (what keys has it?) or for a signature, and not for the far end. */
const waitsForKeys = (log: string): boolean => {
  const last = [...log.matchAll(STEPS)].at(-1)?.[0];
  return last === "SSH2_MSG_NEWKEYS received" || last === "Server accepts key";
};

/** The login was not done in time. Where the host has done its part, it is the login that failed. */
export const explainLate = (way: OpenSshWay, log: string, seconds: number): Trouble => {
  const place = placeOf(way);
  const late = `did not finish within ${seconds} s`;
  const parts = waitsForKeys(log)
    ? {
        code: "authentication" as const,
        what: `the login ${way.user} at ${place} ${late}: the agent or the key's hardware did not answer`,
        cure: `${LOGIN}\n  A slow one needs a larger ceph-openstack:connectTimeoutSeconds.`,
      }
    : { code: "unreachable" as const, what: `the connection to ${place} ${late}`, cure: CHECK_WAY };
  return { failure: new Failure({ host: way.host, stderr: spoken(log), ...parts }), again: false };
};
