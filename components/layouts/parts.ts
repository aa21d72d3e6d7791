/** What the hand-overs share. Pure. */
import type { Json, PlainSections, PlainValue, SectionsOf, Topology, Use } from "./topology.js";

/** A use, with what it is called in words, and the secret of computes that need one. */
export interface NamedUse extends Use {
  readonly who: string;
  readonly secretUuid?: string;
}

/** Every use of a pool. */
export const usesOf = ({ stores, backends, backup, nova }: Topology): NamedUse[] => [
  ...stores.map((store) => ({ ...store, who: `glance store ${JSON.stringify(store.name)}` })),
  ...backends.map((backend) => ({ ...backend, who: `cinder backend ${JSON.stringify(backend.name)}` })),
  ...(backup === undefined ? [] : [{ ...backup, who: "cinderBackup" }]),
  ...(nova === undefined ? [] : [{ ...nova, who: "nova" }]),
];

/** Each once, the first of its key. */
export const onceBy = <T>(items: readonly T[], keyOf: (item: T) => string): T[] =>
  items.filter((item, at) => items.findIndex((other) => keyOf(other) === keyOf(item)) === at);

export const unique = (items: readonly string[]): string[] => [...new Set(items)];

/** Clusters that are in use, by name. */
export const clusterNames = (uses: readonly Use[]): string[] =>
  unique(uses.map(({ cluster }) => cluster.name));

/** Sections but for some options: those that the tool makes from its values. */
export const without = <V>(
  sections: SectionsOf<V> = {},
  section: string,
  options: readonly string[],
): SectionsOf<V> =>
  Object.fromEntries(
    Object.entries(sections)
      .map(([name, all]): [string, typeof all] => [
        name,
        name === section
          ? Object.fromEntries(Object.entries(all).filter(([option]) => !options.includes(option)))
          : all,
      ])
      .filter(([, all]) => Object.keys(all).length > 0),
  );

/** Sections but for those of that name. */
export const butFor = (sections: PlainSections = {}, names: readonly string[]): PlainSections =>
  Object.fromEntries(Object.entries(sections).filter(([name]) => !names.includes(name)));

const lines = (option: string, value: PlainValue): string[] => {
  if (typeof value !== "object") return [`${option} = ${String(value)}`];
  return "repeated" in value
    ? value.repeated.map((one) => `${option} = ${String(one)}`)
    : [`${option} = ${value.join(",")}`];
};

/** As a file of oslo.config. */
export const iniText = (sections: PlainSections): string =>
  Object.entries(sections)
    .map(([section, options]) =>
      [
        `[${section}]`,
        ...Object.entries(options).flatMap(([option, value]) => lines(option, value)),
        "",
      ].join("\n"),
    )
    .join("\n");

/** As text of one line, for tools whose values are texts. */
export const oneLine = (value: PlainValue): string | number | boolean => {
  if (typeof value !== "object") return value;
  return "repeated" in value ? value.repeated.join(",") : value.join(",");
};

/** Options with values of one line. */
export const flat = (options: PlainSections[string] = {}): { readonly [key: string]: Json } =>
  Object.fromEntries(Object.entries(options).map(([option, value]) => [option, oneLine(value)]));

/** Only the entries that are there. */
export const given = (
  entries: Readonly<Record<string, Json | undefined>>,
): { readonly [key: string]: Json } =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

/** `[what] is wanted: [why]`, where there is more than one. */
export const onlyOne = (values: readonly string[], problem: (all: string) => string): string[] => {
  const all = unique(values);
  return all.length < 2 ? [] : [problem(all.join(" and "))];
};
