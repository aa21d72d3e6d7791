/** What a client's ceph.conf should hold and what it holds: the cluster's identity and monitors, and options beside them. */
import { canonicalKey, checkSection, keyWarning, type Change } from "../formats/ini/index.js";
import { sameMonitors, shareMonitor } from "../formats/mon-host.js";
import { optionOf, type Ledger } from "../ownership/ledger.js";
import type { Owner, DesiredSection } from "../ownership/ledger-edit.js";
import type { Scalar } from "../formats/ini/values.js";
import { Failure } from "../remote/failure.js";
import type { Look } from "../clients/files/index.js";
import { sectionProblems, type ValueProblem } from "../formats/ini/values.js";
import { foundOptions, ledgerOf } from "../ownership/options-file.js";

/** What is desired, in words; a refresh shows the addresses that it finds in its place. */
export const CLUSTERS_MONITORS = "the cluster's monitors";

export type Sections = Readonly<Record<string, Readonly<Record<string, Scalar>>>>;

/** What one client's file should say. */
export interface DesiredConf {
  readonly fsid: string;
  /** Addresses that are wanted, or the words for the cluster's own. */
  readonly monHost: string;
  readonly options: Sections;
}

const GLOBAL = "global";
const OWN = ["fsid", "mon_host"];

const inSection = (section: string) => ({ dialect: "ceph" as const, section });

/** Problems of section and option names and of values. */
export const confProblems = (
  options: Sections,
  isUnknown: (value: unknown) => boolean,
): readonly ValueProblem[] =>
  Object.entries(options).flatMap(([section, values]) => {
    const at = (problem: ValueProblem): ValueProblem => ({
      ...problem,
      path: ["options", section, ...problem.path.slice(1)],
    });
    const bad = checkSection("ceph", section);
    const named =
      bad === undefined ? [] : [{ path: ["options", section], shown: section, reason: `is refused: ${bad}` }];
    if (isUnknown(values)) return named;
    const own = Object.keys(values).flatMap((name): ValueProblem[] => {
      const key = canonicalKey("ceph", name);
      const reason =
        section === GLOBAL && OWN.includes(key)
          ? "is refused: it follows from the cluster (monHost gives other addresses)"
          : keyWarning("ceph", name);
      return reason === undefined ? [] : [{ path: ["options", section, name], shown: name, reason }];
    });
    const given = { options: Object.entries(values), secretOptions: [], absent: [] };
    return [...named, ...own, ...sectionProblems("ceph", given, { isUnknown, hidden: "" }).map(at)];
  });

const lastOf = (look: Look, section: string, name: string): string | undefined =>
  foundOptions(look, inSection(section), [name])?.get(name)?.at(-1);

/** What the file says, in the form of what is desired. */
export const foundConf = (look: Look, { monHost, options }: DesiredConf, monitors: string) => {
  const found = lastOf(look, GLOBAL, "mon_host");
  const fsid = lastOf(look, GLOBAL, "fsid");
  const sections = Object.entries(options).map(([section, wanted]) => {
    const held = Object.keys(wanted).flatMap((name): [string, string][] => {
      const value = lastOf(look, section, name);
      return value === undefined ? [] : [[name, value]];
    });
    return [section, Object.fromEntries(held)] as const;
  });
  return {
    ...(fsid === undefined ? {} : { fsid }),
    ...(found === undefined ? {} : { monHost: sameMonitors(found, monitors) ? monHost : found }),
    options: Object.fromEntries(sections),
  };
};

/** True when the fsid in the file is there because this package put it where there was none: the file may follow to another cluster. */
const isOurFsid = (ledger: Ledger): boolean =>
  optionOf(ledger, { section: GLOBAL, key: "fsid" })?.original.lines === null;

const isOurs = (ledger: Ledger, key: string): boolean =>
  optionOf(ledger, { section: GLOBAL, key }) !== undefined;

/** Where no fsid tells, monitors do: all of them others, and none that we have put there. */
const hasOtherMonitors = (look: Look, ledger: Ledger, monitors: string): boolean => {
  const found = lastOf(look, GLOBAL, "mon_host");
  return found !== undefined && !isOurs(ledger, "mon_host") && !shareMonitor(found, monitors);
};

/** The failure for a file of another cluster, if it is one. */
export const otherCluster =
  (host: string, fsid: string, monitors: string) =>
  (look: Look): Failure | undefined => {
    const found = lastOf(look, GLOBAL, "fsid");
    const ledger = ledgerOf(host, look);
    const other = (what: string, more = ""): Failure =>
      new Failure({
        code: "conflict",
        host,
        what: `${look.path} is of another cluster: ${what}, and ${fsid} is wanted`,
        cure: `Several clusters on one host have a file each: give the cluster another \`name\`, or a \`path\`.${more}`,
      });
    if (found !== undefined)
      return found.toLowerCase() === fsid || isOurFsid(ledger) ? undefined : other(`its fsid is ${found}`);
    if (!hasOtherMonitors(look, ledger, monitors)) return undefined;
    const named = lastOf(look, GLOBAL, "mon_host") ?? "";
    return other(
      `it names the monitors ${named} and no fsid, those of the cluster are ${monitors}`,
      ` If it is of this cluster, whose monitors have moved, write "fsid = ${fsid}" into its [global].`,
    );
  };

/** What is to be written: addresses that mean the same stay as they are written. */
const changesOf = (
  look: Look,
  { fsid, options }: DesiredConf,
  monitors: string,
): Record<string, Change[]> => {
  const found = lastOf(look, GLOBAL, "mon_host");
  const kept = found !== undefined && sameMonitors(found, monitors) ? found : monitors;
  const foundFsid = lastOf(look, GLOBAL, "fsid");
  const keptFsid = foundFsid?.toLowerCase() === fsid ? foundFsid : fsid;
  const sections = Object.entries(options).map(([section, values]): [string, Change[]] => [
    section,
    Object.entries(values).map(([name, value]) => ({ name, values: [String(value)] })),
  ]);
  const own = [
    { name: "fsid", values: [keptFsid] },
    { name: "mon_host", values: [kept] },
  ];
  const all = Object.fromEntries(sections);
  return { ...all, [GLOBAL]: [...own, ...(all[GLOBAL] ?? [])] };
};

/** Whose options they are, and whether they are only forgotten. */
export type ConfOwner = Owner & Pick<DesiredSection, "forget">;

const desiredOf = (who: ConfOwner, section: string, changes: readonly Change[]): DesiredSection => ({
  ...who,
  ...inSection(section),
  changes,
});

/** Sections of this owner that the record has and what is desired has not: everything in them is let go. */
const dropped = (ledger: Ledger, who: ConfOwner, wanted: readonly string[]): string[] =>
  [...new Set(ledger.options.filter((option) => who.letsGo(option)).map(({ section }) => section))].filter(
    (section) => !wanted.includes(section),
  );

/** The desiredSections for the whole file, `global` first, as people write it. */
export const confSections =
  (look: Look, { who, desired, monitors }: { who: ConfOwner; desired: DesiredConf; monitors: string }) =>
  (ledger: Ledger): DesiredSection[] => {
    const changes = changesOf(look, desired, monitors);
    const names = [GLOBAL, ...Object.keys(changes).filter((name) => name !== GLOBAL)];
    return [...names, ...dropped(ledger, who, names)].map((name) =>
      desiredOf(who, name, changes[name] ?? []),
    );
  };

/** Lets go of everything of this owner. */
export const noSections = (ledger: Ledger, who: ConfOwner): DesiredSection[] =>
  dropped(ledger, who, []).map((name) => desiredOf(who, name, []));
