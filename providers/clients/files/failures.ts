/** What the files client says of a program that failed, and what to do. */
import { Failure } from "../../remote/failure.js";
import type { RunResult } from "../../remote/machine.js";
import { programFailed, type Cures } from "../program-failed.js";
import { EXIT } from "./open.js";

const KNOWN: Readonly<
  Record<number, { code: "refused" | "conflict" | "command" | "timeout"; what: string; cure: string }>
> = {
  [EXIT.link]: {
    code: "refused",
    what: "the way to it leads over a symbolic link that somebody else than root could point elsewhere",
    cure: "Name the file itself, or give the link and its directory to root.",
  },
  [EXIT.locked]: {
    code: "timeout",
    what: "the lock on it was not free in time",
    cure: "Another run is writing this file, or hangs there: look for it on the host.",
  },
  [EXIT.truncated]: {
    code: "command",
    what: "the content did not arrive whole; nothing was touched",
    cure: "Run it again.",
  },
  [EXIT.directory]: {
    code: "conflict",
    what: "the directory that it is to be in is not there",
    cure: "Make it first: a Directory resource, or the package that brings it.",
  },
  [EXIT.names]: {
    code: "refused",
    what: "it has several names (hard links), and whoever else may write its directory could have made it of a file of somebody else",
    cure: "`find DIRECTORY -xdev -samefile FILE` shows them; copy it and move the copy over it: `cp -p FILE FILE.new && mv FILE.new FILE`.",
  },
  [EXIT.home]: {
    code: "refused",
    what: "there is no place for records and locks; nothing was touched",
    cure: "On the host /var/lib/pulumi-ceph-openstack must be a directory of root's on a file system that can be written and is not full (without root: ~/.local/state/pulumi-ceph-openstack, and the login's own).",
  },
  [EXIT.tools]: {
    code: "refused",
    what: "the host has no GNU coreutils; nothing was touched",
    cure: "Install them so that they come first in root's PATH (Ubuntu with uutils: coreutils-from-gnu; Alpine: coreutils).",
  },
  [EXIT.fixed]: {
    code: "refused",
    what: "nobody can change it, root neither; nothing was touched",
    cure: "Immutable: `lsattr -d` shows it, `chattr -i -a` takes it away. Read-only: `findmnt -T FILE`, and `mount -o remount,rw`, or the cause of it in `dmesg`.",
  },
};

/** A failure of a program that is not a value. */
export const filesFailure = (host: string, command: string, result: RunResult): Failure => {
  const known = result.code === null ? undefined : KNOWN[result.code];
  if (known !== undefined) return new Failure({ host, stderr: result.stderr, ...known });
  return programFailed({ host, command, cures: CURES }, result);
};

const CURES: Cures = [
  [
    /invalid (?:user|group|spec)/,
    "The host has no such user or group: install the package that makes it, or name another.",
  ],
  [
    /[Pp]ermission denied/,
    "The login may not do this: let it become the superuser (ceph-openstack:become), or name a place of its own.",
  ],
  [/[Nn]o space left/, "Make room on the host (`df -h`, `df -i`) and run again; nothing was lost."],
  [
    /[Qq]uota exceeded/,
    "The quota of the owner is used up: `quota -u USER` on the host; make room or raise it, and run again.",
  ],
  [
    /[Rr]ead-only file system/,
    "The file system is read-only: `findmnt -T FILE` on the host; `mount -o remount,rw`, or the cause of it in `dmesg`.",
  ],
  [
    /[Oo]peration not permitted/,
    "The file or its directory may be immutable or append-only: `lsattr -d` on the host, `chattr -i -a`.",
  ],
  [/Input\/output error/, "The disk of the host fails: look at `dmesg` there."],
];
