/** What the resources of a program have in common. */
import type { Item, Program, Slot } from "./program";
import { ADMIN, FSID, HOSTS } from "./world";

export const hostOf = ({ host }: Item): string => Object.keys(HOSTS)[host] ?? "ctl1";

export const cluster = { fsid: FSID, admin: ADMIN };

/** The urn of another resource of the program, where there is one. */
export type UrnOf = (slot: Slot) => string | undefined;

/** What a resource says, with what it takes from others of its program. */
export type Says = (item: Item, urnOfSlot: UrnOf, program: Program) => Record<string, unknown>;
