/** Plain data, as it crosses Pulumi's wire. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Properties of a resource. */
export type Props = { readonly [key: string]: Json };

/** A map, as opposed to a list, a scalar or null. */
export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Values that stand for "not known yet" in a preview, by their kind.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
 */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The sentinel that the Node SDK itself sends for an unknown value: what is derived from an unknown is this. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => UNKNOWNS.has(value);

/** True for a text that was made with an unknown. */
export const namesUnknown = (text: string): boolean =>
  [...UNKNOWNS].some((unknown) => typeof unknown === "string" && text.includes(unknown));

/** True when the value is unknown or holds an unknown at any depth. */
export const holdsUnknown = (value: unknown): boolean =>
  isUnknown(value) ||
  (Array.isArray(value) ? value.some(holdsUnknown) : isMap(value) && Object.values(value).some(holdsUnknown));

/** Equality of plain data; the order of keys never counts (the wire sorts them). */
export const same = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isMap(a) || !isMap(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
};

/** A copy of plain data without `undefined`, which Pulumi's wire refuses. @throws TypeError for what is not plain data. */
export const plain = (value: unknown): Json => {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isMap(value)) return plainProps(value);
  throw new TypeError(`not plain data: ${typeof value}`);
};

/** `plain` for a map. */
export const plainProps = (value: object): Props =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, plain(item)]),
  );
