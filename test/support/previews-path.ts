/** Names of properties, and what says which property of which resource stands for a change of the world. */
import type { Desired } from "./previews";
import type { WorldChange } from "./world";

/** A property as segments of a path. */
export type Path = readonly string[];

export const textOf = (path: Path): string =>
  path
    .map((part, at) => (/^[A-Za-z_]\w*$/.test(part) ? (at === 0 ? part : `.${part}`) : `["${part}"]`))
    .join("");

export type Owning = (desired: Desired, change: WorldChange, poolName: string) => Path | undefined;
