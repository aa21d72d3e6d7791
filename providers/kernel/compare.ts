/** Which properties differ. Pure. */
import { isMap, same, type Props } from "./json.js";

/** Names of hidden inputs begin so: never displayed, passed over by every comparison. */
export const isHidden = (key: string): boolean => key.startsWith("__");

/** Set in outputs while the last create or update failed half-way: the next update must look, whatever changed. */
export const FAILED = "__failed";

/**
 * Set beside it as long as no create has succeeded: what is there need not be ours, and `adopt` counts until it is. Nobody knows how far a create
 * came that was cut; that it came past `adopt`, the record of the thing says.
 */
export const CREATING = "__creating";

/** True until a create has succeeded: without state, and with what a create left that failed. */
export const isCreating = (prior: Props | undefined): boolean => prior === undefined || CREATING in prior;

/** Kept in outputs alone, and by every update: it tells this create from every other (`providers/ownership/`). */
export const TOKEN = "__token";

/** Outputs that are no inputs, of every artifact. */
export const isKept = (key: string): boolean => [FAILED, CREATING, TOKEN].includes(key);

/** Keys of `wanted` whose value in `found` is another or missing. */
export const differing = (wanted: Props, found: Props | undefined): string[] =>
  Object.keys(wanted).filter((key) => !same(wanted[key], found?.[key]));

/** Every input whose value differs between recorded outputs and new inputs, dropped ones too. */
export const changedInputs = (
  olds: Props,
  news: Props,
  { facts, later = {}, aside = [] }: { facts: readonly string[]; later?: Props; aside?: readonly string[] },
): string[] => {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].filter(
    (key) =>
      !isHidden(key) &&
      !(aside.includes(key) && key in olds) &&
      !(facts.includes(key) && !(key in news)) &&
      !same(olds[key] ?? later[key], news[key] ?? later[key]),
  );
};

/** The ways to give orders to a cluster: they are not the cluster. */
const WAYS = ["admin", "adminName", "prefix", "entity", "conf", "keyring"];

const withoutWays = (cluster: unknown): unknown =>
  isMap(cluster)
    ? Object.fromEntries(Object.entries(cluster).filter(([key]) => !WAYS.includes(key)))
    : cluster;

/** True when two values of `cluster` name the same cluster and differ at most in the way to it. */
export const sameCluster = (a: unknown, b: unknown): boolean => same(withoutWays(a), withoutWays(b));
