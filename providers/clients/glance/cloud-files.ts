/**
 * What the files of OpenStack's client say of a cloud: clouds.yaml with secure.yaml over it and clouds-public.yaml below it.
 * @see https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isNativeError } from "node:util/types";
import {
  dashesAsUnderscores,
  isTree,
  merged,
  parseYaml,
  textAt,
  treeAt,
  type Tree,
} from "../../formats/clouds-yaml.js";
import { nearest } from "../../formats/nearest.js";
import { withoutLogin } from "../../formats/web-address.js";
import { Failure } from "../../remote/failure.js";

/** Of this machine, as far as it counts. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** Undefined where there is no such file. */
  read(path: string): string | undefined;
}

export const ownSurroundings = (): Surroundings => ({
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if (isNativeError(error) && /ENOENT|ENOTDIR/.test(error.message)) return undefined;
      throw new Failure({
        code: "configuration",
        what: `${path} cannot be read: ${isNativeError(error) ? error.message : String(error)}`,
      });
    }
  },
});

/** A variable of the environment; an empty one is none. */
export const variable = ({ env }: Surroundings, name: string): string | undefined =>
  env[name] === "" ? undefined : env[name];

/** A file and what stands in it. */
export interface Source {
  readonly path: string;
  readonly tree: Tree;
}

const ENDINGS = ["yaml", "yml", "json"];

/** The first file of that name that there is, where the client looks. */
const firstFile = (around: Surroundings, name: string, given: string): Source | undefined => {
  const { cwd, home, read } = around;
  const config = variable(around, "XDG_CONFIG_HOME") ?? join(home, ".config");
  const named = variable(around, given)?.replace(/^~(?=\/)/, home);
  const folders = [cwd, join(config, "openstack"), "/etc/openstack"];
  const paths = folders.flatMap((folder) => ENDINGS.map((ending) => join(folder, `${name}.${ending}`)));
  for (const path of [...(named === undefined ? [] : [named]), ...paths]) {
    const text = read(path);
    if (text === undefined) continue;
    const tree = parseYaml(text);
    if (typeof tree["problem"] === "string") throw unreadable(path, tree["problem"]);
    return { path, tree };
  }
  return undefined;
};

const unreadable = (path: string, problem: string): Failure =>
  new Failure({ code: "configuration", what: `${path} ${problem}` });

const noCloud = (name: string, clouds: Source | undefined): Failure => {
  const names = clouds === undefined ? [] : Object.keys(treeAt(clouds.tree, "clouds"));
  const near = nearest(name, names);
  return new Failure({
    code: "configuration",
    what:
      clouds === undefined
        ? `there is no clouds.yaml for the cloud ${JSON.stringify(name)}`
        : `${clouds.path} has no cloud ${JSON.stringify(name)}; it has ${names.join(", ") || "none"}`,
    cure:
      near === undefined
        ? "It is looked for in the program's directory, ~/.config/openstack and /etc/openstack; OS_CLIENT_CONFIG_FILE names another."
        : `Did you mean ${near}?`,
  });
};

/** clouds.yaml, with what secure.yaml says over it. */
export const cloudsFile = (around: Surroundings): Source | undefined => {
  const clouds = firstFile(around, "clouds", "OS_CLIENT_CONFIG_FILE");
  const secure = firstFile(around, "secure", "OS_CLIENT_SECURE_FILE");
  if (clouds === undefined || secure === undefined) return clouds ?? secure;
  return { path: clouds.path, tree: merged(clouds.tree, secure.tree) };
};

/** The entry of a name, one level down in a file that may not be there; one without anything in it is an empty one. */
const entryAt = (file: Source | undefined, level: string, name: string): Tree | undefined => {
  const all = file === undefined ? {} : treeAt(file.tree, level);
  const entry = Object.hasOwn(all, name) ? all[name] : undefined;
  if (entry === null) return {};
  return isTree(entry) ? dashesAsUnderscores(entry) : undefined;
};

/** What the vendor's own file has, below what the entry says itself. */
const withProfile = (around: Surroundings, entry: Tree, where: string): Tree => {
  const profile = textAt(entry, "profile") ?? textAt(entry, "cloud");
  if (profile === undefined) return entry;
  const vendor = entryAt(
    firstFile(around, "clouds-public", "OS_CLIENT_VENDOR_FILE"),
    "public-clouds",
    profile,
  );
  if (vendor !== undefined) return merged(vendor, entry);
  throw new Failure({
    code: "configuration",
    what: `${where} has the profile ${JSON.stringify(withoutLogin(profile))}, which no clouds-public.yaml has`,
    cure:
      "Write auth_url and region_name into clouds.yaml in its place: the profiles of vendors that the client brings along are not known here; " +
      "`openstack configuration show` tells what they say.",
  });
};

/** A cloud by its name, in one region. */
export interface Meant {
  readonly name: string;
  readonly region: string | undefined;
  /** The program itself says which region. */
  readonly isOwn: boolean;
}

interface Region {
  readonly name: string;
  readonly values: Tree;
}

const regionOf = (one: unknown): Region[] => {
  if (typeof one === "string") return [{ name: one, values: {} }];
  if (!isTree(one)) return [];
  const name = textAt(one, "name");
  return name === undefined ? [] : [{ name, values: treeAt(one, "values") }];
};

/** The regions that an entry lists, in its order. */
const regionsOf = ({ regions, region_name: name }: Tree): Region[] => {
  if (Array.isArray(regions)) return regions.flatMap(regionOf);
  if (Array.isArray(name)) return name.flatMap(regionOf);
  return typeof name === "string" && name !== "" ? name.split(",").flatMap(regionOf) : [];
};

/** Of several regions the one that is asked for, else the first, as the client takes it; with what the entry says of that one. */
const inRegion = (entry: Tree, { region: asked, isOwn }: Meant, where: string): Tree => {
  const regions = regionsOf(entry);
  const { region_name: _, regions: __, ...rest } = entry;
  const found = asked === undefined ? regions[0] : regions.find(({ name }) => name === asked);
  if (found !== undefined) return { ...merged(rest, found.values), region_name: found.name };
  // Where only one stands the program may well mean another; a variable may be of another cloud.
  if (asked === undefined || regions.length <= (isOwn ? 1 : 0))
    return { ...rest, ...(asked === undefined ? {} : { region_name: asked }) };
  throw new Failure({
    code: "configuration",
    what: `${where} has no region ${JSON.stringify(asked)}; it has ${regions.map(({ name }) => name).join(", ")}`,
    cure: "Give one of them (`region`, or OS_REGION_NAME beside OS_CLOUD), or add it in clouds.yaml (`regions`).",
  });
};

/** What a file says of a cloud, with its secrets, its profile and its region. */
export const entryOf = (
  around: Surroundings,
  clouds: Source | undefined,
  meant: Meant,
): { readonly entry: Tree; readonly source: string } => {
  const { name } = meant;
  const entry = entryAt(clouds, "clouds", name);
  if (clouds === undefined || entry === undefined) throw noCloud(name, clouds);
  const source = `cloud ${name} of ${clouds.path}`;
  return { entry: inRegion(withProfile(around, entry, source), meant, source), source };
};
