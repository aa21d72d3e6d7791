/** Programs as plain data: which resources a stack has and what each says, and what an edit of the program changes. */
import type { Goal } from "./state";
import { isSaid } from "./check-says";
import { policyOf, SAYS } from "./says";
import type { UrnOf } from "./values";

export const SLOTS = [
  "pool",
  "entity",
  "keyring",
  "keyring2",
  "secret",
  "section",
  "section2",
  "conf",
  "dir",
  "profile",
  "rule",
  "packages",
  "packages2",
  "image",
  "image2",
  "service",
  "check",
  "guests",
] as const;
export type Slot = (typeof SLOTS)[number];

/** One resource of a program. Numbers choose among a few values. */
export interface Item {
  readonly slot: Slot;
  readonly name: number;
  readonly parent: number;
  /** Urns that it had, for its aliases. */
  readonly formerly: readonly string[];
  readonly host: number;
  readonly choice: number;
  readonly generation: number;
  readonly onDelete: number;
  readonly adopt: number;
  readonly force: number;
  readonly way: number;
  readonly protect: number;
  readonly retain: number;
  readonly first: number;
  readonly provider: number;
}

export type Program = readonly Item[];

/** A change of one field of one resource; `alias` keeps its identity where its urn changes. */
export interface Edit {
  readonly slot: Slot;
  readonly field: Exclude<keyof Item, "slot" | "formerly"> | "present";
  readonly to: number;
  readonly alias?: boolean;
}

const KINDS: Readonly<Record<Slot, string>> = {
  pool: "CephPool",
  entity: "CephAuthEntity",
  keyring: "CephKeyringFile",
  keyring2: "CephKeyringFile",
  secret: "LibvirtSecret",
  section: "ConfigSection",
  section2: "ConfigSection",
  conf: "CephConfigFile",
  dir: "Directory",
  profile: "CephErasureCodeProfile",
  rule: "CephCrushRule",
  packages: "ClientPackages",
  packages2: "ClientPackages",
  image: "ImageProperties",
  image2: "ImageProperties",
  service: "Service",
  check: "ClientCheck",
  guests: "ClientCheck",
};

/** What is on the second host to begin with. */
const SECOND: readonly Slot[] = ["keyring2", "secret", "dir", "guests"];

const newItem = (slot: Slot): Item => ({
  slot,
  name: 0,
  parent: 0,
  formerly: [],
  host: SECOND.includes(slot) ? 1 : 0,
  choice: 0,
  generation: 1,
  onDelete: 0,
  adopt: 0,
  force: 0,
  way: 0,
  protect: 0,
  retain: 0,
  first: 0,
  provider: 0,
});

export const urnOf = (stack: string, { slot, name, parent }: Item): string => {
  const types = [
    ...(parent === 0 ? [] : ["test:index:Role"]),
    `pulumi-nodejs:dynamic/ceph-openstack:${KINDS[slot]}`,
  ];
  return `${stack}::${types.join("$")}::${slot}${name === 0 ? "" : `-${name}`}`;
};

const changed = (stack: string, item: Item, { field, to, alias = false }: Edit): Item => {
  if (field === "present") return item;
  const now = { ...item, [field]: to };
  const before = urnOf(stack, item);
  return alias && urnOf(stack, now) !== before ? { ...now, formerly: [before, ...item.formerly] } : now;
};

export const edited = (stack: string, program: Program, edit: Edit): Program => {
  const { slot, field, to } = edit;
  const there = program.some((item) => item.slot === slot);
  if (field !== "present")
    return program.map((item) => (item.slot === slot ? changed(stack, item, edit) : item));
  if (to === 0) return program.filter((item) => item.slot !== slot);
  return there ? program : [...program, newItem(slot)];
};

/** Who waits for whom comes after it. */
const ORDER: readonly Slot[] = SLOTS;

export const goalsOf = (stack: string, program: Program): Goal[] => {
  const sorted = [...program].sort((a, b) => ORDER.indexOf(a.slot) - ORDER.indexOf(b.slot));
  const urnOfSlot: UrnOf = (slot) => {
    const item = program.find((one) => one.slot === slot);
    return item === undefined ? undefined : urnOf(stack, item);
  };
  const said = sorted.filter((item) => isSaid(item, program));
  return said.map((item) => ({
    urn: urnOf(stack, item),
    kind: KINDS[item.slot],
    provider: item.provider === 0 ? "default" : "explicit",
    props: { ...SAYS[item.slot](item, urnOfSlot, program), ...policyOf(item) },
    aliases: item.formerly.filter((urn) => urn !== urnOf(stack, item)),
    protect: item.protect === 1,
    retainOnDelete: item.retain === 1,
    deleteBeforeReplace: item.first === 1 ? true : undefined,
  }));
};
