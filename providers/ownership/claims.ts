/**
 * What the resources of this run claim of the world. The engine checks and creates first and deletes at the end, so that by the time of a
 * delete everything that lives on has claimed what it owns: what is claimed is never removed. One registry per process: a preview and an
 * update are different processes.
 */

/** Where a thing lies on a host, as the program calls it. */
export interface Place {
  readonly host: string;
  /** A path, or the name of a record. */
  readonly path: string;
  /** What of it: an option of a file; "" for the whole. */
  readonly part: string;
}

/** One thing that a resource claims. */
export interface Claim {
  /** In words, and equal for what is one thing: "pool vms of cluster …". */
  readonly thing: string;
  /** For things on hosts: one machine may go by several names, and one file by several paths. */
  readonly at?: Place;
  /** What to do where another resource of the program has it too. */
  readonly cure?: string;
}

/** Who holds a thing, and as what. */
export interface Holding {
  readonly owner: string;
  readonly thing: string;
}

export interface Claims {
  /** Registers; yields the other living owner where there is one. */
  claim(claim: Claim, owner: string): string | undefined;
  /** What one who has claimed it says to another who does. */
  cure(thing: string): string | undefined;
  /** A delete of this run has let go of it. */
  letGo(claim: Claim): void;
  /** Whether what is meant is claimed in this run, and nothing of it was let go: it stays as it is. */
  stays(isMeant: (at: Place) => boolean): boolean;
  /** Who has claimed this thing in this run. */
  holder(thing: string): string | undefined;
  /** What a resource that lives claims of this part of any file, wherever. */
  livingOn(owner: string, part: string): readonly (Claim & { readonly at: Place })[];
  /** Registers where a claimed thing was found to lie; yields who is known to be there already. */
  settle(spot: string, holding: Holding): Holding;
  /** Who is known to be there. */
  at(spot: string): Holding | undefined;
}

export const newClaims = (): Claims => {
  const holders = new Map<string, string>();
  const placed = new Map<string, (Claim & { readonly at: Place })[]>();
  const spots = new Map<string, Holding>();
  const cures = new Map<string, string>();
  const gone: Place[] = [];
  return {
    claim({ thing, at, cure }, owner) {
      if (cure !== undefined) cures.set(thing, cure);
      const holder = holders.get(thing);
      if (holder !== undefined) return holder === owner ? undefined : holder;
      holders.set(thing, owner);
      if (at !== undefined) placed.set(owner, [...(placed.get(owner) ?? []), { thing, at }]);
      return undefined;
    },
    cure: (thing) => cures.get(thing),
    letGo({ thing, at }) {
      if (at !== undefined && !holders.has(thing)) gone.push(at);
    },
    stays: (isMeant) =>
      [...placed.values()].some((all) => all.some(({ at }) => isMeant(at))) && !gone.some(isMeant),
    holder: (thing) => holders.get(thing),
    livingOn: (owner, part) => (placed.get(owner) ?? []).filter(({ at }) => at.part === part),
    settle(spot, holding) {
      const known = spots.get(spot) ?? holding;
      spots.set(spot, known);
      return known;
    },
    at: (spot) => spots.get(spot),
  };
};
