/**
 * The rare settings of a pool, by Ceph's own names: which are taken, and when what Ceph keeps is what was desired. Pure.
 * @see https://docs.ceph.com/en/latest/rados/operations/pools/#set-pool-values
 */
import type { PoolDetail } from "../clients/ceph/pool-detail.js";
import { boolean, either, number, text, type Rule } from "../kernel/shape.js";

/** Flags that `pool set` switches and that are listed among the flags. */
const FLAGS = new Set([
  "nodelete",
  "nopgchange",
  "nosizechange",
  "hashpspool",
  "write_fadvise_dontneed",
  "noscrub",
  "nodeep-scrub",
  "eio",
]);

/** An option under `options`, as text; undefined where only `ceph osd pool get` can tell. */
export const listedOption = (pool: PoolDetail, name: string): string | undefined => {
  if (FLAGS.has(name)) return String(pool.flags.includes(name));
  const value = pool.options[name] ?? pool.other[name];
  return value === undefined ? undefined : String(value);
};

/** What the list of pools does not tell, or tells by number. */
export interface Asked {
  /** Options that the list of pools does not tell, as `ceph osd pool get` told them. */
  readonly asked: ReadonlyMap<string, string>;
  /** Numbers of pools by name, for options that name a pool. @default none */
  readonly pools?: ReadonlyMap<string, number>;
}

/** Set by name, kept as a number. @see https://github.com/ceph/ceph/blob/main/src/common/Checksummer.h */
const CHECKSUMS = ["none", "xxhash32", "xxhash64", "crc32c", "crc32c_16", "crc32c_8"];

const UNITS = "KMGTPE";

/** A whole number with or without a binary unit ("64K", "64Ki"), a fraction, or nothing that is a number. */
const numberOf = (value: string): number | undefined => {
  const found = /^([+-]?\d+)([KMGTPE])i?B?$/.exec(value);
  if (found !== null) return Number(found[1]) * 1024 ** (UNITS.indexOf(found[2] ?? "") + 1);
  const plain = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isNaN(plain) ? undefined : plain;
};

const TRUTHS: Record<string, boolean> = {
  true: true,
  yes: true,
  "1": true,
  false: false,
  no: false,
  "0": false,
};

/** True when Ceph keeps the first as the second. */
const keptAs = (
  name: string,
  desired: string,
  { found, pools }: { found: string; pools: Asked["pools"] },
): boolean => {
  if (name === "csum_type" && CHECKSUMS.indexOf(desired) + 1 === Number(found)) return true;
  if (name === "dedup_tier" && pools?.get(desired) === Number(found)) return true;
  if (found === "true" || found === "false") return TRUTHS[desired] === TRUTHS[found];
  const number = numberOf(desired);
  return number !== undefined && number === numberOf(found);
};

/** 0 takes a number away, and "unset" a text: nothing is listed then. */
const isUnset = (desired: string): boolean =>
  desired === "unset" || numberOf(desired) === 0 || TRUTHS[desired] === false;

/** What is found of an option, in the form of what is desired where Ceph keeps that in another. */
export const foundOption = (
  pool: PoolDetail,
  { asked, pools }: Asked,
  [name, value]: readonly [string, unknown],
): string | undefined => {
  const desired = String(value);
  const found = listedOption(pool, name) ?? asked.get(name);
  if (found === undefined) return isUnset(desired) ? desired : undefined;
  return keptAs(name, desired, { found, pools }) ? desired : found;
};

/** A key of `ceph osd pool set`; `fields` says which have a field of their own here, and which. */
export const optionNameBeside = (fields: ReadonlyMap<string, string>): Rule<string> => {
  const own = new Map([...fields, ...[...fields.values()].map((field) => [field, field] as const)]);
  const form = text(/^[a-z][a-z0-9_-]*$/, "a key of `ceph osd pool set`");
  return {
    check(value, path, report) {
      const field = typeof value === "string" ? own.get(value) : undefined;
      if (field === undefined) return form.check(value, path, report);
      report(path, value, `has a field of its own: use \`${field}\``);
      return undefined;
    },
  };
};

export const optionValue: Rule<string | number | boolean> = either(
  either(boolean, number(-Number.MAX_VALUE, Number.MAX_VALUE), ""),
  text(/^[\x20-\x7e]{1,200}$/, ""),
  "text without control characters, a number, true or false",
);
