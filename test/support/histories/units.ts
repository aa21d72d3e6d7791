/**
 * Units of a machine in memory, behind the names of the programs of the client for services. A unit that begins takes what its files say then; a clock
 * that ticks with each change tells what is newer.
 */
import type { RunRequest, RunResult } from "../../../providers/remote/machine";
import type { Gate, MemoryMachine } from "./machine";

/** One start of a unit. */
export interface UnitStart {
  readonly name: string;
  /** What was newer than the unit when it began anew: paths of files. */
  readonly newer: readonly string[];
  /** What the run that ended took from each file, and this one. */
  readonly was: Took;
  readonly now: Took;
  /** The host's record said of the run that ended with what it ran. */
  readonly isKnown: boolean;
}

/** Content of files; undefined: it was not there. */
type Took = ReadonlyMap<string, string | undefined>;

export interface MemoryUnit {
  readonly run: number;
  readonly started: number;
  /** What it took from each file when it began. */
  readonly took: Took;
  /** The run that the host's record knew when it began. */
  readonly knownBefore: string | undefined;
}

/** What systemd of a machine knows. */
export interface Units {
  clock: number;
  readonly running: Map<string, MemoryUnit>;
  /** Each start since the machine is there. */
  readonly starts: UnitStart[];
  /** Content of files, and when it was seen to be new. */
  readonly stamps: Map<string, { readonly bytes: string | undefined; readonly at: number }>;
}

/** Begun before anything else. One of them nobody of ours manages. */
export const newUnits = (): Units => {
  const begun: MemoryUnit = { run: 1, started: 1, took: new Map(), knownBefore: undefined };
  const running = new Map(["cinder-volume.service", "other.service"].map((name) => [name, begun]));
  return { clock: 1, running, starts: [], stamps: new Map() };
};

const bytesAt = ({ files, links }: MemoryMachine, path: string): string | undefined =>
  files.get(links.get(path) ?? path)?.bytes;

/** What is there before anything happens is older than the units, which run with it. */
export const bootWith = (machine: MemoryMachine, paths: readonly string[]): void => {
  const { units } = machine;
  for (const path of paths) units.stamps.set(path, { bytes: bytesAt(machine, path), at: 0 });
  const took = new Map(paths.map((path) => [path, bytesAt(machine, path)]));
  for (const [name, unit] of units.running) units.running.set(name, { ...unit, took });
};

/** When the content of a file was new. */
const stampOf = (machine: MemoryMachine, path: string): number => {
  const { units } = machine;
  const bytes = bytesAt(machine, path);
  const known = units.stamps.get(path);
  if (known?.bytes === bytes && known !== undefined) return known.at;
  units.clock += 1;
  units.stamps.set(path, { bytes, at: units.clock });
  return units.clock;
};

/** Looks at all files that anybody has asked for: what has changed since is newer from now on. */
const settle = (machine: MemoryMachine): void => {
  for (const path of machine.units.stamps.keys()) stampOf(machine, path);
};

/** Of which run the host's record says with what it runs, by a name that says nothing to us. */
const knownRun = ({ records }: MemoryMachine, name: string): string | undefined =>
  /"known":\{"run":"(\w+)"/.exec(records.get(`service:${name}`) ?? "")?.[1];

/** Before anybody has begun it. */
const NEVER: MemoryUnit = { run: 0, started: 0, took: new Map(), knownBefore: undefined };

const begin = (machine: MemoryMachine, name: string): void => {
  const { units } = machine;
  settle(machine);
  const before = units.running.get(name) ?? NEVER;
  const paths = [...units.stamps.keys()];
  const now = new Map(paths.map((path) => [path, bytesAt(machine, path)]));
  const newer = paths.filter((path) => stampOf(machine, path) > before.started);
  const known = knownRun(machine, name);
  const isKnown = known !== undefined && known !== before.knownBefore;
  units.starts.push({ name, newer, was: before.took, now, isKnown });
  units.clock += 1;
  units.running.set(name, { run: before.run + 1, started: units.clock, took: now, knownBefore: known });
};

/** The clock as systemd prints a time. */
const timeOf = (tick: number): string =>
  new Date(tick * 1000).toISOString().replace("T", " ").replace("Z", " UTC");

const printed = (machine: MemoryMachine, path: string): string[] => {
  const bytes = bytesAt(machine, path);
  const at = String(stampOf(machine, path));
  const content = bytes === undefined ? "" : Buffer.from(bytes, "latin1").toString("base64");
  return [
    path,
    bytes === undefined ? "absent" : "file",
    bytes === undefined ? "0 0" : `${at} ${at}`,
    content,
  ];
};

const END = ["", "", "", ""];

const lookOf = (machine: MemoryMachine, [name = "", , count = "0", ...paths]: readonly string[]): string => {
  const unit = machine.units.running.get(name);
  const facts = [
    `LoadState=${unit === undefined ? "not-found" : "loaded"}`,
    ...["ActiveState=active", "SubState=running", "UnitFileState=enabled", "Type=simple", "CanReload=no"],
    ...(unit === undefined
      ? []
      : [`InvocationID=${unit.run}`, `ExecMainStartTimestamp=${timeOf(unit.started)}`]),
  ].join("\n");
  const files = paths.slice(0, Number(count)).flatMap((path) => [...printed(machine, path), ...END]);
  return [String(machine.units.clock), "boot", facts, "", ...files, ""].join("\0");
};

const answer = (text: string): RunResult => ({ code: 0, stdout: Buffer.from(text), stderr: "" });

/** systemctl on a machine; undefined: that is another program. */
export const memoryUnits = (
  host: string,
  { machine, gate }: { readonly machine: () => MemoryMachine; readonly gate: Gate },
  { program, args = [] }: RunRequest,
): RunResult | undefined => {
  const name = args[0] ?? "";
  if (program.name === "service-look") return answer(lookOf(machine(), args));
  if (program.name === "service-watch") return answer("healthy\0active\0");
  if (program.name !== "service-act") return undefined;
  const here = machine();
  gate(`restart of ${name} on ${host}`, () => begin(here, name));
  return answer("");
};
