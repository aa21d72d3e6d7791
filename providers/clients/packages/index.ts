/** Packages of one host, by its own manager and from the indices that it has: looked at, planned, installed, removed. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  newestOf,
  offeredOf,
  parseAptPlan,
  parseDnfPlan,
  parseFound,
  type FoundPackage,
  type Manager,
  type PackagePlan,
} from "../../formats/packages.js";
import type { Machine, Program, RunResult } from "../../remote/machine.js";
import { DNF_CHANGE, DNF_OFFERS, DNF_PLAN } from "./dnf.js";
import {
  brokenRepository,
  changeFailure,
  failed,
  locked,
  noManager,
  notOffered,
  unknownPackage,
} from "./failures.js";
import {
  APT_CHANGE,
  APT_OFFERS,
  APT_PLAN,
  BROUGHT_YET,
  CONFIGURE,
  FORGET_BROUGHT,
  HALF_WAY,
  LOCKED,
  LOOK,
  NO_MANAGER,
} from "./programs.js";
import { watched } from "./watch.js";

export type { PackagePlan };

/** Names by manager: distributions call the same thing differently. */
export type Names = Readonly<Record<Manager, readonly string[]>>;

export interface PackagesLook {
  readonly manager: Manager;
  /** Whether there is a record of what was installed. */
  readonly isRecorded: boolean;
  readonly found: readonly FoundPackage[];
}

/** A package, and the version that it must be of. */
export interface Wanted {
  readonly name: string;
  readonly version?: string;
}

/** How long another installer is waited for, and where that is said. */
export interface Waiting {
  readonly seconds: number;
  readonly note: (text: string) => void;
}

/** What an installation or removal needs to know. */
export interface Doing extends Waiting {
  readonly manager: Manager;
  /** True where what dpkg left half-way is this package's own work. */
  readonly isOurs: (name: string) => boolean;
  /** Called where the manager has ended and it was not done; not where nobody knows, and it may go on. */
  readonly undone?: () => Promise<void>;
}

/** What is there after a change, and what of it our own installations brought. */
export interface Changed {
  readonly found: readonly FoundPackage[];
  readonly brought: readonly string[];
}

export interface Packages {
  /** All in one program. @throws Failure `refused` where there is neither APT nor dnf */
  look(names: Names): Promise<PackagesLook>;
  /** The same with the version that is to be installed. @throws Failure `refused` where none of that version is offered */
  chosen(manager: Manager, wanted: readonly Wanted[], waiting: Waiting): Promise<readonly string[]>;
  /** @throws Failure `refused` for a package that the indices do not name */
  plan(manager: Manager, change: Change, waiting: Waiting): Promise<PackagePlan>;
  /** Yields what is there of `names` after it. @throws Failure `timeout` for a lock that is not free in time; `command` */
  change(change: Change, doing: Doing & { readonly names: readonly string[] }): Promise<Changed>;
  /** What installations of ours brought, and no record says yet. */
  brought(): Promise<readonly string[]>;
  forgetBrought(): Promise<void>;
}

export interface Change {
  readonly verb: "install" | "remove";
  readonly specs: readonly string[];
  /** Nothing of an earlier one is to be known any more. @default false */
  readonly anew?: boolean;
}

/** The record of what was installed on a host. */
export const PACKAGES_RECORD = "packages";

/** A slow host simulates for long where there are many packages. */
const PLAN_SECONDS = 180;

const PAUSE_MS = 2000;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

const parseLook = (stdout: string, names: Names): PackagesLook => {
  const [manager, recorded, ...rest] = stdout.split("\n");
  const known = manager === "dnf" ? "dnf" : "apt";
  return {
    manager: known,
    isRecorded: recorded === "yes",
    found: parseFound(rest.join("\n"), names[known]),
  };
};

const OF = {
  apt: { offers: APT_OFFERS, plan: APT_PLAN, change: APT_CHANGE, parse: parseAptPlan, pin: "=" },
  dnf: { offers: DNF_OFFERS, plan: DNF_PLAN, change: DNF_CHANGE, parse: parseDnfPlan, pin: "-" },
} as const;

/** dpkg was killed in the midst of its work, and does nothing before that is ended. */
const isHalfWay = ({ stderr }: RunResult): boolean => stderr.includes("dpkg --configure -a");

/** Others fetch packages: APT waits for its other locks itself. */
const isFetching = ({ stderr }: RunResult): boolean => /Could not get lock \S*archives\/lock/.test(stderr);

const RECORD_KEY = createHash("sha256").update(PACKAGES_RECORD).digest("hex");

const asked = async (
  machine: Machine,
  program: Program,
  { args = [], seconds = 0 }: { readonly args?: readonly string[]; readonly seconds?: number } = {},
): Promise<string> => {
  const result = await machine.run({ program, args, timeoutSeconds: PLAN_SECONDS + seconds });
  if (result.code === NO_MANAGER) throw noManager(machine.name);
  if (result.code === LOCKED) throw locked(machine.name, result);
  const known = brokenRepository(machine.name, result) ?? unknownPackage(machine.name, result);
  if (known !== undefined && result.code !== 0) throw known;
  if (result.code !== 0) throw failed(machine.name, program.name, result);
  return text(result.stdout);
};

const lines = (said: string): readonly string[] => said.split("\n").filter((line) => line !== "");

/** Ends what an installation of ours was killed in, and yields it. @throws Failure `command` where others' packages are half-way too */
const endHalfWay = async (
  machine: Machine,
  result: RunResult,
  { isOurs, seconds }: Doing,
): Promise<readonly string[]> => {
  const names = lines(await asked(machine, HALF_WAY));
  if (!names.every(isOurs)) throw changeFailure(machine.name, result, { halfWay: names });
  const ended = await machine.run({ program: CONFIGURE, timeoutSeconds: seconds });
  if (ended.code !== 0) throw changeFailure(machine.name, ended, { halfWay: names });
  return names;
};

const changed = async (
  machine: Machine,
  args: readonly string[],
  doing: Doing,
): Promise<{ readonly result: RunResult; readonly ended: readonly string[] }> => {
  const program = OF[doing.manager].change;
  const once = (): Promise<RunResult> =>
    watched(machine, doing, () => machine.run({ program, args, timeoutSeconds: doing.seconds * 2 }));
  const until = Date.now() + doing.seconds * 1000;
  let result = await once();
  let ended: readonly string[] = [];
  if (isHalfWay(result)) {
    ended = await endHalfWay(machine, result, doing);
    result = await once();
  }
  while (isFetching(result) && Date.now() < until) {
    await sleep(PAUSE_MS);
    result = await once();
  }
  return { result, ended };
};

const change = async (machine: Machine, args: readonly string[], doing: Doing) => {
  const { result, ended } = await changed(machine, args, doing);
  if (result.code === 0) return { result, ended };
  // What was wrong is said in any case; one that was killed is ended by the next run, and stays recorded.
  if (result.code !== null && !isHalfWay(result)) await doing.undone?.().catch(() => undefined);
  throw result.code === LOCKED ? locked(machine.name, result) : changeFailure(machine.name, result, {});
};

const choose = (
  host: string,
  { name, version }: Wanted,
  { offers, manager }: { readonly offers: string; readonly manager: Manager },
): string => {
  if (version === undefined) return name;
  const newest = newestOf(offers, name, version);
  if (newest === undefined) throw notOffered(host, { manager, name, version }, offeredOf(offers, name));
  return `${name}${OF[manager].pin}${newest}`;
};

/** The packages of a machine. */
export const packagesOn = (machine: Machine): Packages => ({
  look: async (names) =>
    parseLook(
      await asked(machine, LOOK, { args: [RECORD_KEY, names.apt.join(" "), names.dnf.join(" ")] }),
      names,
    ),
  async chosen(manager, wanted, { seconds }) {
    const pinned = wanted.filter(({ version }) => version !== undefined).map(({ name }) => name);
    const args = [String(seconds), ...pinned];
    const offers = pinned.length === 0 ? "" : await asked(machine, OF[manager].offers, { args, seconds });
    return wanted.map((one) => choose(machine.name, one, { offers, manager }));
  },
  async plan(manager, { verb, specs }, waiting) {
    const { plan: program, parse } = OF[manager];
    const args = [verb, String(waiting.seconds), ...specs];
    const planned = () => asked(machine, program, { args, ...waiting });
    // APT's takes no lock.
    return parse(await (manager === "apt" ? planned() : watched(machine, waiting, planned)));
  },
  async change({ verb, specs, anew = false }, { names, ...doing }) {
    const args = [verb, String(doing.seconds), names.join(" "), anew ? "anew" : "more", ...specs];
    const { result, ended } = await change(machine, args, doing);
    const [found = "", brought = ""] = text(result.stdout).split(/^--$/m);
    return { found: parseFound(found, names), brought: [...ended, ...lines(brought)] };
  },
  brought: async () => lines(await asked(machine, BROUGHT_YET)),
  async forgetBrought() {
    await asked(machine, FORGET_BROUGHT);
  },
});
