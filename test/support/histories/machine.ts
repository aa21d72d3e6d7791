/**
 * A machine in memory: files, records and libvirt secrets, behind the interface of the files client and behind the names of virsh's programs.
 * Nothing is started and nothing touches a disk: a history of many runs takes milliseconds.
 */
import type { Change, Files, Look } from "../../../providers/clients/files/index";
import { parseSecretXml } from "../../../providers/formats/libvirt-secret";
import { Failure } from "../../../providers/remote/failure";
import type { Machine, RunRequest, RunResult } from "../../../providers/remote/machine";
import { memoryPackages, newPackages, type MemoryPackages } from "./apt";
import { memoryUnits, newUnits, type Units } from "./units";

export interface MemoryFile {
  readonly kind: "file" | "directory";
  readonly bytes: string;
  readonly user: string;
  readonly group: string;
  readonly mode: string;
}

export interface MemorySecret {
  readonly usage: string;
  readonly value: string | undefined;
}

/** What there is on a machine, whatever it is called. */
export interface MemoryMachine {
  /** What it says that it is, whatever it is called. */
  readonly id: string;
  readonly files: Map<string, MemoryFile>;
  /** Links of root's: a path and where it leads. */
  readonly links: ReadonlyMap<string, string>;
  readonly records: Map<string, string>;
  readonly secrets: Map<string, MemorySecret>;
  readonly units: Units;
  readonly packages: MemoryPackages;
}

/** Something that changes the world is about to be done, or has been done; throws where that run is cut. */
export type Gate = <T>(what: string, act: () => T) => T;

export const newMachine = (id: string): MemoryMachine => ({
  id,
  files: new Map([
    ["/etc/ceph", { kind: "directory", bytes: "", user: "root", group: "root", mode: "0755" }],
    ["/etc/cinder", { kind: "directory", bytes: "", user: "root", group: "root", mode: "0755" }],
    ["/srv", { kind: "directory", bytes: "", user: "root", group: "root", mode: "0755" }],
  ]),
  links: new Map([["/srv/cinder.conf", "/etc/cinder/cinder.conf"]]),
  records: new Map(),
  secrets: new Map(),
  units: newUnits(),
  packages: newPackages(),
});

const ids: Readonly<Record<string, string>> = { root: "0", cinder: "42407", ceph: "64045" };
export const idOf = (name: string): string => ids[name] ?? "1000";
const above = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

const holderOf = (file: MemoryFile | undefined): Pick<Look, "holder" | "bytes"> => {
  if (file === undefined) return {};
  const { user, group, mode, kind, bytes } = file;
  const holder = { uid: idOf(user), user, gid: idOf(group), group, mode };
  return { holder, ...(kind === "file" ? { bytes } : {}) };
};

const look = (machine: MemoryMachine, path: string, asked: string): Look => {
  const real = machine.links.get(path) ?? path;
  const file = machine.files.get(real);
  const record = machine.records.get(real);
  const isPath = path.startsWith("/");
  return {
    path,
    real,
    machine: machine.id,
    kind: isPath ? (file?.kind ?? "absent") : "none",
    hasDirectory: isPath && machine.files.has(above(real)),
    ...holderOf(file),
    ...(record === undefined ? {} : { record }),
    ...(asked === "" ? {} : { asked, loginGroup: asked }),
  };
};

const keepRecord = (machine: MemoryMachine, name: string, record: string | null | undefined): void => {
  if (record === null) machine.records.delete(name);
  else if (record !== undefined) machine.records.set(name, record);
};

const NOTHING: MemoryFile = { kind: "file", bytes: "", user: "root", group: "root", mode: "0600" };

/** As chown has it: an owner without a group brings its own. */
const made = (before: MemoryFile = NOTHING, { owner, group, mode, to }: Change): MemoryFile => {
  const base = {
    ...before,
    user: owner ?? before.user,
    group: group ?? owner ?? before.group,
    mode: mode ?? before.mode,
  };
  if (typeof to === "object") return { ...base, bytes: to.bytes };
  return to === "directory" ? { ...base, kind: "directory" } : base;
};

const hasContent = (machine: MemoryMachine, path: string): boolean =>
  [...machine.files.keys()].some((name) => above(name) === path);

const isDressed = ({ owner, group, mode }: Change): boolean =>
  [owner, group, mode].some((word) => word !== undefined);

const touch = (machine: MemoryMachine, path: string, change: Change): void => {
  const { to } = change;
  if (to === "removed") machine.files.delete(path);
  else if (to === "no-directory") {
    if (!hasContent(machine, path)) machine.files.delete(path);
  } else if (to !== undefined || isDressed(change))
    machine.files.set(path, made(machine.files.get(path), change));
};

/** The files of a machine under one of its names. */
export const memoryFiles = (host: string, machine: () => MemoryMachine, gate: Gate): Files => ({
  look: async (path, asked = "") => look(machine(), path, asked),
  change: async (seen, edit) => {
    const now = look(machine(), seen.path, seen.asked ?? "");
    const change = edit(now);
    if (change === undefined) return now;
    const { real } = now;
    const makes = typeof change.to === "object" || change.to === "directory";
    if (makes && !now.hasDirectory)
      throw new Failure({ code: "conflict", host, what: `the directory of ${real} is not there` });
    if (change.first !== undefined)
      gate(`record of ${real} on ${host}`, () => keepRecord(machine(), real, change.first));
    if (real.startsWith("/")) gate(`${real} on ${host}`, () => touch(machine(), real, change));
    if (change.then !== undefined)
      gate(`second record of ${real} on ${host}`, () => keepRecord(machine(), real, change.then));
    return look(machine(), seen.path, seen.asked ?? "");
  },
});

const result = (stdout: string, code = 0, stderr = ""): RunResult => ({
  code,
  stdout: Buffer.from(stdout),
  stderr,
});

const secretLook = ({ secrets }: MemoryMachine, uuid: string): string => {
  const list = [...secrets].map(([id, { usage }]) => ` ${id}   ceph ${usage}`).join("\n");
  const found = secrets.get(uuid);
  const xml =
    found === undefined
      ? ""
      : `<secret ephemeral='no' private='no'><uuid>${uuid}</uuid><usage type='ceph'><name>${found.usage}</name></usage></secret>`;
  return [list, xml, found?.value ?? "", ""].join("\0");
};

const putSecret = ({ secrets }: MemoryMachine, uuid: string, stdin: string): void => {
  const [size = "0", ...rest] = stdin.split("\n");
  const text = rest.join("\n");
  const xml = text.slice(0, Number(size));
  const value = text.slice(Number(size)).split("\n")[0] ?? "";
  const usage = xml === "" ? (secrets.get(uuid)?.usage ?? "") : (parseSecretXml(xml)?.usage ?? "");
  secrets.set(uuid, { usage, value });
};

/** virsh, systemctl and APT on a machine. Every connection of a uri here leads to the same libvirtd. */
export const memoryPrograms =
  (host: string, machine: () => MemoryMachine, gate: Gate) =>
  (request: RunRequest): RunResult => {
    const { program, args = [], stdin = "" } = request;
    const uuid = args[1] ?? "";
    const at = { machine, gate };
    const said = memoryUnits(host, at, request) ?? memoryPackages(host, at, request);
    if (said !== undefined) return said;
    const here = machine();
    if (program.name === "virsh-look") return result(secretLook(here, uuid));
    if (program.name === "virsh-put") {
      gate(`secret ${uuid} on ${host}`, () => putSecret(here, uuid, String(stdin)));
      return result(secretLook(here, uuid));
    }
    if (program.name === "virsh-users") return result("");
    if (program.name === "virsh-undefine") {
      gate(`no secret ${uuid} on ${host}`, () => here.secrets.delete(uuid));
      return result("");
    }
    throw new Error(`this machine has no program ${program.name}`);
  };

/** A machine under one of its names. */
export const memoryMachine = (
  host: string,
  run: (request: RunRequest) => RunResult | Promise<RunResult>,
  open: Machine["open"],
): Machine => ({
  name: host,
  run: async (request) => run(request),
  open,
});
