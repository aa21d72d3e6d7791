/**
 * What the resources of this run claim of the world. The engine checks and creates first and deletes at the end, so that by the time of a
 * delete everything that lives on has claimed what it owns: what is claimed is handed over and not removed. One registry per process: a
 * preview and an update are different processes.
 */
export interface Claims {
  /** Registers; yields the other living owner where there is one. */
  claim(thing: string, owner: string): string | undefined;
  /** Remembers that this owner's `create` ran: a delete that follows is the second half of a replacement. */
  created(things: readonly string[], owner: string): void;
  /** True when something that lives on holds the thing that `owner` is about to let go. */
  handedOver(thing: string, owner: string): boolean;
}

export const newClaims = (): Claims => {
  const holders = new Map<string, string>();
  const made = new Set<string>();
  return {
    claim(thing, owner) {
      const holder = holders.get(thing);
      if (holder !== undefined && holder !== owner) return holder;
      holders.set(thing, owner);
      return undefined;
    },
    created(things, owner) {
      for (const thing of things) {
        holders.set(thing, owner);
        made.add(thing);
      }
    },
    handedOver(thing, owner) {
      const holder = holders.get(thing);
      return holder !== undefined && (holder !== owner || made.has(thing));
    },
  };
};
