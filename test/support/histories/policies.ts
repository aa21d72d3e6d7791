/** What a destroy does with what is there: as `onDelete` says, or as the thing came about. */
import { wrongWith } from "./described";
import type { Stack, Told } from "./laws";
import type { Entry } from "./state";
import type { World } from "./world";

/** A living entry whose destroy is to be judged, and what is to become of its thing. */
export interface Policy {
  readonly entry: Entry;
  readonly onDelete: "remove" | "keep";
}

/** What is one owner's as a whole. */
const WHOLE = ["CephPool", "CephAuthEntity", "CephKeyringFile", "LibvirtSecret", "Directory"];

const isThere = (world: World, entry: Entry): boolean =>
  !wrongWith(world, entry).some((what) => what.endsWith("is not there"));

const policyOf = ({ outputs }: Entry): Policy["onDelete"] | undefined => {
  const said = outputs["onDelete"];
  return said === "remove" || said === "keep" ? said : undefined;
};

/** Of a stack that is settled, what it alone has and state says of it once. */
export const policiesOf = (
  stack: Stack,
  { world, told, stacks }: { readonly world: World; readonly told: Told; readonly stacks: readonly Stack[] },
): Policy[] => {
  if (!stack.settled || told.unrecorded.size + told.lostTokens.size > 0) return [];
  const others = stacks.flatMap(({ entries }) => entries);
  return stack.entries.flatMap((entry) => {
    const onDelete = policyOf(entry);
    const isAlone = others.every((other) => other === entry || other.kind !== entry.kind);
    const isJudged = WHOLE.includes(entry.kind) && isAlone && !entry.retainOnDelete && isThere(world, entry);
    return isJudged && onDelete !== undefined ? [{ entry, onDelete }] : [];
  });
};

/** After the destroy. */
export const brokenPolicies = (world: World, policies: readonly Policy[]): string[] =>
  policies
    .filter(({ entry, onDelete }) => isThere(world, entry) === (onDelete === "remove"))
    .map(
      ({ entry, onDelete }) => `policy: ${entry.urn} was to be ${onDelete === "keep" ? "kept" : "removed"}`,
    );
