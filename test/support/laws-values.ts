/** Places in plain values, and what stands there. */
import { isDeepStrictEqual } from "node:util";
import { isUnknown } from "../../providers/kernel/json";

/** Values that stand for "not known yet", by kind: text, boolean, number, list, object. */
export const SENTINELS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Every place in a value, the value itself included. */
export const placesIn = (value: unknown): string[][] => [
  [],
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, item]) => placesIn(item).map((place) => [key, ...place]))
    : []),
];

export const put = (value: unknown, [key, ...rest]: readonly string[], item: unknown): unknown => {
  if (key === undefined) return item;
  if (Array.isArray(value))
    return value.map((one: unknown, i) => (String(i) === key ? put(one, rest, item) : one));
  const map = typeof value === "object" && value !== null ? value : {};
  return { ...map, [key]: put(Reflect.get(map, key), rest, item) };
};

/** True where a value is not known at this place or, as its whole is not, above it; in a list, which may be sorted, anywhere. */
export const unknownAt = (value: unknown, [key, ...rest]: readonly string[]): boolean => {
  if (isUnknown(value) || key === undefined || typeof value !== "object" || value === null)
    return isUnknown(value);
  return Array.isArray(value)
    ? value.some((item) => unknownAt(item, rest))
    : unknownAt(Reflect.get(value, key), rest);
};

export const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
};

/** Where two values differ, with what is found and what was expected there. */
export const differences = (found: unknown, expected: unknown, place = ""): string[] => {
  if (isDeepStrictEqual(found, expected)) return [];
  const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
  if (!isObject(found) || !isObject(expected))
    return [`${place}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`];
  const keys = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(found, key), Reflect.get(expected, key), `${place}/${key}`),
  );
};
