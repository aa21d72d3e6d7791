/** Programs as data, and what a preview says of a change of one beside what has changed in the world. */
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephPool,
  ConfigSection,
  Directory,
  LibvirtSecret,
  type CephAuthEntityInputs,
  type CephConfigFileInputs,
  type CephKeyringFileInputs,
  type CephPoolInputs,
  type Cluster,
  type ConfigSectionInputs,
  type DirectoryInputs,
  type LibvirtSecretInputs,
} from "../../index";
import type { Step } from "./engine";

type Wish<T, Required extends keyof T> = Omit<Partial<T>, "cluster"> & Pick<T, Required>;

type Caps = Partial<Readonly<Record<"mon" | "osd" | "mgr", string | readonly string[]>>>;

/** One resource. Keyrings and secrets take the generation from the entity of the program, where it is there. */
export type Wished =
  | { readonly kind: "pool"; readonly args: Wish<CephPoolInputs, "name"> }
  | {
      readonly kind: "entity";
      readonly args: Omit<Wish<CephAuthEntityInputs, "entity">, "caps"> & { readonly caps: Caps };
    }
  | { readonly kind: "keyring"; readonly args: Wish<CephKeyringFileInputs, "host" | "entity" | "owner"> }
  | { readonly kind: "secret"; readonly args: Wish<LibvirtSecretInputs, "host" | "entity"> }
  | { readonly kind: "conf"; readonly args: Wish<CephConfigFileInputs, "host"> }
  | { readonly kind: "section"; readonly args: ConfigSectionInputs }
  | { readonly kind: "directory"; readonly args: DirectoryInputs };

/** Resources by name, entities and pools first. */
export type Program = Readonly<Record<string, Wished>>;

type Entities = Map<string, CephAuthEntity>;

interface Making {
  readonly cluster: Cluster;
  readonly made: Entities;
  readonly pools: CephPool[];
}

const keyOf = (made: Entities, args: { entity: string; keyGeneration?: number }) => {
  const one = made.get(args.entity);
  return one === undefined ? args : { ...args, entity: one.entity, keyGeneration: one.keyGeneration };
};

const make = (name: string, wished: Wished, { cluster, made, pools }: Making): unknown => {
  switch (wished.kind) {
    case "pool":
      return pools.push(new CephPool(name, { cluster, ...wished.args }));
    case "entity":
      return made.set(
        wished.args.entity,
        new CephAuthEntity(name, { cluster, ...wished.args }, { dependsOn: pools }),
      );
    case "keyring":
      return new CephKeyringFile(name, { cluster, ...wished.args, ...keyOf(made, wished.args) });
    case "secret":
      return new LibvirtSecret(name, { cluster, ...wished.args, ...keyOf(made, wished.args) });
    case "conf":
      return new CephConfigFile(name, { cluster, ...wished.args });
    case "section":
      return new ConfigSection(name, wished.args);
    case "directory":
      return new Directory(name, wished.args);
  }
};

/** The program as the engine runs it. */
export const run = (program: Program, cluster: Cluster) => (): void => {
  const making: Making = { cluster, made: new Map(), pools: [] };
  for (const [name, wished] of Object.entries(program)) make(name, wished, making);
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
