/** What a program says of checks: as a component does, it has one only where it makes all that the check proves. */
import { secretUuid } from "../../../providers/formats/libvirt-secret";
import type { Item, Program, Slot } from "./program";
import { cluster, hostOf, type Says, type UrnOf } from "./values";
import { ENTITY, FSID, HOSTS, POOL } from "./world";

/** What must lie on the same machine. */
const CHAINS: Partial<Readonly<Record<Slot, readonly (readonly Slot[])[]>>> = {
  check: [["keyring", "keyring2"], ["conf"]],
  guests: [["secret"]],
};

const machineOf = (item: Item): number => HOSTS[hostOf(item)] ?? -1;

const beside = (item: Item, program: Program, slots: readonly Slot[]): Item[] =>
  program.filter((other) => slots.includes(other.slot) && machineOf(other) === machineOf(item));

/** False where a program leaves a check out. */
export const isSaid = (item: Item, program: Program): boolean => {
  const chain = CHAINS[item.slot];
  if (chain === undefined) return true;
  const has = (slot: Slot): boolean => program.some((other) => other.slot === slot);
  return has("pool") && has("entity") && chain.every((slots) => beside(item, program, slots).length > 0);
};

/** It waits for whatever its way depends on, and is told of each change of it. */
const triggersOf = (item: Item, urnOfSlot: UrnOf, program: Program): Record<string, unknown> => {
  const way = beside(item, program, (CHAINS[item.slot] ?? []).flat());
  const said = way.map((one): [string, unknown] => [
    one.slot,
    { join: [`${one.choice} of `, { ref: urnOfSlot(one.slot) ?? "", key: "host" }] },
  ]);
  const entity = urnOfSlot("entity") ?? "";
  return { ...Object.fromEntries(said), key: { join: [{ ref: entity, key: "keyGeneration" }] } };
};

/** A pool of its own, and that of images where the entity has it too. */
const rightsOf = (item: Item, program: Program): Record<string, unknown> => {
  const isWide = program.some(({ slot, choice }) => slot === "entity" && choice % 2 === 1);
  const others = ["images"];
  if (!isWide) return { can: { write: [POOL] }, cannot: { read: others, write: others } };
  return { can: item.choice < 2 ? { write: [POOL], clone: others } : { write: [POOL, ...others] } };
};

const common = (item: Item, urnOfSlot: UrnOf, program: Program): Record<string, unknown> => ({
  host: hostOf(item),
  cluster,
  entity: ENTITY,
  manager: false,
  refresh: item.way === 0 ? "look" : "write",
  triggers: triggersOf(item, urnOfSlot, program),
});

export const checkSays: Says = (item, urnOfSlot, program) => ({
  ...common(item, urnOfSlot, program),
  ...rightsOf(item, program),
});

export const guestsSay: Says = (item, urnOfSlot, program) => ({
  ...common(item, urnOfSlot, program),
  can: { write: [POOL] },
  guestsOnly: true,
  libvirtSecret: secretUuid(FSID, ENTITY),
});
