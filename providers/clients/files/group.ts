/** Edits of one file that wait for each other share one write. Pure. */
import { defined } from "../defined.js";
import type { Change, Look } from "./wire.js";

/** Decides by a look what to write; undefined: nothing. Called several times, so pure. */
export type Edit = (look: Look) => Change | undefined;

/** One who waits: what he saw, and what he wants. */
export interface Asked {
  readonly seen: Look;
  readonly edit: Edit;
}

/** What one write does, and for whom. */
export interface Group<T extends Asked> {
  /** Whose edits it holds. */
  readonly taken: readonly T[];
  readonly change: Change | undefined;
  /** Whose edits refused, and why. */
  readonly failed: readonly { readonly one: T; readonly error: unknown }[];
}

/** The same look as the caller of `seen` asked for it. */
export const forCaller = (look: Look, { path, asked, loginGroup }: Look): Look => {
  const { asked: _asked, loginGroup: _loginGroup, ...rest } = look;
  return { ...rest, path, ...defined({ asked, loginGroup }) };
};

/** Content and records alone can be put together; owners, modes, directories and removals are written alone. */
const isPlain = (change: Change): boolean =>
  Object.keys(change).every((key) => ["to", "first", "then"].includes(key)) &&
  (change.to === undefined || typeof change.to === "object");

const withRecord = ({ record: _record, ...look }: Look, record: string | null): Look =>
  record === null ? look : { ...look, record };

/** What a look would find after a change; `during`: before its second record. */
const after = (look: Look, { to, first, then }: Change, during: boolean): Look => {
  const file = typeof to === "object" ? { ...look, bytes: to.bytes } : look;
  const record = during ? first : then === undefined ? first : then;
  return record === undefined ? file : withRecord(file, record);
};

const changed = (base: Look, during: Look, end: Look): Change | undefined => {
  const change = defined({
    to: end.bytes === base.bytes || end.bytes === undefined ? undefined : { bytes: end.bytes },
    first: during.record === base.record ? undefined : (during.record ?? null),
    then: end.record === during.record ? undefined : (end.record ?? null),
  });
  return Object.keys(change).length === 0 ? undefined : change;
};

/** As many of those who wait, in order, as fit into one write. */
export const together = <T extends Asked>(base: Look, waiting: readonly T[]): Group<T> => {
  const taken: T[] = [];
  const failed: { one: T; error: unknown }[] = [];
  // Two chains: `during` holds what counts as ours until the file is renamed, old and new, for all of them; `end` what counts then.
  let [during, end] = [base, base];
  for (const one of waiting) {
    try {
      const change = one.edit(forCaller(end, one.seen));
      if (change !== undefined && !isPlain(change)) {
        if (taken.length > 0) break;
        return { taken: [one], change, failed };
      }
      const first = change && one.edit(forCaller({ ...during, ...defined({ bytes: end.bytes }) }, one.seen));
      taken.push(one);
      if (change !== undefined) end = after(end, change, false);
      if (first !== undefined) during = after(during, first, true);
    } catch (error) {
      failed.push({ one, error });
    }
  }
  return { taken, change: changed(base, during, end), failed };
};
