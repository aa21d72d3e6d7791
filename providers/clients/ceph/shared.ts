/** Reads that many resources share, and that no write of our own can make stale. */

interface Kept<T> {
  readonly at: number;
  readonly epoch: number;
  readonly value: Promise<T>;
}

/** How long a look serves those who ask after it: a burst of resources, never a whole run. */
const FRESH_MS = 250;

/** Looks that a write of the same group makes stale. */
export interface LookGroup {
  /**
   * The same read, shared by name: the value of one that runs or has just ended, unless something of the group was written since it began.
   * `anew`: one that begins now, for what another process may have written meanwhile.
   */
  shared<T>(read: (name: string) => Promise<T>): (name: string, how?: "anew") => Promise<T>;
  /** Runs a write; every look of the group that began before its end is dropped. */
  write<T>(act: () => Promise<T>): Promise<T>;
}

export const lookGroup = (now: () => number = Date.now): LookGroup => {
  let epoch = 0;
  return {
    shared<T>(read: (name: string) => Promise<T>) {
      const looks = new Map<string, Kept<T>>();
      return (name, how) => {
        const last = how === "anew" ? undefined : looks.get(name);
        if (last?.epoch === epoch && now() - last.at < FRESH_MS) return last.value;
        const value = read(name);
        looks.set(name, { at: now(), epoch, value });
        value.catch(() => {
          if (looks.get(name)?.value === value) looks.delete(name);
        });
        return value;
      };
    },
    async write(act) {
      epoch++;
      try {
        return await act();
      } finally {
        epoch++;
      }
    },
  };
};
