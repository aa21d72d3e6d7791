/**
 * Where a program's cloud is told of: by itself, by clouds.yaml, by `OS_*`. What the client of OpenStack would take is taken.
 * @see https://docs.openstack.org/python-openstackclient/latest/cli/man/openstack.html
 */
import { textAt, treeAt } from "../../formats/clouds-yaml.js";
import { Failure } from "../../remote/failure.js";
import { rememberSecret } from "../../remote/redact.js";
import type { Tls } from "../../remote/web.js";
import { accessOf, type Access, type Auth, type Found } from "./access.js";
import { cloudsFile, entryOf, variable, type Meant, type Source, type Surroundings } from "./cloud-files.js";

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

type Get = (key: string) => string | undefined;

const tlsOf = (around: Surroundings, get: Get, insecure: boolean): Tls => {
  const file = (key: string): Readonly<Record<string, string>> => {
    const given = get(key)?.replace(/^~(?=\/)/, around.home);
    if (given === undefined) return {};
    const text = around.read(given);
    if (text === undefined)
      throw new Failure({ code: "configuration", what: `${key}: there is no file ${given}` });
    if (!text.includes("-----BEGIN "))
      throw new Failure({ code: "configuration", what: `${key}: nothing in PEM is in ${given}` });
    return { [key === "cacert" ? "ca" : key]: text };
  };
  return { ...file("cacert"), ...file("cert"), ...file("key"), ...(insecure ? { insecure } : {}) };
};

/** What both have, by one name each: keys of clouds.yaml, and with `OS_` before them variables. */
const commonOf = (get: Get): Omit<Found, "source" | "auth" | "tls"> => ({
  authType: get("auth_type"),
  identityVersion: get("identity_api_version"),
  region: get("image_region_name") ?? get("region_name"),
  interface: get("image_interface") ?? get("interface") ?? get("endpoint_type"),
  endpoint: get("image_endpoint_override") ?? get("image_endpoint"),
});

/** `verify` may name the certificates, too. */
const verifying = (get: Get): Get => {
  const verify = get("verify");
  const isPath = verify !== undefined && !isNo(verify) && !isYes(verify);
  return (key) => get(key) ?? (key === "cacert" && isPath ? verify : undefined);
};

const foundIn = (around: Surroundings, clouds: Source | undefined, meant: Meant): Found => {
  const { entry, source } = entryOf(around, clouds, meant);
  const get: Get = (key) => textAt(entry, key);
  const auth = treeAt(entry, "auth");
  const common = commonOf(get);
  return {
    ...common,
    source,
    auth: authOf((key) => textAt(auth, key) ?? get(key)),
    // Of a service that stands alone, without Keystone.
    endpoint: common.endpoint ?? (common.authType === "none" ? textAt(auth, "endpoint") : undefined),
    tls: tlsOf(around, verifying(get), isNo(get("verify")) || isYes(get("insecure"))),
  };
};

const foundInEnvironment = (around: Surroundings): Found => {
  const get: Get = (key) => variable(around, `OS_${key.toUpperCase()}`);
  return {
    ...commonOf(get),
    source: "OS_* of the environment",
    auth: authOf((key) => get(key) ?? (key === "token" ? get("auth_token") : undefined)),
    tls: tlsOf(around, get, isYes(get("insecure"))),
  };
};

/** Half of a login counts, too: it is said what lacks, and no other cloud is asked. */
const saysSomething = ({ auth, endpoint }: Found): boolean =>
  Object.keys(auth).length > 0 || endpoint !== undefined;

/** The only cloud that there is, where nothing says which. */
const nameOfOnly = (clouds: Source | undefined): string => {
  const [only, ...others] = Object.keys(treeAt(clouds?.tree ?? {}, "clouds"));
  if (only !== undefined && others.length === 0) return only;
  throw new Failure({
    code: "configuration",
    what: "nothing says which cloud it is",
    cure: "Give `cloud` (of a clouds.yaml), `auth` or `endpoint`, or set OS_CLOUD or OS_AUTH_URL and its like.",
  });
};

/** As the client: the cloud that is named, else OS_*, else the only one. OS_REGION_NAME counts where the program names no cloud. */
const foundAround = (around: Surroundings, { cloud, region }: Wanted): Found => {
  const clouds = () => cloudsFile(around);
  const isNamed = cloud !== undefined && cloud !== "envvars";
  const name = cloud ?? variable(around, "OS_CLOUD");
  const meant = {
    region: region ?? (isNamed ? undefined : variable(around, "OS_REGION_NAME")),
    isOwn: region !== undefined,
  };
  if (name !== undefined && name !== "envvars") return foundIn(around, clouds(), { name, ...meant });
  const inEnvironment = foundInEnvironment(around);
  if (name === "envvars" || saysSomething(inEnvironment)) return inEnvironment;
  const files = clouds();
  return foundIn(around, files, { name: nameOfOnly(files), ...meant });
};

/** What the program says of certificates goes over what its cloud says. */
const tlsFor = (around: Surroundings, { cacert, insecure }: Wanted, { tls }: Found): Tls => {
  const given = tlsOf(around, (key) => (key === "cacert" ? cacert : undefined), insecure === true);
  const { insecure: _, ...secured } = tls;
  return { ...(insecure === false ? secured : tls), ...given };
};

/** @throws Failure `configuration` where it is not told, or not well */
export const resolve = (around: Surroundings, wanted: Wanted): Access => {
  const { cloud, auth, endpoint, region } = wanted;
  const alone = { source: "the program", auth: auth ?? {}, tls: {} };
  const found: Found =
    cloud === undefined && (auth !== undefined || endpoint !== undefined)
      ? alone
      : foundAround(around, wanted);
  for (const key of ["password", "token", "application_credential_secret"])
    rememberSecret(found.auth[key] ?? "");
  return accessOf({
    ...found,
    region: region ?? found.region,
    interface: wanted.interface ?? found.interface,
    endpoint: endpoint ?? found.endpoint,
    tls: tlsFor(around, wanted, found),
  });
};
