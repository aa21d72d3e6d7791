/**
 * The service acts between system calls of root's programs: strace stops a process after a call, and it goes on when the service has acted.
 */
import { fork, spawnSync, type ChildProcess } from "node:child_process";
import { closeSync, linkSync, openSync, readSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { siteOf, work, type Dice, type Round, type Site } from "./attack";

export const hasStrace = (): boolean => spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;

/** Those that open, look at or change a name or what is open. */
const CALLS =
  "open openat stat lstat newfstatat statx readlink readlinkat chdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 chmod fchmod fchmodat chown fchown lchown fchownat execve fsync ftruncate flock".split(
    " ",
  );
const ACTIONS = [
  ...["secret", "program", "device"].flatMap((to) => [`link to a ${to}`, `hard link to a ${to}`]),
  "link to a program",
  "link to a directory",
  "link to a file of its content",
  "link to a device",
  "pipe",
  "pipe",
  "directory",
  "own file",
  "same content",
  "its other name",
  "nothing",
];

/** strace stops at a part of them only, in each process after another one: each stop takes a millisecond. A `?`: not every processor has it. */
const tracing = (log: string, { below }: Dice): string[] => [
  ...["strace", "-f", "-qq", "-A", "-o", log, "-e", `trace=${CALLS.map((name) => `?${name}`).join()}`],
  ...CALLS.flatMap((name) => ["-e", `inject=?${name}:signal=SIGSTOP:when=${1 + below(4)}+${1 + below(3)}`]),
];

const BEGUN = /^(\d+) +\w+\((.*)/;
const STILL = /^(\d+) +--- stopped by SIGSTOP/;
/** What the loader does, the search for a tool, and what is outside: nothing that the service could change. */
const isNobodys = (root: string, call: string): boolean =>
  /^(?:AT_FDCWD, )?"\/(?!proc\/(?:self|\d+)\/(?:fd|cwd))|^\d, "", /.test(call) && !call.includes(`"${root}`);

/** Lines as they come; `end` makes it stop. */
const follow = async (log: string, ended: () => boolean, line: (text: string) => Promise<void>) => {
  const file = openSync(log, "r");
  const buffer = Buffer.alloc(65_536);
  let rest = "";
  for (let isLast = false; !isLast;) {
    isLast = ended();
    const size = readSync(file, buffer);
    const lines = (rest + buffer.toString("latin1", 0, size)).split("\n");
    rest = lines.pop() ?? "";
    for (const one of lines) await line(one);
    if (size > 0) isLast = false;
    else await sleep(1);
  }
  closeSync(file);
};

const goOn = (pid: string): void => {
  try {
    process.kill(Number(pid), "SIGCONT");
  } catch {
    // The deadline was faster.
  }
};

/** What he puts, and in the place of which of the names that he sees. */
interface Act {
  readonly what: string;
  readonly action: string;
  readonly pick: number;
}

/** The service, who does what he is bidden. */
const serviceOf = ({ directory, outside }: Site) => {
  const child: ChildProcess = fork(join(__dirname, "attacker.cjs"), [directory, outside, "conf"], {
    execArgv: [],
  });
  const bid = (message: "back" | Act) =>
    new Promise<unknown>((resolve) => {
      child.once("message", resolve);
      child.send(message);
    });
  const where = (): string | undefined => {
    try {
      return realpathSync(directory) === directory ? directory : undefined;
    } catch {
      return undefined;
    }
  };
  const act = async (one: Act): Promise<void> => {
    const { what, action } = one;
    const names = await bid(one);
    const [, to] = /^hard link to a (\w+)/.exec(action) ?? [];
    const at = where();
    if (to === undefined || at === undefined || what === "directory" || !Array.isArray(names)) return;
    for (const name of names) {
      try {
        linkSync(join(outside, to), join(at, String(name)));
      } catch {
        // Something else is there.
      }
    }
  };
  return { act, back: () => bid("back"), end: () => child.kill("SIGKILL") };
};

/** Does the work; at each stop the service may act, or put things back. `story`: what he did, and when. */
export const workAtCalls = async (
  { story, ...round }: Pick<Round, "verb" | "lay"> & { readonly story: string[] },
  dice: Dice,
  check: (site: Site, work: () => Promise<string>) => Promise<void>,
): Promise<number> => {
  const { below, one } = dice;
  const site = siteOf(round, {
    tracer: ({ root }) => {
      writeFileSync(`${root}.calls`, "");
      return tracing(`${root}.calls`, dice);
    },
  });
  const log = join(dirname(site.host.root), `${basename(site.host.root)}.calls`);
  const service = serviceOf(site);
  const whats = [
    "target",
    "target",
    "temporary",
    "next",
    ...(round.lay === "below itself" ? ["directory"] : []),
  ];
  const last = new Map<string, string>();
  let [isAway, isOver] = [false, false];
  const [eager, patient] = [one([3, 6, 15]), one([2, 4, 12, 40])];
  const stopped = async (pid: string): Promise<void> => {
    if (isNobodys(site.host.root, last.get(pid) ?? "")) return goOn(pid);
    if (isAway && below(patient) === 0) {
      await service.back();
      isAway = false;
      story.push(`back after ${last.get(pid) ?? ""}`);
    } else if (!isAway && below(eager) === 0) {
      const next = { what: one(whats), action: one(ACTIONS), pick: below(60) };
      await service.act(next);
      isAway = true;
      story.push(`${next.action} for ${next.what} ${next.pick} after ${last.get(pid) ?? ""}`);
    }
    goOn(pid);
  };
  const following = follow(
    log,
    () => isOver,
    async (text) => {
      const [, pid = "", call = ""] = BEGUN.exec(text) ?? [];
      if (pid !== "") last.set(pid, call);
      const [, still] = STILL.exec(text) ?? [];
      if (still !== undefined) await stopped(still);
    },
  );
  try {
    await check(site, async () => {
      const end = await work(site, round.verb);
      isOver = true;
      await following;
      service.end();
      return end;
    });
  } finally {
    isOver = true;
    await following;
    service.end();
    rmSync(log);
    site.done();
  }
  return story.length;
};
