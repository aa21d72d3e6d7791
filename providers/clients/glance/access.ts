/** How an Image service is reached and who asks it, whatever said so: `clouds.yaml`, `OS_*`, or the program. Pure. */
import { wantOfAddress, withoutLogin } from "../../formats/web-address.js";
import { Failure } from "../../remote/failure.js";
import type { Tls } from "../../remote/web.js";

export type Interface = "public" | "internal" | "admin";

/** Who asks, by the names that `auth` has in clouds.yaml: `auth_url`, `username`, `project_domain_name`, … */
export type Auth = Readonly<Record<string, string>>;

/** What was found, before it is judged. */
export interface Found {
  /** For messages: "cloud prod of /etc/openstack/clouds.yaml". */
  readonly source: string;
  readonly auth: Auth;
  readonly authType?: string | undefined;
  /** Of Keystone's API: `3`. */
  readonly identityVersion?: string | undefined;
  readonly region?: string | undefined;
  readonly interface?: string | undefined;
  /** Instead of the catalogue's. */
  readonly endpoint?: string | undefined;
  readonly tls: Tls;
}

/** A project, a domain or all of the cloud: what a token is for. */
export type Scope = Readonly<Record<string, unknown>>;

/** A login at Keystone. */
export interface Identity {
  /** With `/v3` at its end. */
  readonly url: string;
  /** For messages, without secrets: "user glance (domain Default)". */
  readonly who: string;
  /** The body of the request for a token. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What must never be shown. */
  readonly secrets: readonly string[];
}

export interface Access {
  readonly source: string;
  readonly identity: Identity | undefined;
  /** A token that is there already, for an endpoint that is given. */
  readonly token: string | undefined;
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly interface: Interface;
  readonly tls: Tls;
}

const wrong = (source: string, what: string, cure: string): Failure =>
  new Failure({ code: "configuration", what: `${source}: ${what}`, cure });

const INTERFACES: readonly Interface[] = ["public", "internal", "admin"];

const interfaceOf = (source: string, given = "public"): Interface => {
  const found = INTERFACES.find((one) => one === given.replace(/URL$/, ""));
  if (found === undefined)
    throw wrong(
      source,
      `interface ${JSON.stringify(given)} is none`,
      `It is one of ${INTERFACES.join(", ")}.`,
    );
  return found;
};

/** An address as people have it: with or without a version and slashes at its end. */
export const withoutVersion = (url: string): string =>
  url.replace(/\/+$/, "").replace(/\/v\d+(?:\.\d+)?$/, "");

/** @throws Failure `configuration` for what is no address, or one with a login in it: without that */
export const addressOf = (source: string, name: string, url: string): string => {
  const want = wantOfAddress(url);
  if (want === undefined) return url;
  throw wrong(source, `${name} is ${JSON.stringify(withoutLogin(url))}`, `It must be ${want}.`);
};

const keystoneOf = (source: string, url: string, version = "3"): string => {
  const isOld = /\/v2(?:\.0)?\/*$/.test(url) ? "auth_url" : /^v?2/.test(version) && "identity_api_version";
  if (isOld !== false)
    throw wrong(
      source,
      `${isOld} is of Identity API v2`,
      "Give v3 (with domains of user and project): Keystone has had no other since Queens.",
    );
  return `${withoutVersion(addressOf(source, "auth_url", url))}/v3`;
};

type Named = Readonly<{ id: string }> | Readonly<{ name: string }>;

const named = (id: string | undefined, name: string | undefined): Named | undefined => {
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name };
};

const domainOf = (auth: Auth, of: "user" | "project"): Named =>
  named(auth[`${of}_domain_id`], auth[`${of}_domain_name`]) ??
  named(auth["domain_id"], auth["domain_name"]) ??
  named(auth["default_domain_id"] ?? auth["default_domain"], auth["default_domain_name"]) ?? {
    id: "default",
  };

const userOf = (auth: Auth): Readonly<Record<string, unknown>> | undefined => {
  const { user_id: id, username: name } = auth;
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name, domain: domainOf(auth, "user") };
};

const scopeOf = (auth: Auth): { scope?: Scope } => {
  if (auth["system_scope"] === "all") return { scope: { system: { all: true } } };
  if (auth["trust_id"] !== undefined) return { scope: { "OS-TRUST:trust": { id: auth["trust_id"] } } };
  const id = auth["project_id"] ?? auth["tenant_id"];
  const name = auth["project_name"] ?? auth["tenant_name"];
  if (id !== undefined) return { scope: { project: { id } } };
  if (name !== undefined) return { scope: { project: { name, domain: domainOf(auth, "project") } } };
  const domain = named(auth["domain_id"], auth["domain_name"]);
  return domain === undefined ? {} : { scope: { domain } };
};

type Login = Omit<Identity, "url">;

const bodyFor = (method: string, how: object, more: { scope?: Scope } = {}): Identity["body"] => ({
  auth: { identity: { methods: [method], [method]: how }, ...more },
});

const byCredential = (source: string, auth: Auth): Login => {
  const { application_credential_id: id, application_credential_name: name } = auth;
  const secret = auth["application_credential_secret"];
  const user = userOf(auth);
  if (secret === undefined || (id === undefined && (name === undefined || user === undefined)))
    throw wrong(
      source,
      "an application credential needs its secret, and its id or its name with the user",
      "application_credential_id and application_credential_secret are enough.",
    );
  const how = id === undefined ? { name, secret, user } : { id, secret };
  const body = bodyFor("application_credential", how);
  return { who: `application credential ${id ?? name ?? ""}`, body, secrets: [secret] };
};

const byToken = (source: string, auth: Auth): Login => {
  const token = auth["token"];
  if (token === undefined) throw wrong(source, "there is no token", "Give token, or a password.");
  return { who: "a token", body: bodyFor("token", { id: token }, scopeOf(auth)), secrets: [token] };
};

const byPassword = (source: string, auth: Auth): Login => {
  const user = userOf(auth);
  const password = auth["password"];
  if (user === undefined || password === undefined)
    throw wrong(
      source,
      `there is no ${user === undefined ? "username" : "password"}`,
      "Give username and password, an application credential, or a token.",
    );
  const domain = domainOf(auth, "user");
  const of = "id" in domain ? domain.id : domain.name;
  const who =
    auth["username"] === undefined
      ? `user ${auth["user_id"] ?? ""}`
      : `user ${auth["username"]} (domain ${of})`;
  return {
    who,
    body: bodyFor("password", { user: { ...user, password } }, scopeOf(auth)),
    secrets: [password],
  };
};

const TYPES: Readonly<Record<string, (source: string, auth: Auth) => Login>> = {
  password: byPassword,
  v3password: byPassword,
  token: byToken,
  v3token: byToken,
  v3applicationcredential: byCredential,
};

const typeOf = ({ auth, authType }: Found): string => {
  if (authType !== undefined) return authType;
  if (auth["application_credential_secret"] !== undefined) return "v3applicationcredential";
  return auth["token"] !== undefined && auth["password"] === undefined ? "token" : "password";
};

const identityOf = (found: Found): Identity | undefined => {
  const { source, auth, endpoint } = found;
  const type = typeOf(found);
  const url = auth["auth_url"];
  if (type === "none" || (endpoint !== undefined && url === undefined)) return undefined;
  const login = TYPES[type];
  if (login === undefined)
    throw wrong(
      source,
      `auth_type ${JSON.stringify(type)} is not known here`,
      `There are ${Object.keys(TYPES).join(", ")} and none. With any other: get a token by the client, and give that.`,
    );
  if (url === undefined) throw wrong(source, "there is no auth_url", "It is Keystone's address.");
  return { url: keystoneOf(source, url, found.identityVersion), ...login(source, auth) };
};

/** @throws Failure `configuration` naming what is missing */
export const accessOf = (found: Found): Access => {
  const { source, auth, endpoint, region, tls } = found;
  const identity = identityOf(found);
  if (identity === undefined && endpoint === undefined)
    throw wrong(
      source,
      "nothing says where the Image service is",
      "Without a login an endpoint must be given.",
    );
  return {
    source,
    identity,
    token: identity === undefined ? auth["token"] : undefined,
    endpoint: endpoint === undefined ? undefined : withoutVersion(addressOf(source, "endpoint", endpoint)),
    region,
    interface: interfaceOf(source, found.interface),
    tls,
  };
};
