/** At most so many at a time; the others wait in the order of their coming. */
export interface Limit {
  /** Waits for a free place. What it gives back frees the place; calling it again does nothing. */
  take(): Promise<() => void>;
}

export const limit = (count: number): Limit => {
  let free = count;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const once = (): (() => void) => {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      release();
    };
  };
  return {
    take: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return once();
    },
  };
};

/** A pause. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** A pause that grows with each attempt, with a random part, so that many that were refused together do not come back together. */
export const backOff = (attempt: number, firstMilliseconds: number): Promise<void> =>
  pause(Math.min(firstMilliseconds * 2 ** attempt, 4000) * (0.5 + Math.random()));
