/** Programs as plain data: which resources a stack has and what each says, and what an edit of the program changes. */
import type { Goal } from "./state";
import { ADMIN, CINDER, ENTITY, FSID, HOSTS, keyringPath, POOL } from "./world";

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
  "service",
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
  service: "Service",
};

const newItem = (slot: Slot): Item => ({
  slot,
  name: 0,
  parent: 0,
  formerly: [],
  host: slot === "keyring2" || slot === "secret" || slot === "dir" ? 1 : 0,
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

export const hostOf = ({ host }: Item): string => Object.keys(HOSTS)[host] ?? "ctl1";

const cluster = { fsid: FSID, admin: ADMIN };

type UrnOf = (slot: Slot) => string | undefined;

type Says = (item: Item, urnOfSlot: UrnOf, program: Program) => Record<string, unknown>;

/** What a unit reads, and is told of: by name what each that writes it says. It waits for them. */
const READ: readonly Slot[] = ["section", "section2", "keyring", "keyring2"];

const triggersOf = (item: Item, urnOfSlot: UrnOf, program: Program): Record<string, unknown> => {
  const here = program.filter(
    ({ slot, ...at }) => READ.includes(slot) && HOSTS[hostOf({ slot, ...at })] === HOSTS[hostOf(item)],
  );
  const words = here.map((one): [string, unknown] => [
    one.slot,
    { join: [`${one.choice} of `, { ref: urnOfSlot(one.slot) ?? "", key: "host" }] },
  ]);
  const generation = program.find(({ slot }) => slot === "entity")?.generation;
  return { ...Object.fromEntries(words), ...(generation === undefined ? {} : { key: String(generation) }) };
};

const service: Says = (item, urnOfSlot, program) => ({
  host: hostOf(item),
  unit: "cinder-volume",
  reads: [`${CINDER}#[ceph]`, keyringPath],
  triggers: triggersOf(item, urnOfSlot, program),
  steadySeconds: 0,
});

const keyed = (urnOfSlot: UrnOf) => {
  const entity = urnOfSlot("entity");
  const generation = entity === undefined ? {} : { keyGeneration: { ref: entity, key: "keyGeneration" } };
  return { cluster, entity: ENTITY, ...generation };
};

const keyring: Says = (item, urnOfSlot) => ({
  ...keyed(urnOfSlot),
  host: hostOf(item),
  owner: "cinder",
  mode: item.choice % 2 === 0 ? "0640" : "0600",
});

const inSection = (item: Item, options: object) => ({
  host: hostOf(item),
  path: item.way === 0 ? CINDER : "/srv/cinder.conf",
  section: "ceph",
  options,
});

/** What each resource says, with what it takes from others of the same program. */
const SAYS: Readonly<Record<Slot, Says>> = {
  pool: ({ choice }) => ({ cluster, name: POOL, ...(choice === 0 ? {} : { size: 2 + (choice % 2) }) }),
  entity: ({ choice, generation }, urnOfSlot) => {
    const pool = urnOfSlot("pool");
    const name = pool === undefined ? POOL : { ref: pool, key: "name" };
    const caps = { mon: "profile rbd", osd: capsOf(name, choice) };
    return { cluster, entity: ENTITY, keyGeneration: generation, caps };
  },
  keyring,
  keyring2: keyring,
  secret: (item, urnOfSlot) => ({
    ...keyed(urnOfSlot),
    host: hostOf(item),
    ...(item.way === 0 ? {} : { uri: "qemu+unix:///system" }),
  }),
  section: (item) => inSection(item, { rbd_user: "cinder", rbd_pool: `pool${item.choice % 2}` }),
  section2: (item) =>
    inSection(item, {
      ...(item.choice < 2 ? { rbd_secret: "x" } : { rbd_pool: "pool0" }),
      more: item.choice,
    }),
  conf: (item) => ({
    host: hostOf(item),
    cluster,
    options: { client: { rbd_cache: item.choice % 2 === 0 } },
  }),
  dir: (item) => ({
    host: hostOf(item),
    path: "/srv/guests",
    mode: item.choice % 2 === 0 ? "0755" : "0750",
  }),
  // Never changed in place: another choice is another one.
  profile: ({ choice }) => ({
    cluster,
    name: `ec${choice % 2}`,
    k: 2 + (choice % 2),
    m: 1,
    crushFailureDomain: "osd",
  }),
  rule: ({ choice }) => ({
    cluster,
    name: "fast",
    type: "replicated",
    failureDomain: choice % 2 === 0 ? "osd" : "host",
  }),
  service,
};

/** Caps on a pool whose name may be an Output: one text, put together as `pulumi.interpolate` does. */
const capsOf = (pool: unknown, choice: number): unknown =>
  choice % 2 === 0
    ? { join: ["profile rbd pool=", pool] }
    : { join: ["profile rbd pool=", pool, ", profile rbd pool=images"] };

const POLICIES = [undefined, "keep", "remove"] as const;
const ADOPTS = [undefined, "overwrite", "never"] as const;
const ADOPTERS: readonly Slot[] = ["pool", "entity", "secret"];

const policyOf = ({ slot, onDelete, adopt, force }: Item): Record<string, unknown> => {
  const keep = POLICIES[onDelete];
  const take = ADOPTERS.includes(slot) ? ADOPTS[adopt] : undefined;
  return {
    ...(keep === undefined ? {} : { onDelete: keep }),
    ...(take === undefined ? {} : { adopt: take }),
    ...(slot === "pool" && force === 1 ? { forceDestroy: true } : {}),
  };
};

/** Who waits for whom comes after it. */
const ORDER: readonly Slot[] = SLOTS;

export const goalsOf = (stack: string, program: Program): Goal[] => {
  const sorted = [...program].sort((a, b) => ORDER.indexOf(a.slot) - ORDER.indexOf(b.slot));
  const urnOfSlot: UrnOf = (slot) => {
    const item = program.find((one) => one.slot === slot);
    return item === undefined ? undefined : urnOf(stack, item);
  };
  return sorted.map((item) => ({
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
