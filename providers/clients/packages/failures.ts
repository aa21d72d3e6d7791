/** What the packages client says of a program that failed, and what to do. */
import { Failure } from "../../remote/failure.js";
import type { Manager } from "../../formats/packages.js";
import type { RunResult } from "../../remote/machine.js";
import { programFailed, type Cures } from "../program-failed.js";

export const noManager = (host: string): Failure =>
  new Failure({
    code: "refused",
    host,
    what: "it has neither APT with dpkg nor dnf with rpm",
    cure: "Leave ClientPackages out for this host and bring the packages there by its own means.",
  });

/** What renews the indices, by manager. */
const RENEW: Readonly<Record<Manager, string>> = {
  apt: "`apt-get update`",
  dnf: "`dnf makecache --refresh`",
};

const refresh = (manager: Manager): string =>
  `${RENEW[manager]} there renews the indices; they are used as they are.`;

/** What repositories are reached with: passwords in a URL, tokens behind it, options of a repository that dnf prints whole. */
const withoutSecrets = (stderr: string): string =>
  stderr
    .replace(/(:\/\/)[^/\s@]*@/g, "$1[secret]@")
    .replace(/(:\/\/[^\s?]+\?)\S+/g, "$1[secret]")
    .replace(/^(\w*(?:username|password)\w*: ).+$/gm, "$1[secret]");

const clean = (result: RunResult): RunResult => ({ ...result, stderr: withoutSecrets(result.stderr) });

const BROKEN_REPOSITORIES = [
  /Failed to download metadata for repo '([^']+)'/,
  /Errors during downloading metadata for repository '([^']+)'/,
  /Failed to download metadata \([^)]*\) for repository "([^"]+)"/,
];

/** A repository that dnf cannot use: what is in it is not offered, and seems not to be there at all. Undefined where that is not what went wrong. */
export const brokenRepository = (host: string, result: RunResult): Failure | undefined => {
  const { stderr } = clean(result);
  const names = namesIn(stderr, BROKEN_REPOSITORIES);
  if (names.length === 0) return undefined;
  const which = [...new Set(names)];
  return new Failure({
    code: "refused",
    host,
    what: `dnf there cannot use ${which.length === 1 ? "its repository" : "its repositories"} ${which.join(", ")}; nothing was installed`,
    stderr,
    cure: `Look at its \`baseurl\`, proxy and network (\`dnf makecache --repo ${which[0] ?? ""}\` there), or disable it by \`enabled=0\`; ClientPackages changes no repository.`,
  });
};

/** The name that the indices do not know, or have only in words. */
const UNKNOWN = {
  apt: [
    /Unable to locate package (\S+)/,
    /Package '?([^\s']+)'? has no installation candidate/,
    /Couldn't find any package by (?:glob|regex) '([^']+)'/,
  ],
  dnf: [/No match for argument: (\S+)/, /No package matches for argument: (\S+)/],
} as const;

const namesIn = (stderr: string, patterns: readonly RegExp[]): string[] =>
  patterns.flatMap((pattern) => [...stderr.matchAll(new RegExp(pattern, "g"))].map(([, name = ""]) => name));

/** Undefined where that is not what went wrong. */
export const unknownPackage = (host: string, { stderr }: RunResult): Failure | undefined => {
  const ofDnf = namesIn(stderr, UNKNOWN.dnf);
  const names = [...namesIn(stderr, UNKNOWN.apt), ...ofDnf];
  if (names.length === 0) return undefined;
  return new Failure({
    code: "refused",
    host,
    what: `its package indices have no ${[...new Set(names)].join(", ")}; nothing was installed`,
    cure: `${refresh(ofDnf.length > 0 ? "dnf" : "apt")} Or the name is another in that distribution, or its repository is missing: ClientPackages adds none.`,
  });
};

export const notOffered = (
  host: string,
  { manager, name, version }: { readonly manager: Manager; readonly name: string; readonly version: string },
  offered: readonly string[],
): Failure =>
  new Failure({
    code: "refused",
    host,
    what:
      offered.length === 0
        ? `its package indices have no ${name}; nothing was installed`
        : `its package indices have no ${name} of version ${version}; they have ${offered.slice(0, 5).join(", ")}; nothing was installed`,
    cure: `${refresh(manager)} Or ask for a version that is there.`,
  });

/** A program that should not fail. */
export const failed = (host: string, command: string, result: RunResult): Failure =>
  programFailed({ host, command, cures: CURES }, clean(result));

export const locked = (host: string, result: RunResult): Failure =>
  new Failure({
    code: "timeout",
    host,
    what: "another installer holds the lock of the package manager, and it was not free in time; nothing was touched",
    stderr: withoutSecrets(result.stderr),
    cure: "Look what runs there (`ps -ef | grep -e apt -e dpkg -e dnf -e rpm`; unattended-upgrades takes its time), then run again; `timeoutSeconds` says how long is waited.",
  });

const unanswered = (manager: Manager): string =>
  `The repositories that the host knows do not answer: look at its sources, proxy and network; ${RENEW[manager]} where files there were renewed.`;

const CURES: Cures = [
  [/Cannot download|Errors during downloading|No more mirrors to try/, unanswered("dnf")],
  [/Failed to fetch|Could not resolve|Could not connect/, unanswered("apt")],
  [/[Nn]o space left|enough free space/, "Make room on the host (`df -h`) and run again."],
  [
    /are you root|[Pp]ermission denied|superuser privileges/,
    "The login may not install: let it become the superuser (ceph-openstack:become).",
  ],
  [
    /unmet dependencies|held broken packages/,
    "`apt-get -f install` there mends broken dependencies; then run again.",
  ],
  [
    /filtered out by exclude filtering/,
    "What is asked for needs a newer version of something that is installed; ClientPackages never upgrades: upgrade there first by the distribution's own way, or pin by `version` what fits.",
  ],
  [
    /GPG|public key|[Ss]ignature/,
    "The packages are not signed by a key that the host trusts: look at `gpgkey` of the repository (`rpm --import`).",
  ],
  [
    /nothing provides|conflicting requests|Problem: /,
    "What they need is in no enabled repository of the host, or does not go together: `dnf install` there says the same; its repositories are the operator's.",
  ],
  [/Packages need to be removed|--no-remove/, "It would remove packages; that is left to the operator."],
];

/** An installation or removal that failed; `halfWay`: packages that dpkg left half-way and that are not of ours alone. */
export const changeFailure = (
  host: string,
  result: RunResult,
  { halfWay }: { readonly halfWay?: readonly string[] },
): Failure => {
  if (halfWay !== undefined)
    return new Failure({
      code: "command",
      host,
      what: `an installation was ended half-way there, not one of ours alone: ${halfWay.join(", ")}`,
      stderr: withoutSecrets(result.stderr),
      cure: "`dpkg --configure -a` there ends it; then run again.",
    });
  const { stderr } = result;
  // Who is not root gets no lock either, whoever holds it.
  if (/Unable to acquire the dpkg|Could not get lock/.test(stderr) && !stderr.includes("are you root"))
    return locked(host, result);
  return brokenRepository(host, result) ?? failed(host, "packages-change", result);
};
