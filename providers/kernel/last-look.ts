/** What a verb has seen where nothing is there: `observe` yields nothing then, and the `apply` that follows it need not look once more. */
import type { Reach } from "./contract.js";

export interface LastLook<X> {
  /** Keeps a look for the rest of its verb. */
  keep(reach: Reach, look: X): X;
  /** The last one of this verb; undefined where it has not looked. */
  of(reach: Reach): X | undefined;
}

/** Each verb has a reach of its own, and the looks go with it. */
export const newLastLook = <X>(): LastLook<X> => {
  const looks = new WeakMap<Reach, X>();
  return {
    keep: (reach, look) => {
      looks.set(reach, look);
      return look;
    },
    of: (reach) => looks.get(reach),
  };
};
