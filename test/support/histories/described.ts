/** Whether what a state describes is there, told without the library: by the world itself. */
import type { Props } from "../../../providers/kernel/json";
import { imagesOf } from "./images";
import { brokenLinks } from "./links";
import type { MemoryMachine } from "./machine";
import { optionsIn } from "./options";
import type { Entry } from "./state";
import { ENTITY, HOSTS, type World } from "./world";

const text = (props: Props, key: string): string => {
  const value = props[key];
  return typeof value === "string" ? value : "";
};

const machineOf = ({ machines }: World, props: Props): MemoryMachine | undefined =>
  machines[HOSTS[text(props, "host")] ?? -1];

const fileOf = (machine: MemoryMachine | undefined, path: string) =>
  machine?.files.get(machine.links.get(path) ?? path);

const wrongOptions = (bytes: string, section: string, wanted: unknown): string[] => {
  const found = optionsIn(bytes, section);
  return Object.entries(typeof wanted === "object" && wanted !== null ? wanted : {}).flatMap(
    ([name, value]: [string, unknown]) =>
      found.get(name) === String(value)
        ? []
        : [`[${section}] ${name} is ${found.get(name) ?? "not set"}, not ${String(value)}`],
  );
};

type Judge = (world: World, inputs: Props) => string[];

const keyring: Judge = (world, inputs) => {
  const file = fileOf(machineOf(world, inputs), text(inputs, "path"));
  const key = world.cluster.entities.get(ENTITY)?.key;
  if (file === undefined) return ["the keyring is not there"];
  if (key !== undefined && !file.bytes.includes(`key = ${key}`)) return ["the keyring has a dead key"];
  return file.mode === inputs["mode"] ? [] : [`its mode is ${file.mode}`];
};

const secret: Judge = (world, inputs) => {
  const found = machineOf(world, inputs)?.secrets.get(text(inputs, "uuid"));
  const key = world.cluster.entities.get(ENTITY)?.key;
  if (found === undefined) return ["the secret is not there"];
  return key === undefined || found.value === key ? [] : ["the secret has a dead key"];
};

const section: Judge = (world, inputs) => {
  const file = fileOf(machineOf(world, inputs), text(inputs, "path"));
  return file === undefined ? ["the file is not there"] : wrongOptions(file.bytes, "ceph", inputs["options"]);
};

const conf: Judge = (world, inputs) => {
  const file = fileOf(machineOf(world, inputs), text(inputs, "path"));
  if (file === undefined) return ["the file is not there"];
  const options = inputs["options"];
  const sections: [string, unknown][] = Object.entries(
    typeof options === "object" && options !== null ? options : {},
  );
  return [
    ...wrongOptions(file.bytes, "global", { fsid: world.cluster.fsid }),
    ...sections.flatMap(([name, wanted]) => wrongOptions(file.bytes, name, wanted)),
  ];
};

const directory: Judge = (world, inputs) => {
  const found = fileOf(machineOf(world, inputs), text(inputs, "path"));
  if (found?.kind !== "directory") return ["the directory is not there"];
  return found.mode === inputs["mode"] ? [] : [`its mode is ${found.mode}`];
};

const packages: Judge = (world, inputs) => {
  const wanted = Array.isArray(inputs["packages"]) ? inputs["packages"].map(String) : [];
  const installed = machineOf(world, inputs)?.packages.installed;
  return wanted.filter((name) => installed?.has(name) !== true).map((name) => `${name} is not installed`);
};

const image: Judge = ({ glance }, inputs) => {
  const wanted = Object.entries(inputs["properties"] ?? {});
  const found = imagesOf(glance).map(({ properties }) => properties);
  return wanted
    .filter(([name, value]) => !found.some((properties) => properties[name] === value))
    .map(([name]) => `the image's ${name} is another`);
};

const pool: Judge = ({ cluster }, inputs) =>
  [...cluster.pools.values()].some(({ name }) => name === inputs["name"]) ? [] : ["the pool is not there"];

const entity: Judge = ({ cluster }) => (cluster.entities.has(ENTITY) ? [] : ["the entity is not there"]);

const JUDGES: Readonly<Record<string, Judge>> = {
  CephPool: pool,
  CephAuthEntity: entity,
  CephKeyringFile: keyring,
  LibvirtSecret: secret,
  ConfigSection: section,
  CephConfigFile: conf,
  Directory: directory,
  ClientPackages: packages,
  ImageProperties: image,
  ClientCheck: brokenLinks,
};

/** What is not as a living entry of a state says. */
export const wrongWith = (world: World, entry: Entry): string[] =>
  (JUDGES[entry.kind]?.(world, entry.inputs) ?? []).map((what) => `${entry.urn}: ${what}`);

/** Keys that clients hold: by the entry that describes the client. */
export const heldKey = (world: World, { kind, inputs }: Entry): string | undefined => {
  if (kind === "LibvirtSecret") return machineOf(world, inputs)?.secrets.get(text(inputs, "uuid"))?.value;
  if (kind !== "CephKeyringFile") return undefined;
  return /key = (\S+)/.exec(fileOf(machineOf(world, inputs), text(inputs, "path"))?.bytes ?? "")?.[1];
};
