/** Packages of one host, by its own manager and from the indices that it has: looked at, planned, installed, removed. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  newestOf,
  offeredOf,
  parseAptPlan,
  parseFound,
  type FoundPackage,
  type Manager,
  type PackagePlan,
} from "../../formats/packages.js";
import type { Machine, Program, RunResult } from "../../remote/machine.js";
import { changeFailure, failed, looksOnly, noManager, notOffered, unknownPackage } from "./failures.js";
import { CHANGE, CONFIGURE, HALF_WAY, LOOK, LOOKS_ONLY, NO_MANAGER, OFFERS, PLAN } from "./programs.js";
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

/** What an installation or removal needs to know. */
export interface Doing {
  readonly seconds: number;
  readonly note: (text: string) => void;
  /** True where what dpkg left half-way is this package's own work. */
  readonly isOurs: (name: string) => boolean;
  /** Called where the manager has ended and it was not done; not where nobody knows, and it may go on. */
  readonly undone?: () => Promise<void>;
}

export interface Packages {
  /** All in one program. @throws Failure `refused` where there is neither APT nor dnf */
  look(names: Names): Promise<PackagesLook>;
  /** The same with the version that is to be installed. @throws Failure `refused` where none of that version is offered */
  chosen(manager: Manager, wanted: readonly Wanted[]): Promise<readonly string[]>;
  /** @throws Failure `refused` for a package that the indices do not name */
  plan(verb: "install" | "remove", specs: readonly string[]): Promise<PackagePlan>;
  /** Yields what is there of `names` after it. @throws Failure `timeout` for a lock that is not free in time; `command` */
  change(
    verb: "install" | "remove",
    specs: readonly string[],
    doing: Doing & { readonly names: readonly string[] },
  ): Promise<readonly FoundPackage[]>;
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

/** dpkg was killed in the midst of its work, and does nothing before that is ended. */
const isHalfWay = ({ stderr }: RunResult): boolean => stderr.includes("dpkg --configure -a");

/** Others fetch packages: APT waits for its other locks itself. */
const isFetching = ({ stderr }: RunResult): boolean => /Could not get lock \S*archives\/lock/.test(stderr);

const RECORD_KEY = createHash("sha256").update(PACKAGES_RECORD).digest("hex");

const asked = async (machine: Machine, program: Program, args: readonly string[]): Promise<string> => {
  const result = await machine.run({ program, args, timeoutSeconds: PLAN_SECONDS });
  if (result.code === NO_MANAGER) throw noManager(machine.name);
  if (result.code === LOOKS_ONLY) throw looksOnly(machine.name);
  const unknown = unknownPackage(machine.name, result);
  if (unknown !== undefined) throw unknown;
  if (result.code !== 0) throw failed(machine.name, program.name, result);
  return text(result.stdout);
};

/** Ends what an installation of ours was killed in. @throws Failure `command` where others' packages are half-way too */
const endHalfWay = async (machine: Machine, result: RunResult, { isOurs, seconds }: Doing): Promise<void> => {
  const names = (await asked(machine, HALF_WAY, [])).split("\n").filter((name) => name !== "");
  if (!names.every(isOurs)) throw changeFailure(machine.name, result, { halfWay: names });
  const ended = await machine.run({ program: CONFIGURE, timeoutSeconds: seconds });
  if (ended.code !== 0) throw changeFailure(machine.name, ended, { halfWay: names });
};

const changed = async (machine: Machine, args: readonly string[], doing: Doing): Promise<RunResult> => {
  const once = (): Promise<RunResult> =>
    watched(machine, doing, () => machine.run({ program: CHANGE, args, timeoutSeconds: doing.seconds * 2 }));
  const until = Date.now() + doing.seconds * 1000;
  let result = await once();
  if (isHalfWay(result)) {
    await endHalfWay(machine, result, doing);
    result = await once();
  }
  while (isFetching(result) && Date.now() < until) {
    await sleep(PAUSE_MS);
    result = await once();
  }
  return result;
};

const change = async (machine: Machine, args: readonly string[], doing: Doing): Promise<RunResult> => {
  const result = await changed(machine, args, doing);
  if (result.code === 0) return result;
  // What was wrong is said in any case; one that was killed is ended by the next run, and stays recorded.
  if (result.code !== null && !isHalfWay(result)) await doing.undone?.().catch(() => undefined);
  throw changeFailure(machine.name, result, {});
};

const choose = (
  host: string,
  { name, version }: Wanted,
  { offers, manager }: { readonly offers: string; readonly manager: Manager },
): string => {
  if (version === undefined) return name;
  const newest = newestOf(offers, name, version);
  if (newest === undefined) throw notOffered(host, { name, version }, offeredOf(offers, name));
  return `${name}${manager === "apt" ? "=" : "-"}${newest}`;
};

/** The packages of a machine. */
export const packagesOn = (machine: Machine): Packages => ({
  look: async (names) =>
    parseLook(await asked(machine, LOOK, [RECORD_KEY, names.apt.join(" "), names.dnf.join(" ")]), names),
  async chosen(manager, wanted) {
    const pinned = wanted.filter(({ version }) => version !== undefined).map(({ name }) => name);
    const offers = pinned.length === 0 ? "" : await asked(machine, OFFERS, pinned);
    return wanted.map((one) => choose(machine.name, one, { offers, manager }));
  },
  plan: async (verb, specs) => parseAptPlan(await asked(machine, PLAN, [verb, ...specs])),
  async change(verb, specs, { names, ...doing }) {
    const args = [verb, String(doing.seconds), names.join(" "), ...specs];
    const { stdout } = await change(machine, args, doing);
    return parseFound(text(stdout), names);
  },
});
