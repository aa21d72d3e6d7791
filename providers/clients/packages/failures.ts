/** What the packages client says of a program that failed, and what to do. */
import { Failure } from "../../remote/failure.js";
import type { RunResult } from "../../remote/machine.js";
import { programFailed, type Cures } from "../program-failed.js";

export const noManager = (host: string): Failure =>
  new Failure({
    code: "refused",
    host,
    what: "it has neither APT with dpkg nor dnf with rpm",
    cure: "Leave ClientPackages out for this host and bring the packages there by its own means.",
  });

/** Packages of rpm are seen, and installed by people. */
export const looksOnly = (host: string): Failure =>
  new Failure({
    code: "refused",
    host,
    what: "packages are missing there (or are to go), and ClientPackages changes packages by APT alone, not by dnf; nothing was touched",
    cure: "Do it there by `dnf install` or `dnf remove`, then run again: what is installed is no change.",
  });

const REFRESH = "`apt-get update` there renews the indices; they are used as they are.";

/** The name that the indices do not know, or have only in words. */
const UNKNOWN = [
  /Unable to locate package (\S+)/,
  /Package '?([^\s']+)'? has no installation candidate/,
  /No match for argument: (\S+)/,
  /Couldn't find any package by (?:glob|regex) '([^']+)'/,
];

/** Undefined where that is not what went wrong. */
export const unknownPackage = (host: string, { stderr }: RunResult): Failure | undefined => {
  const names = UNKNOWN.flatMap((pattern) =>
    [...stderr.matchAll(new RegExp(pattern, "g"))].map(([, name = ""]) => name),
  );
  if (names.length === 0) return undefined;
  return new Failure({
    code: "refused",
    host,
    what: `its package indices have no ${[...new Set(names)].join(", ")}; nothing was installed`,
    cure: `${REFRESH} Or the name is another in that distribution, or its repository is missing: ClientPackages adds none.`,
  });
};

export const notOffered = (
  host: string,
  { name, version }: { readonly name: string; readonly version: string },
  offered: readonly string[],
): Failure =>
  new Failure({
    code: "refused",
    host,
    what:
      offered.length === 0
        ? `its package indices have no ${name}; nothing was installed`
        : `its package indices have no ${name} of version ${version}; they have ${offered.slice(0, 5).join(", ")}; nothing was installed`,
    cure: `${REFRESH} Or wish for a version that is there.`,
  });

/** A program that should not fail. */
export const failed = (host: string, command: string, result: RunResult): Failure =>
  programFailed({ host, command, cures: CURES }, result);

const CURES: Cures = [
  [
    /Failed to fetch|Could not resolve|Could not connect|Cannot download|Errors during downloading/,
    "The repositories that the host knows do not answer: look at its sources, proxy and network; `apt-get update` where files there were renewed.",
  ],
  [/[Nn]o space left|enough free space/, "Make room on the host (`df -h`) and run again."],
  [
    /are you root|[Pp]ermission denied|superuser privileges/,
    "The login may not install: let it become the superuser (ceph-openstack:become).",
  ],
  [
    /unmet dependencies|held broken packages/,
    "`apt-get -f install` there mends broken dependencies; then run again.",
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
      stderr: result.stderr,
      cure: "`dpkg --configure -a` there ends it; then run again.",
    });
  if (/Unable to acquire the dpkg|Could not get lock/.test(result.stderr))
    return new Failure({
      code: "timeout",
      host,
      what: "another installer holds the lock of the package manager, and it was not free in time; nothing was touched",
      stderr: result.stderr,
      cure: "Look what runs there (`ps -ef | grep -e apt -e dpkg`; unattended-upgrades takes its time), then run again; `timeoutSeconds` says how long is waited.",
    });
  return failed(host, "packages-change", result);
};
