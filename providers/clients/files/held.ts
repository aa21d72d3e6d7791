/** Owner, group and mode of a path, in the form of a wish. */
import type { Look } from "./index.js";

/** As found; a number where a number is wanted. */
export const heldAs = (
  wish: string | undefined,
  { name, number }: { name: string; number: string },
): string => (wish === number ? number : name);

/** Those of the three that are wished for, as found. */
export const heldFor = (
  { holder }: Look,
  wish: { readonly owner?: string; readonly group?: string; readonly mode?: string },
): Readonly<Record<string, string>> => {
  if (holder === undefined) return {};
  const { user, uid, group, gid, mode } = holder;
  const held = {
    owner: heldAs(wish.owner, { name: user, number: uid }),
    group: heldAs(wish.group, { name: group, number: gid }),
    mode,
  };
  return Object.fromEntries(Object.entries(held).filter(([key]) => key in wish));
};
