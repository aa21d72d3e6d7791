/** Reads that many resources share, and that no write of our own can make stale. */

interface Kept {
  readonly at: number;
  readonly epoch: number;
  readonly value: Promise<unknown>;
}

/** How long a look serves those who ask after it: a burst of resources, never a whole run. */
const FRESH_MS = 250;

/** Looks by name, each in a group that a write of ours drops. */
export interface SharedLooks {
  /** The value of a look that runs or has just ended, unless something of its group was written since it began; else of a new one. */
  look<T>(group: string, name: string, read: () => Promise<T>): Promise<T>;
  /** Runs a write; every look of the group that began before its end is dropped. */
  write<T>(group: string, act: () => Promise<T>): Promise<T>;
}

export const sharedLooks = (now: () => number = Date.now): SharedLooks => {
  const epochs = new Map<string, number>();
  const kept = new Map<string, Kept>();
  const epochOf = (group: string): number => epochs.get(group) ?? 0;
  return {
    look<T>(group: string, name: string, read: () => Promise<T>): Promise<T> {
      const key = `${group} ${name}`;
      const last = kept.get(key);
      // One name is always read by one function: the value has its type.
      if (last !== undefined && last.epoch === epochOf(group) && now() - last.at < FRESH_MS)
        return last.value as Promise<T>;
      const value = read();
      kept.set(key, { at: now(), epoch: epochOf(group), value });
      value.catch(() => {
        if (kept.get(key)?.value === value) kept.delete(key);
      });
      return value;
    },
    async write(group, act) {
      const drop = () => epochs.set(group, epochOf(group) + 1);
      drop();
      try {
        return await act();
      } finally {
        drop();
      }
    },
  };
};
