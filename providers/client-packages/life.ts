/** Packages from the first look to the last: what is missing, what is recorded, in which order it is installed and let go. */
import type { PackagesLook } from "../clients/packages/index.js";
import type { Manager } from "../formats/packages.js";
import { actingOwner } from "../ownership/acting-owner.js";
import {
  isSamePackage,
  withoutPackages,
  withPackages,
  type PackageRecord,
} from "../ownership/package-records.js";
import { Failure, isFailure } from "../remote/failure.js";
import { install, planned, settleBegun } from "./install.js";
import { heirsOf, noteHeirs, noteNeeds, withNeeds } from "./needs.js";
import {
  clientOf,
  lookAtRecord,
  meetRecorded,
  recordOf,
  takenOver,
  waitingOf,
  whereOf,
  writeRecord,
  type PackagesTask,
} from "./record.js";
import { lackingIn, wrongVersion, type SeenPackages } from "./state.js";
import { whatCanBeHad } from "./optional.js";

/** Where packages are optional, a host whose packages nobody can look at has none, and it is kept why. */
export const lookAtPackages = async (task: PackagesTask): Promise<SeenPackages> => {
  try {
    return await clientOf(task).look(task.names);
  } catch (error) {
    if (!task.isOptional || !isFailure(error) || error.code !== "refused") throw error;
    const { apt, dnf } = task.names;
    const found = [...new Set([...apt, ...dnf])].map((name) => ({ name, state: "missing" }) as const);
    return { manager: "apt", isRecorded: false, found, cannot: error };
  }
};

/** @throws Failure `conflict` where another version is installed than is desired: nothing is ever upgraded */
const refuseOtherVersion = (task: PackagesTask, look: PackagesLook): void => {
  const others = look.found.filter((one) => one.state !== "missing" && wrongVersion(task, look, one));
  if (others.length === 0) return;
  throw new Failure({
    code: "conflict",
    host: task.host,
    what: `${others.map(({ name, version = "" }) => `${name} ${version}`).join(", ")} is installed, and version ${task.version ?? ""} is desired; ClientPackages never upgrades and never downgrades; nothing was touched`,
    cure: "Upgrade there by the distribution's own way, or ask for the version that is installed, or leave `version` out.",
  });
};

/** Installs what is missing; what is there stays as it is, without a record. */
export const convergePackages = async (task: PackagesTask, look: SeenPackages): Promise<PackagesLook> => {
  refuseOtherVersion(task, look);
  const missing = lackingIn(look);
  const found =
    missing.length === 0
      ? look
      : task.isOptional
        ? await whatCanBeHad(task, look, { install, planned, again: () => lookAtPackages(task) })
        : await install(task, look, missing);
  const acting = actingOwner(task.reach);
  if (look.isRecorded && missing.length === 0) {
    const record = await settleBegun(task, await lookAtRecord(task));
    await meetRecorded(task, record);
    await writeRecord(task, record, (now, at) => {
      const mine = withPackages(now, takenOver(task, acting, { look: at, when: "after" }));
      return withNeeds(task, acting, { record: { ...mine, installing: [] }, look: at });
    });
  }
  // An installation notes them itself, where it gets to its end.
  if (task.isOptional && missing.length > 0 && (look.isRecorded || found.isRecorded))
    await noteNeeds(task, acting);
  if (look.isRecorded) await releasePackages(task, { keeps: [...task.names.apt, ...task.names.dnf] });
  return found;
};

/** What a removal may take with it: nothing but these. */
const removable = async (
  task: PackagesTask,
  manager: Manager,
  names: readonly string[],
): Promise<{ readonly go: readonly string[]; readonly stay: readonly string[] }> => {
  const others = async (some: readonly string[]): Promise<boolean> => {
    const change = { verb: "remove", specs: some } as const;
    const { remove, install: instead, upgrade } = await clientOf(task).plan(manager, change, waitingOf(task));
    // APT brings another one where that is left of what a package needs.
    return remove.some((one) => !names.includes(one)) || instead.length + upgrade.length > 0;
  };
  if (names.length === 0 || !(await others(names))) return { go: names, stay: [] };
  const go: string[] = [];
  for (const name of names) if (!(await others([name]))) go.push(name);
  return { go, stay: names.filter((name) => !go.includes(name)) };
};

/** Lets go of what the record says is this resource's, but for what it keeps; removes it where that is desired. */
export const releasePackages = async (
  task: PackagesTask,
  { keeps }: { readonly keeps: readonly string[] },
): Promise<void> => {
  const acting = actingOwner(task.reach);
  const look = await settleBegun(task, await lookAtRecord(task));
  const { packages, needs = [] } = recordOf(task.host, look);
  const isLetGo = (one: PackageRecord): boolean =>
    !keeps.includes(one.name) && acting.letGo(one, whereOf(task, look, one.name)) === "mine";
  const mine = packages.filter(isLetGo).map(({ name }) => name);
  const others = needs.filter((one) => !isLetGo(one));
  if (mine.length === 0 && others.length === needs.length) return;
  const heirs = task.removes ? heirsOf(others, mine) : [];
  const goes = mine.filter((name) => !heirs.some((heir) => heir.name === name));
  if (task.removes) await removeThese(task, goes);
  noteHeirs(task, heirs);
  await writeRecord(task, look, (record) => {
    const left = (record.needs ?? []).filter(
      (one) => !isLetGo(one) && !heirs.some((heir) => isSamePackage(heir, one)),
    );
    return { ...withPackages(withoutPackages(record, goes), heirs), needs: left };
  });
};

const removeThese = async (task: PackagesTask, mine: readonly string[]): Promise<void> => {
  const { reach, host } = task;
  const packages = clientOf(task);
  const { found, manager } = await packages.look({ apt: mine, dnf: mine });
  const there = found.filter(({ state }) => state !== "missing").map(({ name }) => name);
  const { go, stay } = await removable(task, manager, there);
  if (stay.length > 0)
    reach.note(`${host}: ${stay.join(", ")} stay: others, which this resource did not install, need them`);
  if (go.length === 0) return;
  await packages.change(
    { verb: "remove", specs: go },
    {
      ...waitingOf(task),
      manager,
      isOurs: (name) => mine.includes(name),
      names: [],
    },
  );
};
