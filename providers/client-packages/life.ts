/** Packages from the first look to the last: what is missing, what is recorded, in which order it is installed and let go. */
import { packagesOn, type PackagePlan, type Packages, type PackagesLook } from "../clients/packages/index.js";
import type { Look } from "../clients/files/index.js";
import { defined } from "../clients/defined.js";
import type { FoundPackage } from "../formats/packages.js";
import { askerOf } from "../ownership/asker.js";
import { withoutPackages, withPackages } from "../ownership/package-records.js";
import { Failure, isFailure } from "../remote/failure.js";
import {
  lookAtRecord,
  meetRecorded,
  recordOf,
  takenOver,
  whereOf,
  writeRecord,
  type PackagesTask,
} from "./record.js";
import { lackingIn, wrongVersion, type SeenPackages } from "./state.js";
import { whatCanBeHad } from "./optional.js";

const clientOf = ({ reach, host }: PackagesTask): Packages => packagesOn(reach.machine(host));

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

/** @throws Failure `conflict` where another version is installed than is wished: nothing is ever upgraded */
const refuseOtherVersion = (task: PackagesTask, look: PackagesLook): void => {
  const others = look.found.filter((one) => one.state !== "missing" && wrongVersion(task, look, one));
  if (others.length === 0) return;
  throw new Failure({
    code: "conflict",
    host: task.host,
    what: `${others.map(({ name, version = "" }) => `${name} ${version}`).join(", ")} is installed, and version ${task.version ?? ""} is wished; ClientPackages never upgrades and never downgrades; nothing was touched`,
    cure: "Upgrade there by the distribution's own way, or wish for the version that is installed, or leave `version` out.",
  });
};

const named = (look: PackagesLook, state: FoundPackage["state"]): string[] =>
  look.found.filter((one) => one.state === state).map(({ name }) => name);

/**
 * APT takes other packages for a name that it knows as a pattern ("python3.1"), or as something that others provide.
 * @throws Failure `refused` where the plan does not bring what is missing, and nobody else has brought it meanwhile
 */
const mustBring = async (task: PackagesTask, look: PackagesLook, { install: brings }: PackagePlan) => {
  if (named(look, "missing").every((name) => brings.includes(name))) return;
  const left = named(await lookAtPackages(task), "missing").filter((name) => !brings.includes(name));
  if (left.length === 0) return;
  throw new Failure({
    code: "refused",
    host: task.host,
    what: `its package indices have no package that is called ${left.join(", ")}; for what was asked they would bring ${brings.slice(0, 8).join(", ") || "nothing"}${brings.length > 8 ? ` and ${brings.length - 8} more` : ""}; nothing was installed`,
    cure: "Give the name of the package itself: this one is a pattern, or something that others provide.",
  });
};

const planned = async (task: PackagesTask, look: PackagesLook, missing: readonly string[]) => {
  const { manager } = look;
  const packages = clientOf(task);
  const specs = await packages.chosen(
    manager,
    missing.map((name) => ({
      name,
      ...(task.pinned[manager].includes(name) ? defined({ version: task.version }) : {}),
    })),
  );
  const plan = await packages.plan("install", specs);
  const harm = [...plan.upgrade.map((one) => `upgrade ${one}`), ...plan.remove.map((one) => `remove ${one}`)];
  if (harm.length === 0) {
    await mustBring(task, look, plan);
    return { specs, brings: plan.install };
  }
  throw new Failure({
    code: "refused",
    host: task.host,
    what: `to install ${missing.join(", ")} would ${harm.slice(0, 8).join(", ")}${harm.length > 8 ? ` and ${harm.length - 8} more` : ""}; ClientPackages never upgrades and never removes; nothing was touched`,
    cure: "Upgrade there first by the distribution's own way, or pin by `version` what fits to what is installed.",
  });
};

/** Of an installation that has ended and was not done: what is missing still is nobody's; whoever installs it then, it is theirs. */
const takeBack = async (task: PackagesTask, begun: Look, fresh: readonly string[]): Promise<void> => {
  const missing = named(await lookAtPackages(task), "missing");
  const gone = fresh.filter((name) => missing.includes(name));
  if (gone.length > 0) await writeRecord(task, begun, (record) => withoutPackages(record, gone));
};

const install = async (
  task: PackagesTask,
  look: PackagesLook,
  missing: readonly string[],
): Promise<PackagesLook> => {
  const packages = clientOf(task);
  const asker = askerOf(task.reach);
  const { specs, brings } = await planned(task, look, missing);
  let left: readonly string[] = [];
  let fresh: readonly string[] = [];
  const seen = await lookAtRecord(task);
  await meetRecorded(task, seen);
  const begun = await writeRecord(task, seen, (record, now) => {
    left = record.installing ?? [];
    const known = takenOver(task, asker, { look: now, when: "during" });
    const others = record.packages.map(({ name }) => name);
    // What is half-installed and in no record is somebody else's work, an upgrade under way perhaps.
    fresh = named(look, "missing").filter((name) => !others.includes(name));
    const made = fresh.map((name) => ({ name, ...asker.titles(undefined).during }));
    return { ...withPackages(record, [...known, ...made]), installing: [...new Set([...left, ...brings])] };
  });
  const ours = [...left, ...brings, ...missing];
  const found = await packages.change("install", specs, {
    seconds: task.seconds,
    note: (text) => task.reach.note(text),
    isOurs: (name) => ours.includes(name),
    undone: () => takeBack(task, begun, fresh),
    names: task.names[look.manager],
  });
  await writeRecord(task, begun, (record, now) => ({
    ...withPackages(record, takenOver(task, asker, { look: now, when: "after" })),
    installing: [],
  }));
  return { ...look, found };
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
  if (!look.isRecorded) return found;
  const asker = askerOf(task.reach);
  if (missing.length === 0) {
    const record = await lookAtRecord(task);
    await meetRecorded(task, record);
    await writeRecord(task, record, (now, at) => ({
      ...withPackages(now, takenOver(task, asker, { look: at, when: "after" })),
      installing: [],
    }));
  }
  await releasePackages(task, { keeps: [...task.names.apt, ...task.names.dnf] });
  return found;
};

/** What a removal may take with it: nothing but these. */
const removable = async (
  packages: Packages,
  names: readonly string[],
): Promise<{ readonly go: readonly string[]; readonly stay: readonly string[] }> => {
  const others = async (some: readonly string[]): Promise<boolean> => {
    const { remove, install: instead, upgrade } = await packages.plan("remove", some);
    // APT brings another one where that is left of what a package needs.
    return remove.some((one) => !names.includes(one)) || instead.length + upgrade.length > 0;
  };
  if (names.length === 0 || !(await others(names))) return { go: names, stay: [] };
  const go: string[] = [];
  for (const name of names) if (!(await others([name]))) go.push(name);
  return { go, stay: names.filter((name) => !go.includes(name)) };
};

/** Lets go of what the record says is this resource's, but for what it keeps; removes it where that is wished. */
export const releasePackages = async (
  task: PackagesTask,
  { keeps }: { readonly keeps: readonly string[] },
): Promise<void> => {
  const asker = askerOf(task.reach);
  const look = await lookAtRecord(task);
  const mine = recordOf(task.host, look)
    .packages.filter(({ name }) => !keeps.includes(name))
    .filter((one) => asker.letGo(one, whereOf(task, look, one.name)) === "mine")
    .map(({ name }) => name);
  if (mine.length === 0) return;
  if (task.removes) await removeThese(task, mine);
  await writeRecord(task, look, (record) => withoutPackages(record, mine));
};

const removeThese = async (task: PackagesTask, mine: readonly string[]): Promise<void> => {
  const { reach, host, seconds } = task;
  const packages = clientOf(task);
  const { found } = await packages.look({ apt: mine, dnf: mine });
  const there = found.filter(({ state }) => state !== "missing").map(({ name }) => name);
  const { go, stay } = await removable(packages, there);
  if (stay.length > 0)
    reach.note(`${host}: ${stay.join(", ")} stay: other packages that we did not install need them`);
  if (go.length === 0) return;
  await packages.change("remove", go, {
    seconds,
    note: (text) => reach.note(text),
    isOurs: (name) => mine.includes(name),
    names: [],
  });
};
