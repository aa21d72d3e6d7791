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

/** A user's own section of ceph.conf, line by line. */
export type ClientSection = readonly [section: string, option: string];

/** `rbd_default_data_pool` of each user of a cluster that has one. */
export const dataPoolSections = (uses: readonly Use[], cluster: string): ClientSection[] =>
  onceBy(
    uses.flatMap(({ cluster: at, user, dataPool }): ClientSection[] =>
      at.name === cluster && dataPool !== undefined
        ? [[`[client.${user}]`, `rbd_default_data_pool = ${dataPool}`]]
        : [],
    ),
    ([section]) => section,
  );

/** A command that prints a cluster's minimal ceph.conf, with its users' data pools. No name of a user or pool holds what a shell or printf takes. */
export const minimalConf = (uses: readonly Use[], cluster: string, ceph = "ceph"): string => {
  const sections = dataPoolSections(uses, cluster);
  const conf = `${ceph} config generate-minimal-conf`;
  // An empty line first, whatever ends the last one of that.
  const words = ["", ...sections.flat()].map((line) => `'${line}'`).join(" ");
  return sections.length === 0 ? conf : `{ ${conf}; printf '%s\\n' ${words}; }`;
};

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
