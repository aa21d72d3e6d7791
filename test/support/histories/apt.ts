/** Packages of a machine in memory, behind the names of the programs of their client, with what APT and dpkg print. */
import { PACKAGES_RECORD } from "../../../providers/clients/packages/index";
import type { RunRequest, RunResult } from "../../../providers/remote/machine";
import type { Gate, MemoryMachine } from "./machine";

/** What each needs. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  "ceph-common": ["python3-rbd"],
  "python3-rbd": ["librbd1"],
  "python3-rados": [],
  "qemu-block-extra": ["librbd1"],
  librbd1: [],
};

/** Those that come for their own sake alone. */
export const LEAVES: readonly string[] = ["ceph-common", "python3-rados", "qemu-block-extra"];

/** What dpkg of a machine knows, and what nobody but a judge does. */
export interface MemoryPackages {
  /** By name: whether a program of ours brought it. */
  readonly installed: Map<string, "ours" | "theirs">;
  /** What our installations brought, and the host still remembers. */
  readonly brought: Set<string>;
  /** Others' packages that a program of ours took away. */
  readonly robbed: string[];
}

export const newPackages = (): MemoryPackages => ({ installed: new Map(), brought: new Set(), robbed: [] });

type Installed = MemoryPackages["installed"];

const missingFor = (installed: Installed, name: string): string[] =>
  installed.has(name) ? [] : [...(NEEDS[name] ?? []).flatMap((one) => missingFor(installed, one)), name];

const needing = (installed: Installed, name: string): string[] => {
  const above = [...installed.keys()].filter((one) => NEEDS[one]?.includes(name) === true);
  return installed.has(name) ? [...above.flatMap((one) => needing(installed, one)), name] : [];
};

const allOf = (installed: Installed, verb: string, names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => (verb === "install" ? missingFor : needing)(installed, name))),
];

const planOf = ({ installed }: MemoryPackages, [verb = "", , ...names]: readonly string[]): string =>
  allOf(installed, verb, names)
    .map((name) => (verb === "install" ? `Inst ${name} (1 test [all])\n` : `Remv ${name} [1]\n`))
    .join("");

const foundOf = ({ installed }: MemoryPackages, names: string): string =>
  names
    .split(" ")
    .filter((name) => installed.has(name))
    .map((name) => `${name}\tii \t1\n`)
    .join("");

const change = (packages: MemoryPackages, [verb = "", , , begin, ...names]: readonly string[]): void => {
  const { installed, brought, robbed } = packages;
  if (begin === "anew") brought.clear();
  for (const name of allOf(installed, verb, names)) {
    if (verb === "install") {
      installed.set(name, "ours");
      brought.add(name);
    } else {
      if (installed.get(name) === "theirs") robbed.push(name);
      installed.delete(name);
    }
  }
};

const answer = (text: string): RunResult => ({ code: 0, stdout: Buffer.from(text), stderr: "" });

const listed = ({ brought }: MemoryPackages): string => [...brought].map((name) => `${name}\n`).join("");

/** What changes nothing. */
const told = (
  { packages, records }: MemoryMachine,
  name: string,
  args: readonly string[],
): string | undefined => {
  if (name === "packages-plan") return planOf(packages, args);
  if (name === "packages-brought") return listed(packages);
  if (name !== "packages-look") return undefined;
  return `apt\n${records.has(PACKAGES_RECORD) ? "yes" : ""}\n${foundOf(packages, args[1] ?? "")}`;
};

/** APT on a machine; undefined: that is another program. */
export const memoryPackages = (
  host: string,
  { machine, gate }: { readonly machine: () => MemoryMachine; readonly gate: Gate },
  { program: { name }, args = [] }: RunRequest,
): RunResult | undefined => {
  if (!name.startsWith("packages-")) return undefined;
  const here = machine();
  const said = told(here, name, args);
  if (said !== undefined) return answer(said);
  const { packages } = here;
  if (name === "packages-change") {
    gate(`packages of ${host}`, () => change(packages, args));
    return answer(`${foundOf(packages, args[2] ?? "")}--\n${listed(packages)}`);
  }
  if (name !== "packages-forget-brought") throw new Error(`this machine has no program ${name}`);
  gate(`what was brought to ${host}`, () => packages.brought.clear());
  return answer("");
};

/** What the record counts as ours without a doubt. */
const recorded = ({ records }: MemoryMachine): string[] => {
  const record: { packages?: { name: string }[]; begun?: string[] } = JSON.parse(
    records.get(PACKAGES_RECORD) ?? "{}",
  );
  const { packages = [], begun = [] } = record;
  return packages.map(({ name }) => name).filter((name) => !begun.includes(name));
};

/** A person installs one. What a record says is ours anyway nobody could tell from it. */
export const installByHand = (machine: MemoryMachine, name: string): void => {
  const { installed } = machine.packages;
  const ours = recorded(machine);
  for (const one of missingFor(installed, name)) installed.set(one, ours.includes(one) ? "ours" : "theirs");
};

/** A person removes one, with all that need it. */
export const removeByHand = ({ packages: { installed } }: MemoryMachine, name: string): void => {
  for (const one of needing(installed, name)) installed.delete(one);
};
