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

/** What a user's own section of a cluster's ceph.conf must say, and what goes wrong without it. */
export interface ClientLine {
  /** `[client.<user>]` */
  readonly section: string;
  readonly line: string;
  readonly without: string;
}

/** Glance, cinder-backup and Nova do not tell librados the name of a cluster: of one that is not called "ceph" its ceph.conf says where a keyring is. */
const keyringLine = ({ cluster: { name }, user }: Use): ClientLine[] =>
  name === "ceph"
    ? []
    : [
        {
          section: `[client.${user}]`,
          line: `keyring = /etc/ceph/${name}.client.${user}.keyring`,
          without: 'the keyring of a cluster called "ceph" is looked for',
        },
      ];

const dataPoolLine = ({ user, dataPool }: Use): ClientLine[] =>
  dataPool === undefined
    ? []
    : [
        {
          section: `[client.${user}]`,
          line: `rbd_default_data_pool = ${dataPool}`,
          without: "the data of images goes where their metadata is",
        },
      ];

/** The users' own sections of a cluster's ceph.conf, each line once. All pools of a user have one data pool. */
export const clientLines = (uses: readonly Use[], cluster: string): ClientLine[] => {
  const users = unique(uses.map(({ user }) => user));
  const own = uses.filter(({ cluster: at }) => at.name === cluster);
  return users.flatMap((user) =>
    onceBy(
      own.filter((use) => use.user === user).flatMap((use) => [...keyringLine(use), ...dataPoolLine(use)]),
      ({ line }) => line,
    ),
  );
};

/** A command that prints a cluster's minimal ceph.conf, with its users' sections. No name of a user or pool holds what a shell or printf takes. */
export const minimalConf = (uses: readonly Use[], cluster: string, ceph = "ceph"): string => {
  const lines = clientLines(uses, cluster);
  const conf = `${ceph} config generate-minimal-conf`;
  const text = unique(lines.map(({ section }) => section)).flatMap((section) => [
    section,
    ...lines.filter((one) => one.section === section).map(({ line }) => line),
  ]);
  // An empty line first, whatever ends the last one of that.
  const words = ["", ...text].map((line) => `'${line}'`).join(" ");
  return lines.length === 0 ? conf : `{ ${conf}; printf '%s\\n' ${words}; }`;
};

/** Clusters that are in use, by name. */
export const clusterNames = (uses: readonly Use[]): string[] =>
  unique(uses.map(({ cluster }) => cluster.name));

/** Clusters that computes open disks and volumes of, by name. */
export const computeClusters = ({ nova, backends }: Pick<Topology, "nova" | "backends">): string[] =>
  nova === undefined ? [] : clusterNames([nova, ...backends]);

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
