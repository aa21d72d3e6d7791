/** Programs as data, and what a preview says of a change of one beside what has changed in the world. */
import type * as pulumi from "@pulumi/pulumi";
import {
  CephAuthEntity,
  CephConfigFile,
  CephCrushRule,
  CephErasureCodeProfile,
  CephKeyringFile,
  CephPool,
  ClientCheck,
  ClientPackages,
  ConfigSection,
  Directory,
  ImageProperties,
  LibvirtSecret,
  Service,
  type CephAuthEntityInputs,
  type CephConfigFileInputs,
  type CephCrushRuleInputs,
  type CephErasureCodeProfileInputs,
  type CephKeyringFileInputs,
  type CephPoolInputs,
  type ClientCheckInputs,
  type ClientPackagesInputs,
  type Cluster,
  type ConfigSectionInputs,
  type DirectoryInputs,
  type ImagePropertiesInputs,
  type LibvirtSecretInputs,
  type ServiceInputs,
} from "../../index";
import type { Step } from "./engine";

type Given<T, Required extends keyof T> = Omit<Partial<T>, "cluster"> & Pick<T, Required>;

type Caps = Partial<Readonly<Record<"mon" | "osd" | "mgr", string | readonly string[]>>>;

/** What a program says of one resource, by its kind. */
export interface Kinds {
  readonly pool: Given<CephPoolInputs, "name">;
  readonly entity: Omit<Given<CephAuthEntityInputs, "entity">, "caps"> & { readonly caps: Caps };
  readonly keyring: Given<CephKeyringFileInputs, "host" | "entity" | "owner">;
  readonly secret: Given<LibvirtSecretInputs, "host" | "entity">;
  readonly conf: Given<CephConfigFileInputs, "host">;
  readonly section: ConfigSectionInputs;
  readonly directory: DirectoryInputs;
  readonly profile: Given<CephErasureCodeProfileInputs, "name" | "k" | "m">;
  readonly rule: Given<Omit<CephCrushRuleInputs, "steps">, "name" | "type">;
  readonly packages: Given<Omit<ClientPackagesInputs, "state">, "host">;
  readonly service: Given<Omit<ServiceInputs, "runsWith">, "host" | "unit">;
  readonly check: Given<Omit<ClientCheckInputs, "verified">, "host" | "entity" | "can">;
  readonly image: Given<ImagePropertiesInputs, "image">;
}
export type Kind = keyof Kinds;
/** One resource. Keyrings and secrets take the generation from the entity of the program, where it is there. */
export type Desired<K extends Kind = Kind> = {
  readonly [P in K]: { readonly kind: P; readonly args: Kinds[P] };
}[K];

/** Resources by name. */
export type Program = Readonly<Record<string, Desired>>;

/** Kinds that a kind waits for. */
const AFTER: Partial<Readonly<Record<Kind, readonly Kind[]>>> = {
  rule: ["profile"],
  pool: ["profile", "rule"],
  entity: ["pool"],
  service: ["conf", "directory", "keyring", "section"],
  check: ["conf", "entity", "keyring", "pool"],
};

const ORDER: readonly Kind[] = [
  ...(["profile", "rule", "pool", "entity", "keyring", "secret", "conf", "section", "directory"] as const),
  ...(["packages", "image", "service", "check"] as const),
];

interface Making {
  readonly cluster: Cluster;
  readonly entities: Map<string, CephAuthEntity>;
  readonly made: { readonly kind: Kind; readonly resource: pulumi.Resource }[];
  /** What each unit that restarts at a destroy asks for: to be made before files. */
  readonly last: pulumi.Resource[];
}

type Make<K extends Kind> = (
  name: string,
  args: Kinds[K],
  at: Pick<Making, "cluster" | "entities"> & { readonly opts: pulumi.CustomResourceOptions },
) => pulumi.Resource;

const keyOf = ({ entities }: Pick<Making, "entities">, args: { entity: string; keyGeneration?: number }) => {
  const one = entities.get(args.entity);
  return one === undefined ? args : { ...args, entity: one.entity, keyGeneration: one.keyGeneration };
};

const MAKERS: { readonly [K in Kind]: Make<K> } = {
  pool: (name, args, { cluster, opts }) => new CephPool(name, { cluster, ...args }, opts),
  entity: (name, args, { cluster, entities, opts }) => {
    const made = new CephAuthEntity(name, { cluster, ...args }, opts);
    entities.set(args.entity, made);
    return made;
  },
  keyring: (name, args, { opts, ...at }) =>
    new CephKeyringFile(name, { cluster: at.cluster, ...args, ...keyOf(at, args) }, opts),
  secret: (name, args, { opts, ...at }) =>
    new LibvirtSecret(name, { cluster: at.cluster, ...args, ...keyOf(at, args) }, opts),
  conf: (name, args, { cluster, opts }) => new CephConfigFile(name, { cluster, ...args }, opts),
  section: (name, args, { opts }) => new ConfigSection(name, args, opts),
  directory: (name, args, { opts }) => new Directory(name, args, opts),
  profile: (name, args, { cluster, opts }) => new CephErasureCodeProfile(name, { cluster, ...args }, opts),
  rule: (name, args, { cluster, opts }) => new CephCrushRule(name, { cluster, ...args }, opts),
  packages: (name, args, { opts }) => new ClientPackages(name, args, opts),
  service: (name, args, { opts }) => new Service(name, args, opts),
  check: (name, args, { cluster, opts }) => new ClientCheck(name, { cluster, ...args }, opts),
  image: (name, args, { opts }) => new ImageProperties(name, args, opts),
};

const FILES: readonly Kind[] = ["conf", "directory", "keyring", "section"];

const isLast = ({ kind, args }: Desired): boolean => kind === "service" && args.at === "destroy";

/** A unit that restarts at a destroy is made before files, every other one after them. */
const waitsFor = (desired: Desired, { made, last }: Making): pulumi.Resource[] => {
  if (isLast(desired)) return [];
  const kinds = AFTER[desired.kind] ?? [];
  const before = made.filter(({ kind }) => kinds.includes(kind)).map(({ resource }) => resource);
  return FILES.includes(desired.kind) ? [...before, ...last] : before;
};

const makeOne = <K extends Kind>(
  name: string,
  { kind, args }: Desired<K>,
  at: Parameters<Make<K>>[2],
): pulumi.Resource => MAKERS[kind](name, args, at);

const make = (name: string, desired: Desired, making: Making): void => {
  const resource = makeOne(name, desired, { ...making, opts: { dependsOn: waitsFor(desired, making) } });
  if (isLast(desired)) making.last.push(resource);
  else making.made.push({ kind: desired.kind, resource });
};

/** The program as the engine runs it. */
export const run = (program: Program, cluster: Cluster) => (): void => {
  const making: Making = { cluster, entities: new Map(), made: [], last: [] };
  const all = Object.entries(program);
  const rank = ([, desired]: [string, Desired]): number =>
    isLast(desired) ? -1 : ORDER.indexOf(desired.kind);
  for (const [name, desired] of all.sort((a, b) => rank(a) - rank(b))) make(name, desired, making);
};

/** Places in a list are no properties of their own. */
const withoutIndex = (property: string): string => property.replace(/(?:\.repeated)?(?:\[\d+\])+$/, "");

const REPLACED = new Set(["replace", "create-replacement", "delete-replaced"]);

/** What a preview names, a line each: `create name`, `delete name`, `replace name`, and `name property`. Names that begin with `__` are shown to nobody. */
export const namedBy = (steps: readonly Step[]): string[] => {
  const lines = steps
    .filter(
      ({ type }) => !/^(?:CephOpenStackIntegration|ClientHost|GlanceStore|Cinder\w+|NovaCompute)$/.test(type),
    )
    .flatMap(({ name, op, properties }) => {
      const shown = properties.filter((property) => !property.startsWith("__"));
      const named = shown.map((property) => `${name} ${withoutIndex(property)}`);
      if (op === "update") return named.length === 0 ? [`update ${name}`] : named;
      if (REPLACED.has(op)) return [`replace ${name}`, ...named];
      return [`${op} ${name}`];
    });
  return [...new Set(lines)].sort();
};
