/** Packages that are wanted where they can be had: the rest is said and stays missing. */
import type { PackagesLook } from "../clients/packages/index.js";
import { isFailure, type Failure, type FailureCode } from "../remote/failure.js";
import type { PackagesTask } from "./record.js";
import { lackingIn, type SeenPackages } from "./state.js";

/** Says that it cannot be had there, now. Where the connection went, or a host is not as configured, nothing is known of packages. */
const CANNOT: readonly FailureCode[] = ["refused", "command", "timeout"];

/** One way to install, for those of the look that are named. */
type Doing<T> = (task: PackagesTask, look: PackagesLook, names: readonly string[]) => Promise<T>;

interface Ways {
  readonly install: Doing<PackagesLook>;
  readonly planned: Doing<unknown>;
  readonly again: () => Promise<PackagesLook>;
}

/** Why it cannot be done; undefined where it was. */
const whyNot = async (work: () => Promise<unknown>): Promise<Failure | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (isFailure(error) && CANNOT.includes(error.code)) return error;
    throw error;
  }
};

const only = (look: PackagesLook, names: readonly string[]): PackagesLook => ({
  ...look,
  found: look.found.filter(({ name }) => names.includes(name)),
});

const sentence = ({ parts: { what, stderr = "", cure = "" } }: Failure): string => {
  const [last = ""] = stderr.trimEnd().split("\n").slice(-1);
  return [what, last.trim(), cure].filter((part) => part !== "").join("; ");
};

const tell = ({ reach, host }: PackagesTask, names: readonly string[], why: Failure): void =>
  reach.note(
    `warning: ${host}: ${names.join(", ")} ${names.length > 1 ? "are" : "is"} missing, and cannot be had: ${sentence(why)}`,
  );

/** All at once; where that cannot be, those that can be had by themselves. */
const installSome = async (task: PackagesTask, look: PackagesLook, { install, planned }: Ways) => {
  const names = lackingIn(look);
  const why = await whyNot(() => install(task, look, names));
  if (why === undefined) return;
  const alone: [string, Failure | undefined][] = [];
  // What has waited to its end for all would wait as long for each.
  if (names.length > 1 && why.code !== "timeout")
    for (const name of names)
      alone.push([name, await whyNot(() => planned(task, only(look, [name]), [name]))]);
  const good = alone.flatMap(([name, failure]) => (failure === undefined ? [name] : []));
  if (good.length === 0 || good.length === names.length) {
    tell(task, names, why);
    return;
  }
  for (const [name, failure] of alone) if (failure !== undefined) tell(task, [name], failure);
  const still = await whyNot(() => install(task, only(look, good), good));
  if (still !== undefined) tell(task, good, still);
};

/** Installs what can be had, and says of the rest why it cannot. */
export const whatCanBeHad = async (
  task: PackagesTask,
  look: SeenPackages,
  ways: Ways,
): Promise<PackagesLook> => {
  if (look.cannot === undefined) {
    await installSome(task, look, ways);
    return ways.again();
  }
  tell(task, lackingIn(look), look.cannot);
  return look;
};
