/** Whether one clause grants all that another does. Pure. */
import { termsOf, type Term } from "./clause.js";
import { cutCaps, type CapsType } from "./words.js";

/** They narrow a clause: without them it is of every pool, in every namespace. */
const NARROWING = ["pool", "namespace"];

interface Parts {
  readonly profile: string | undefined;
  /** All but the profile's name and what narrows. */
  readonly rest: string;
  readonly narrowed: readonly string[];
}

const partsOf = (type: CapsType, clause: string): Parts => {
  const terms = cutCaps(type, clause).clauses.flatMap((words) => termsOf(type, words));
  const narrows = ({ name, value }: Term): boolean => value !== undefined && NARROWING.includes(name);
  const isProfile = ({ name, value }: Term): boolean => value !== undefined && name === "profile";
  const rest = terms.filter((term) => !narrows(term) && !isProfile(term));
  return {
    profile: terms.find(isProfile)?.value,
    rest: rest.map(({ text }) => text).join(" "),
    narrowed: terms.filter(narrows).map(({ text }) => text),
  };
};

/** All that `narrow` grants, by what two canonical clauses say: the same of no less, `rbd` for `rbd-read-only`, or `allow *`. */
export const covers = (type: CapsType, wide: string, narrow: string): boolean => {
  if (wide === narrow || wide === "allow *") return true;
  const [more, less] = [partsOf(type, wide), partsOf(type, narrow)];
  const sameProfile =
    more.profile === less.profile || (more.profile === "rbd" && less.profile === "rbd-read-only");
  return (
    sameProfile && more.rest === less.rest && more.narrowed.every((term) => less.narrowed.includes(term))
  );
};
