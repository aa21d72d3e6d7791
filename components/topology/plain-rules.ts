/** Arguments that decide which resources there are must be known in the program: an Output there is refused in one sentence. Pure. */
import { Output, Resource } from "@pulumi/pulumi";

/** Places where an Output may stand, as paths with `*` for any one name. What lies below them may be one too. */
type Places = readonly string[];

const HOW =
  'must be plain, and this is an Output: it decides which resources there are. From another stack: `await stack.getOutputValue("…")`, or its details by `getOutputDetails`';

const isLater = (value: unknown): boolean => Output.isInstance(value) || value instanceof Promise;

const matches = (place: string, path: readonly string[]): boolean => {
  const names = place.split(".");
  return names.length === path.length && names.every((name, at) => name === "*" || name === path[at]);
};

/** Problems of everything in `value` that is an Output or a Promise where none may be. */
export const outputProblems = (value: unknown, places: Places, path: readonly string[] = []): string[] => {
  if (places.some((place) => matches(place, path))) return [];
  if (isLater(value)) return [`${path.length === 0 ? "the arguments" : path.join(".")} ${HOW}`];
  // A resource in place of a value of it leads back to itself.
  if (typeof value !== "object" || value === null || Resource.isInstance(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => outputProblems(item, places, [...path, name]));
};
