/**
 * Who owns a physical thing. The text is the resource's URN in all but name, built without the parent's `urn` Output, so that siblings do not
 * wait for each other: `<project>/<stack>::<parent types>$<type>::<name>`.
 */

/** `<project>/<stack>` of an owner. */
export const stackOf = (owner: string): string => owner.split("::", 1)[0] ?? owner;

/** The stacks whose things an owner may write: its own, and the one that it takes over from. */
export const ownStacks = (owner: string, takeOverFrom: string | undefined): readonly string[] => [
  stackOf(owner),
  ...(takeOverFrom === undefined ? [] : [takeOverFrom]),
];

/** What this very resource was called in the stack that `takeOverFrom` names. */
export const formerOwner = (owner: string, takeOverFrom: string | undefined): string | undefined =>
  takeOverFrom === undefined ? undefined : takeOverFrom + owner.slice(stackOf(owner).length);

/** How a person calls an owner: `name (Kind) of project/stack`. */
export const ownerName = (owner: string): string => {
  const [stack, types = "", name = owner] = owner.split("::");
  const kind = types.split(":").at(-1) ?? types;
  return `${name}${kind === "" ? "" : ` (${kind})`} of stack ${stack ?? ""}`;
};
