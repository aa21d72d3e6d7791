/** What the package managers of hosts print, as plain data. Pure. */

/** Whose tools a host has. */
export type Manager = "apt" | "dnf";

/** A package as a host has it. */
export interface FoundPackage {
  readonly name: string;
  /** `broken`: unpacked or removed half-way. */
  readonly state: "installed" | "missing" | "broken";
  /** As the manager writes it; left out where it is missing. */
  readonly version?: string;
}

/** What a manager would do. */
export interface PackagePlan {
  readonly install: readonly string[];
  /** "librbd1 16.2.15 to 18.2.4". */
  readonly upgrade: readonly string[];
  readonly remove: readonly string[];
}

const rows = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));

/** Of several rows (one per architecture, or a removed one that left its configuration) the best counts. */
const best = (name: string, states: readonly (readonly [string, string])[]): FoundPackage => {
  // Triggers that are due, or waited for, come to their end with whoever's installation is under way.
  const installed = states.find(([state]) => /^.[itW]\s*$/.test(state));
  if (installed !== undefined) return { name, state: "installed", version: installed[1] };
  const broken = states.find(([state]) => !/^.[nc]\s*$/.test(state));
  return broken === undefined ? { name, state: "missing" } : { name, state: "broken", version: broken[1] };
};

/** Rows of name, state in dpkg's letters (`ii`), version; for those that were asked for. */
export const parseFound = (text: string, names: readonly string[]): readonly FoundPackage[] => {
  const all = rows(text);
  return names.map((name) =>
    best(
      name,
      all
        .filter(([found]) => found === name)
        .map(([, state = "", version = ""]) => [state, version] as const),
    ),
  );
};

/** Of `apt-get --simulate`: `Inst NAME [OLD] (NEW …)`, `Remv NAME [OLD]`. */
export const parseAptPlan = (text: string): PackagePlan => {
  const lines = [...text.matchAll(/^(Inst|Remv) (\S+)(?: \[([^\]]*)\])?(?: \((\S+))?/gm)];
  const named = (verb: string, isUpgrade: boolean) =>
    lines.filter(
      ([, what, , old]) => what === verb && (verb === "Remv" || (old !== undefined) === isUpgrade),
    );
  return {
    install: named("Inst", false).map(([, , name = ""]) => name),
    upgrade: named("Inst", true).map(([, , name = "", old = "", next = ""]) => `${name} ${old} to ${next}`),
    remove: named("Remv", false).map(([, , name = ""]) => name),
  };
};

const SECTION = /^(\S.*):$/;
const ROW = /^ (\S+)(?:\s+\S+\s+(?:0:)?(\S+))?/;
const REPLACED = /^ {2,}replacing\s+(\S+?)(?:\.\S+)?(?:\s|$)/;

/** What a heading of dnf's table says of the rows below it; others ("Transaction Summary", modules) say nothing of packages. */
const meaningOf = (heading: string): keyof PackagePlan | undefined => {
  if (heading.startsWith("Installing")) return "install";
  if (heading.startsWith("Removing")) return "remove";
  return /^(?:Upgrading|Downgrading|Reinstalling)/.test(heading) ? "upgrade" : undefined;
};

interface Row {
  readonly meaning: keyof PackagePlan;
  readonly said: string;
}

/** `last`: the name of the row before, and what its heading means. */
const rowOf = (line: string, last: { readonly name: string; readonly meaning: keyof PackagePlan }): Row[] => {
  const replaced = REPLACED.exec(line)?.[1];
  // An upgrade replaces itself.
  if (replaced !== undefined) return replaced === last.name ? [] : [{ meaning: "remove", said: replaced }];
  const [isRow, name = "", version = "another version"] = ROW.exec(line) ?? [];
  if (isRow === undefined) return [];
  return [{ meaning: last.meaning, said: last.meaning === "upgrade" ? `${name} to ${version}` : name }];
};

/** Of `dnf --assumeno`, 4 and 5: headings at the beginning of a line, rows after one blank, what they replace after more. */
export const parseDnfPlan = (text: string): PackagePlan => {
  const rows: Row[] = [];
  let meaning: keyof PackagePlan | undefined;
  let name = "";
  for (const line of text.split("\n")) {
    if (meaning !== undefined) rows.push(...rowOf(line, { name, meaning }));
    name = ROW.exec(line)?.[1] ?? name;
    if (/^\S|^$/.test(line)) meaning = meaningOf(SECTION.exec(line)?.[1] ?? "");
  }
  const of = (desired: keyof PackagePlan) =>
    rows.filter((row) => row.meaning === desired).map(({ said }) => said);
  return { install: of("install"), upgrade: of("upgrade"), remove: of("remove") };
};

const withoutEpoch = (version: string): string => version.replace(/^\d+:/, "");

/** True for `desired` itself and for what it is the beginning of, by whole numbers: "16.2" begins 16.2.15 and not 16.20. */
export const isOfVersion = (version: string, desired: string): boolean =>
  [version, withoutEpoch(version)].some(
    (one) => one.startsWith(desired) && (!/\d$/.test(desired) || !/^\d/.test(one.slice(desired.length))),
  );

/** Rows of name and version, newest first: the first that is of the version desired. */
export const newestOf = (text: string, name: string, desired: string): string | undefined =>
  rows(text).find(([found, version = ""]) => found === name && isOfVersion(version, desired))?.[1];

/** Every version that is offered. */
export const offeredOf = (text: string, name: string): readonly string[] =>
  rows(text)
    .filter(([found]) => found === name)
    .map(([, version = ""]) => version);
