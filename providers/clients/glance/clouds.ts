/**
 * Where a program's cloud is told of: by itself, by clouds.yaml, by `OS_*`. What the client of OpenStack would take is taken.
 * @see https://docs.openstack.org/python-openstackclient/latest/cli/man/openstack.html
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isTree, merged, parseYaml, textAt, treeAt, type Tree } from "../../formats/clouds-yaml.js";
import { nearest } from "../../formats/nearest.js";
import { Failure } from "../../remote/failure.js";
import { rememberSecret } from "../../remote/redact.js";
import type { Tls } from "../../remote/web.js";
import { accessOf, type Access, type Auth, type Found } from "./access.js";

/** Which cloud a program means. With nothing of it: what the environment says. */
export interface Wanted {
  readonly cloud?: string | undefined;
  /** By the names that clouds.yaml has for it. */
  readonly auth?: Auth | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly interface?: string | undefined;
  readonly cacert?: string | undefined;
  readonly insecure?: boolean | undefined;
}

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
      if (error instanceof Error && /ENOENT|ENOTDIR/.test(error.message)) return undefined;
      throw new Failure({
        code: "configuration",
        what: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  },
});

interface Source {
  readonly path: string;
  readonly tree: Tree;
}

const ENDINGS = ["yaml", "yml", "json"];

/** The first file of that name that there is, where the client looks. */
const firstFile = (
  { env, cwd, home, read }: Surroundings,
  name: string,
  given?: string,
): Source | undefined => {
  const config = env["XDG_CONFIG_HOME"] ?? join(home, ".config");
  const folders = [cwd, join(config, "openstack"), "/etc/openstack"];
  const paths = folders.flatMap((folder) => ENDINGS.map((ending) => join(folder, `${name}.${ending}`)));
  for (const path of [...(given ? [given] : []), ...paths]) {
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

/** The entry of a name, one level down in a file that may not be there. */
const entryAt = (file: Source | undefined, level: string, name: string): Tree | undefined => {
  const entry = file === undefined ? undefined : treeAt(file.tree, level)[name];
  return isTree(entry) ? entry : undefined;
};

/** What the vendor's own file has, below what the entry says itself. */
const withProfile = (around: Surroundings, entry: Tree, where: string): Tree => {
  const profile = textAt(entry, "profile") ?? textAt(entry, "cloud");
  if (profile === undefined) return entry;
  const vendors = firstFile(around, "clouds-public", around.env["OS_CLIENT_VENDOR_FILE"]);
  const vendor = entryAt(vendors, "public-clouds", profile);
  if (vendor !== undefined) return merged(vendor, entry);
  throw new Failure({
    code: "configuration",
    what: `${where} has the profile ${JSON.stringify(profile)}, which no clouds-public.yaml has`,
    cure: "Write its auth_url into clouds.yaml: the profiles of vendors that the client brings along are not known here.",
  });
};

/** The entry of a cloud, with its secrets and its profile. */
const entryOf = (around: Surroundings, name: string, clouds: Source | undefined): Tree => {
  const entry = entryAt(clouds, "clouds", name);
  if (clouds === undefined || entry === undefined) throw noCloud(name, clouds);
  const secure = firstFile(around, "secure", around.env["OS_CLIENT_SECURE_FILE"]);
  const whole = merged(entry, entryAt(secure, "clouds", name) ?? {});
  return withProfile(around, whole, `the cloud ${name} of ${clouds.path}`);
};

/** What may stand in `auth`, and beside it too. */
const AUTH = [
  "auth_url",
  "username",
  "user_id",
  "password",
  "user_domain_name",
  "user_domain_id",
  "project_name",
  "project_id",
  "tenant_name",
  "tenant_id",
  "project_domain_name",
  "project_domain_id",
  "domain_name",
  "domain_id",
  "default_domain",
  "default_domain_name",
  "default_domain_id",
  "system_scope",
  "trust_id",
  "application_credential_id",
  "application_credential_name",
  "application_credential_secret",
  "token",
] as const;

const authOf = (get: (key: string) => string | undefined): Auth =>
  Object.fromEntries(
    AUTH.flatMap((key): [string, string][] => {
      const value = get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );

const isNo = (text: string | undefined): boolean => /^(?:false|no|off|0|n|f)$/i.test(text ?? "");
const isYes = (text: string | undefined): boolean => /^(?:true|yes|on|1|y|t)$/i.test(text ?? "");

const tlsOf = (around: Surroundings, get: (key: string) => string | undefined, insecure: boolean): Tls => {
  const file = (key: string): Readonly<Record<string, string>> => {
    const given = get(key)?.replace(/^~(?=\/)/, around.home);
    if (given === undefined) return {};
    const text = around.read(given);
    if (text === undefined)
      throw new Failure({ code: "configuration", what: `${key}: there is no file ${given}` });
    return { [key === "cacert" ? "ca" : key]: text };
  };
  return { ...file("cacert"), ...file("cert"), ...file("key"), ...(insecure ? { insecure } : {}) };
};

const foundIn = (around: Surroundings, name: string, clouds: Source | undefined): Found => {
  const entry = entryOf(around, name, clouds);
  const get = (key: string) => textAt(entry, key);
  const auth = treeAt(entry, "auth");
  return {
    source: `cloud ${name} of ${clouds?.path ?? ""}`,
    auth: authOf((key) => textAt(auth, key) ?? get(key)),
    authType: get("auth_type"),
    region: get("region_name"),
    interface: get("interface") ?? get("endpoint_type"),
    endpoint: get("image_endpoint_override"),
    tls: tlsOf(around, get, isNo(get("verify")) || isYes(get("insecure"))),
  };
};

/** A variable of the environment; an empty one is none. */
const variable = ({ env }: Surroundings, name: string): string | undefined =>
  env[name] === "" ? undefined : env[name];

const foundInEnvironment = (around: Surroundings): Found => {
  const get = (key: string): string | undefined => variable(around, `OS_${key.toUpperCase()}`);
  return {
    source: "OS_* of the environment",
    auth: authOf((key) => get(key) ?? (key === "token" ? get("auth_token") : undefined)),
    authType: get("auth_type"),
    region: get("region_name"),
    interface: get("interface") ?? get("endpoint_type"),
    endpoint: get("image_endpoint_override"),
    tls: tlsOf(around, get, isYes(get("insecure"))),
  };
};

const saysWhere = ({ auth, endpoint }: Found): boolean =>
  auth["auth_url"] !== undefined || endpoint !== undefined;

/** The only cloud that there is, where nothing says which. */
const foundAlone = (around: Surroundings, clouds: Source | undefined): Found => {
  const [only, ...others] = Object.keys(treeAt(clouds?.tree ?? {}, "clouds"));
  if (only !== undefined && others.length === 0) return foundIn(around, only, clouds);
  throw new Failure({
    code: "configuration",
    what: "nothing says which cloud it is",
    cure: "Give `cloud` (of a clouds.yaml), `auth` or `endpoint`, or set OS_CLOUD or OS_AUTH_URL and its like.",
  });
};

/** As the client: OS_CLOUD, else OS_*, else the only cloud that there is. */
const foundAround = (around: Surroundings, cloud = variable(around, "OS_CLOUD")): Found => {
  const clouds = () => firstFile(around, "clouds", variable(around, "OS_CLIENT_CONFIG_FILE"));
  if (cloud !== undefined && cloud !== "envvars") return foundIn(around, cloud, clouds());
  const inEnvironment = foundInEnvironment(around);
  return cloud === "envvars" || saysWhere(inEnvironment) ? inEnvironment : foundAlone(around, clouds());
};

/** @throws Failure `configuration` where it is not told, or not well */
export const resolve = (around: Surroundings, wanted: Wanted): Access => {
  const { cloud, auth, endpoint, region, cacert, insecure } = wanted;
  const alone = { source: "the program", auth: auth ?? {}, tls: {} };
  const found: Found =
    cloud === undefined && (auth !== undefined || endpoint !== undefined)
      ? alone
      : foundAround(around, cloud);
  for (const key of ["password", "token", "application_credential_secret"])
    rememberSecret(found.auth[key] ?? "");
  const given = tlsOf(around, (key) => (key === "cacert" ? cacert : undefined), insecure === true);
  return accessOf({
    ...found,
    region: region ?? found.region,
    interface: wanted.interface ?? found.interface,
    endpoint: endpoint ?? found.endpoint,
    tls: { ...found.tls, ...given },
  });
};
