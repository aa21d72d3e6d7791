/** A login at Keystone that a program gives itself, and its rule. */
import type { Wanted } from "../clients/glance/index.js";
import { wantOfAddress, withoutLogin } from "../formats/web-address.js";
import { object, optional, secret, text, type Report, type Rule } from "../kernel/shape.js";

/** Who asks. The names are those of `auth` in clouds.yaml, in camel case. All of it is a secret in state. */
export interface ImageAuth {
  /** Keystone's address, with or without /v3. Changing it replaces. @default none: then `endpoint` must be given */
  readonly authUrl?: string;
  /** Name of the user. */
  readonly username?: string;
  /** Its id, instead of name and domain. */
  readonly userId?: string;
  /** Its password. */
  readonly password?: string;
  /** Name of the user's domain. @default the domain "default", by id */
  readonly userDomainName?: string;
  /** Id of the user's domain, instead of its name. */
  readonly userDomainId?: string;
  /** Name of the project that the login is for. */
  readonly projectName?: string;
  /** Its id, instead of name and domain. */
  readonly projectId?: string;
  /** Name of the project's domain. @default the domain "default", by id */
  readonly projectDomainName?: string;
  /** Id of the project's domain, instead of its name. */
  readonly projectDomainId?: string;
  /** `all`: a token for the system as a whole. */
  readonly systemScope?: string;
  /** Id of an application credential, instead of a user with its password. */
  readonly applicationCredentialId?: string;
  /** Its name, instead of the id; then with its user. */
  readonly applicationCredentialName?: string;
  /** Its secret. */
  readonly applicationCredentialSecret?: string;
  /** A token that somebody else has asked for; it ends when it ends. */
  readonly token?: string;
}

const word = optional(text(/^[^\u0000-\u001f\u007f]+$/, "text without control characters"));

/** An address of a service; of one that is refused for the login in it nothing of that is shown. */
export const httpAddress: Rule<string> = {
  check(value, path, report) {
    const want = typeof value === "string" ? wantOfAddress(value) : "text";
    if (typeof value === "string" && want === undefined) return value;
    report(
      path,
      typeof value === "string" ? { shownAs: withoutLogin(value) } : value,
      `must be ${want ?? "text"}`,
    );
    return undefined;
  },
};

export const imageAuth = optional(
  secret(
    object<ImageAuth>({
      authUrl: optional(httpAddress),
      username: word,
      userId: word,
      password: word,
      userDomainName: word,
      userDomainId: word,
      projectName: word,
      projectId: word,
      projectDomainName: word,
      projectDomainId: word,
      systemScope: word,
      applicationCredentialId: word,
      applicationCredentialName: word,
      applicationCredentialSecret: word,
      token: word,
    }),
  ),
);

/** `projectDomainName` → `project_domain_name` */
const asInClouds = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const authFor = (auth: ImageAuth | undefined): Pick<Wanted, "auth"> =>
  auth === undefined
    ? {}
    : {
        auth: Object.fromEntries(
          Object.entries(auth).map(([key, value]) => [asInClouds(key), String(value)]),
        ),
      };

/** What says who somebody is: all of one of these. */
const LOGINS: readonly (readonly (keyof ImageAuth)[])[] = [
  ["token"],
  ["password", "username"],
  ["password", "userId"],
  ["applicationCredentialSecret", "applicationCredentialId"],
  ["applicationCredentialSecret", "applicationCredentialName", "username"],
  ["applicationCredentialSecret", "applicationCredentialName", "userId"],
];

/** What a login must have. */
export const checkAuth = (auth: ImageAuth, hasEndpoint: boolean, report: Report): void => {
  const has = (key: keyof ImageAuth) => auth[key] !== undefined;
  if (!has("authUrl") && !(hasEndpoint && has("token")))
    report(
      ["auth", "authUrl"],
      undefined,
      "is Keystone's address; a token alone will do where endpoint is given",
    );
  if (!LOGINS.some((keys) => keys.every(has)))
    report(
      ["auth", "password"],
      undefined,
      "goes with username or userId; or give an application credential with its secret, or a token",
    );
};
