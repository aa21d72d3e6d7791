/** What a look at packages comes to: as desired, or what is not. Pure. */
import type { PackagesLook } from "../clients/packages/index.js";
import { isOfVersion, type FoundPackage } from "../formats/packages.js";
import type { Failure } from "../remote/failure.js";
import type { PackagesTask } from "./record.js";

export const INSTALLED = "installed";
export const AS_CAN_BE_HAD = "installed, as far as can be had";

/** What is desired. */
export type State = typeof INSTALLED | typeof AS_CAN_BE_HAD;

/** A look, and why nothing can be installed there where that is plain already. */
export interface SeenPackages extends PackagesLook {
  readonly cannot?: Failure;
}

export const lackingIn = ({ found }: PackagesLook): readonly string[] =>
  found.filter(({ state }) => state !== "installed").map(({ name }) => name);

export const wrongVersion = (
  task: PackagesTask,
  look: PackagesLook,
  { name, version = "" }: FoundPackage,
): boolean =>
  task.version !== undefined &&
  task.pinned[look.manager].includes(name) &&
  !isOfVersion(version, task.version);

const saidOf = (task: PackagesTask, look: PackagesLook, one: FoundPackage): string[] => {
  if (one.state === "missing") return [`${one.name} is missing`];
  if (one.state === "broken") return [`${one.name} is half-installed`];
  return wrongVersion(task, look, one)
    ? [`${one.name} is ${one.version ?? ""}, not ${task.version ?? ""}`]
    : [];
};

/**
 * What is not as desired, in words, or what is desired itself where all is; and what is missing without counting.
 * @param without packages that were missing before, and could not be had: that they still are is no difference
 */
export const seen = (
  task: PackagesTask,
  look: PackagesLook,
  without: readonly string[],
): { readonly state: string; readonly missing: readonly string[] } => {
  const missing = task.isOptional ? lackingIn(look).filter((name) => without.includes(name)) : [];
  const said = look.found
    .filter(({ name }) => !missing.includes(name))
    .flatMap((one) => saidOf(task, look, one));
  const desired = task.isOptional ? AS_CAN_BE_HAD : INSTALLED;
  return { state: said.length === 0 ? desired : said.join("; "), missing };
};
