/** Owner, group and mode of a path, in the form of what is desired. */
import type { Look } from "./index.js";

/** As found; a number where a number is wanted. */
export const heldAs = (
  desired: string | undefined,
  { name, number }: { name: string; number: string },
): string => (desired === number ? number : name);

/** Those of the three that are desired, as found. */
export const heldFor = (
  { holder }: Look,
  desired: { readonly owner?: string; readonly group?: string; readonly mode?: string },
): Readonly<Record<string, string>> => {
  if (holder === undefined) return {};
  const { user, uid, group, gid, mode } = holder;
  const held = {
    owner: heldAs(desired.owner, { name: user, number: uid }),
    group: heldAs(desired.group, { name: group, number: gid }),
    mode,
  };
  return Object.fromEntries(Object.entries(held).filter(([key]) => key in desired));
};
