/** The installation of what is missing: planned, recorded as begun, done, and settled by who brought what. */
import type { Look } from "../clients/files/index.js";
import { defined } from "../clients/defined.js";
import type { PackagePlan, PackagesLook } from "../clients/packages/index.js";
import type { FoundPackage } from "../formats/packages.js";
import { actingOwner } from "../ownership/acting-owner.js";
import {
  withoutPackages,
  withPackages,
  type PackageRecord,
  type PackagesRecord,
} from "../ownership/package-records.js";
import { Failure } from "../remote/failure.js";
import { withNeeds } from "./needs.js";
import {
  clientOf,
  lookedAt,
  lookAtRecord,
  meetRecorded,
  recordOf,
  takenOver,
  waitingOf,
  writeRecord,
  type PackagesTask,
} from "./record.js";

const named = (look: PackagesLook, state: FoundPackage["state"]): string[] =>
  look.found.filter((one) => one.state === state).map(({ name }) => name);

/**
 * APT takes other packages for a name that it knows as a pattern ("python3.1"), or as something that others provide.
 * @throws Failure `refused` where the plan does not bring what is missing, and nobody else has brought it meanwhile
 */
const mustBring = async (task: PackagesTask, look: PackagesLook, { install: brings }: PackagePlan) => {
  if (named(look, "missing").every((name) => brings.includes(name))) return;
  const left = named(await lookedAt(task), "missing").filter((name) => !brings.includes(name));
  if (left.length === 0) return;
  throw new Failure({
    code: "refused",
    host: task.host,
    what: `its package indices have no package that is called ${left.join(", ")}; for what was asked they would bring ${brings.slice(0, 8).join(", ") || "nothing"}${brings.length > 8 ? ` and ${brings.length - 8} more` : ""}; nothing was installed`,
    cure: "Give the name of the package itself: this one is a pattern, or something that others provide.",
  });
};

export const planned = async (task: PackagesTask, look: PackagesLook, missing: readonly string[]) => {
  const { manager } = look;
  const packages = clientOf(task);
  const waiting = waitingOf(task);
  const wanted = missing.map((name) => ({
    name,
    ...(task.pinned[manager].includes(name) ? defined({ version: task.version }) : {}),
  }));
  const specs = await packages.chosen(manager, wanted, waiting);
  const plan = await packages.plan(manager, { verb: "install", specs }, waiting);
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

/** The record without doubt about those that were begun: ours is what we brought; what is there besides, somebody else brought meanwhile. */
const settled = (record: PackagesRecord, brought: readonly string[]): PackagesRecord => ({
  ...withoutPackages(
    record,
    (record.begun ?? []).filter((name) => !brought.includes(name)),
  ),
  begun: [],
});

/** After an installation that was cut: who brought what is known by the host, becomes known in the record, and then is forgotten there. */
export const settleBegun = async (task: PackagesTask, seen: Look): Promise<Look> => {
  const { packages, begun = [] } = recordOf(task.host, seen);
  if (packages.length === 0) return seen;
  const client = clientOf(task);
  const brought = begun.length === 0 ? [] : await client.brought();
  const after =
    begun.length === 0 ? seen : await writeRecord(task, seen, (record) => settled(record, brought));
  await client.forgetBrought();
  return after;
};

/** Of an installation that has ended and was not done: what is missing still is nobody's; whoever installs it then, it is theirs. */
const takeBack = async (task: PackagesTask, begun: Look): Promise<void> => {
  const missing = named(await lookedAt(task), "missing");
  const brought = (await clientOf(task).brought()).filter((name) => !missing.includes(name));
  await writeRecord(task, begun, (record) => settled(record, brought));
};

interface Begun {
  readonly look: Look;
  /** What is not ours yet, and will be where we bring it. */
  readonly fresh: readonly PackageRecord[];
  /** What may be half-way of our own work. */
  readonly ours: readonly string[];
  /** Nothing was begun before that. */
  readonly anew: boolean;
}

/** The record says that it is under way, before it is. */
const begin = async (task: PackagesTask, look: PackagesLook, brings: readonly string[]): Promise<Begun> => {
  const acting = actingOwner(task.reach);
  const seen = await lookAtRecord(task);
  await meetRecorded(task, seen);
  let begun: Omit<Begun, "look"> = { fresh: [], ours: [], anew: true };
  const written = await writeRecord(task, seen, (record, now) => {
    const { begun: earlier = [], installing = [] } = record;
    const known = takenOver(task, acting, { look: now, when: "during" });
    const isMine = (name: string) => earlier.includes(name) && known.some((one) => one.name === name);
    const others = record.packages.map(({ name }) => name).filter((name) => !isMine(name));
    // What is half-installed and in no record is somebody else's work, an upgrade under way perhaps.
    const names = [
      ...named(look, "missing").filter((name) => !others.includes(name)),
      ...named(look, "broken").filter(isMine),
    ];
    const fresh = names.map(
      (name) => known.find((one) => one.name === name) ?? { name, ...acting.titles(undefined).during },
    );
    const ours = [...new Set([...installing, ...brings])];
    begun = { fresh, ours, anew: earlier.length === 0 };
    return {
      ...withPackages(withPackages(record, known), fresh),
      installing: ours,
      begun: [...new Set([...earlier, ...names])],
    };
  });
  return { look: written, ...begun };
};

/** Installs what is missing; in the record is what we brought ourselves. */
export const install = async (
  task: PackagesTask,
  look: PackagesLook,
  missing: readonly string[],
): Promise<PackagesLook> => {
  const packages = clientOf(task);
  const acting = actingOwner(task.reach);
  const { specs, brings } = await planned(task, look, missing);
  const { look: begun, fresh, ours, anew } = await begin(task, look, brings);
  const change = { verb: "install", specs, anew } as const;
  const { found, brought } = await packages.change(change, {
    ...waitingOf(task),
    manager: look.manager,
    isOurs: (name) => ours.includes(name) || missing.includes(name),
    undone: () => takeBack(task, begun),
    names: task.names[look.manager],
  });
  await writeRecord(task, begun, (record, now) => {
    // Another stack's run may have settled ours meanwhile, and not have known of it yet.
    const mine = fresh.filter(({ name }) => brought.includes(name));
    const done = withPackages(settled(record, brought), mine);
    const stays = ({ name }: PackageRecord) => done.packages.some((one) => one.name === name);
    const after = takenOver(task, acting, { look: now, when: "after" }).filter(stays);
    // Where it waited, another may have brought what nobody had at the first look.
    return withNeeds(task, acting, {
      record: { ...withPackages(done, after), installing: [] },
      look: now,
    });
  });
  await packages.forgetBrought();
  return { ...look, found };
};
