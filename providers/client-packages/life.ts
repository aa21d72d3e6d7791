/** Packages from the first look to the last: what is missing, what is recorded, in which order it is installed and let go. */
import { filesOf, type Look } from "../clients/files/index.js";
import {
  packagesOn,
  PACKAGES_RECORD,
  type Names,
  type Packages,
  type PackagesLook,
} from "../clients/packages/index.js";
import { defined } from "../clients/defined.js";
import { isOfVersion, type FoundPackage } from "../formats/packages.js";
import type { Reach } from "../kernel/contract.js";
import { askerOf, type Asker } from "../ownership/asker.js";
import {
  parsePackages,
  printPackages,
  withoutPackages,
  withPackages,
  type PackageRecord,
  type PackagesRecord,
} from "../ownership/package-records.js";
import { meetOwners, spotOf } from "../ownership/things.js";
import { Failure } from "../remote/failure.js";

/** What is wished of the packages of a host, and by whom. */
export interface PackagesTask {
  readonly reach: Reach;
  readonly host: string;
  readonly names: Names;
  /** Those that `version` is said of. */
  readonly pinned: Names;
  readonly version?: string;
  readonly seconds: number;
  readonly removes: boolean;
}

export const INSTALLED = "installed";

export const packageThing = (host: string, name: string): string => `package ${name} on ${host}`;

const clientOf = ({ reach, host }: PackagesTask): Packages => packagesOn(reach.machine(host));

export const lookAtPackages = (task: PackagesTask): Promise<PackagesLook> => clientOf(task).look(task.names);

const wrongVersion = (
  task: PackagesTask,
  look: PackagesLook,
  { name, version = "" }: FoundPackage,
): boolean =>
  task.version !== undefined &&
  task.pinned[look.manager].includes(name) &&
  !isOfVersion(version, task.version);

/** What is not as wished, in words; `INSTALLED` where all is. */
export const stateOf = (task: PackagesTask, look: PackagesLook): string => {
  const said = look.found.flatMap((one) => {
    if (one.state === "missing") return [`${one.name} is missing`];
    if (one.state === "broken") return [`${one.name} is half-installed`];
    return wrongVersion(task, look, one)
      ? [`${one.name} is ${one.version ?? ""}, not ${task.version ?? ""}`]
      : [];
  });
  return said.length === 0 ? INSTALLED : said.join("; ");
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

const recordOf = (host: string, { record }: Look): PackagesRecord => {
  const parsed = parsePackages(record);
  if (parsed !== undefined) return parsed;
  throw new Failure({
    code: "refused",
    host,
    what: "the host's record of packages was written by a newer version, or is broken",
    cure: "Nothing was touched; use the version that wrote it, or remove that record.",
  });
};

const lookAtRecord = ({ reach, host }: PackagesTask): Promise<Look> =>
  filesOf(reach, host).look(PACKAGES_RECORD);

const writeRecord = async (
  task: PackagesTask,
  look: Look,
  edit: (record: PackagesRecord, look: Look) => PackagesRecord,
): Promise<Look> =>
  filesOf(task.reach, task.host).change(look, (now) => {
    const text = printPackages(edit(recordOf(task.host, now), now));
    return text === (now.record ?? null) ? undefined : { first: text };
  });

const whereOf = ({ host }: PackagesTask, look: Look, name: string) => ({
  thing: packageThing(host, name),
  spot: spotOf({ host, look, part: name }),
});

/** Those of the record that this resource may have, under its title. */
const takenOver = (
  task: PackagesTask,
  asker: Asker,
  { look, when }: { readonly look: Look; readonly when: "during" | "after" },
): readonly PackageRecord[] =>
  recordOf(task.host, look)
    .packages.filter(({ name }) => task.names.apt.includes(name) || task.names.dnf.includes(name))
    .filter((one) => asker.take(one, whereOf(task, look, one.name)) === "mine")
    .map((one) => ({ name: one.name, ...asker.titles(one)[when] }));

const planned = async (task: PackagesTask, { manager }: PackagesLook, missing: readonly string[]) => {
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
  if (harm.length === 0) return { specs, brings: plan.install };
  throw new Failure({
    code: "refused",
    host: task.host,
    what: `to install ${missing.join(", ")} would ${harm.slice(0, 8).join(", ")}${harm.length > 8 ? ` and ${harm.length - 8} more` : ""}; ClientPackages never upgrades and never removes; nothing was touched`,
    cure: "Upgrade there first by the distribution's own way, or pin by `version` what fits to what is installed.",
  });
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
  const seen = await lookAtRecord(task);
  await meetRecorded(task, seen);
  const begun = await writeRecord(task, seen, (record, now) => {
    left = record.installing ?? [];
    const known = takenOver(task, asker, { look: now, when: "during" });
    const others = record.packages.map(({ name }) => name);
    const fresh = missing
      .filter((name) => !others.includes(name))
      .map((name) => ({ name, ...asker.titles(undefined).during }));
    return { ...withPackages(record, [...known, ...fresh]), installing: [...new Set([...left, ...brings])] };
  });
  const ours = [...left, ...brings, ...missing];
  const found = await packages.change("install", specs, {
    seconds: task.seconds,
    note: (text) => task.reach.note(text),
    isOurs: (name) => ours.includes(name),
    names: task.names[look.manager],
  });
  await writeRecord(task, begun, (record, now) => ({
    ...withPackages(record, takenOver(task, asker, { look: now, when: "after" })),
    installing: [],
  }));
  return { ...look, found };
};

/** Installs what is missing; what is there stays as it is, without a record. */
export const convergePackages = async (task: PackagesTask, look: PackagesLook): Promise<PackagesLook> => {
  refuseOtherVersion(task, look);
  const missing = look.found.filter(({ state }) => state !== "installed").map(({ name }) => name);
  const found = missing.length === 0 ? look : await install(task, look, missing);
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

const meetRecorded = (task: PackagesTask, look: Look): Promise<void> =>
  meetOwners(
    task.reach,
    recordOf(task.host, look).packages.map((record) => ({ record, part: record.name })),
  );

/** What a removal may take with it: nothing but these. */
const removable = async (
  packages: Packages,
  names: readonly string[],
): Promise<{ readonly go: readonly string[]; readonly stay: readonly string[] }> => {
  const others = async (some: readonly string[]): Promise<boolean> =>
    (await packages.plan("remove", some)).remove.some((one) => !names.includes(one));
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
