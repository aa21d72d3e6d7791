/**
 * A token of Keystone, and where its catalogue has the Image service.
 * @see https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
import { isTree, textAt, treeAt, type Tree } from "../../formats/clouds-yaml.js";
import { Failure } from "../../remote/failure.js";
import { rememberSecret } from "../../remote/redact.js";
import type { Web, WebAnswer } from "../../remote/web.js";
import { addressOf, withoutVersion, type Access, type Identity } from "./access.js";
import { jsonOf, said, servedBy } from "./answers.js";
import { patient } from "./patience.js";

export interface Token {
  readonly id: string;
  /** Glance's address by the catalogue, without a version. */
  readonly endpoint: string;
}

const hostOf = (url: string): string => new URL(url).hostname;

const REFUSED =
  "Is it the right user, domain and secret, and is it enabled? `openstack token issue` with the same values tells.";

/** @throws Failure for every answer that is no token */
const mustBeToken = ({ url, who }: Identity, source: string, answer: WebAnswer): void => {
  const common = { host: hostOf(url), command: `POST ${url}/auth/tokens` };
  if (answer.status === 201) return;
  if (answer.status === 401 || answer.status === 403)
    throw new Failure({
      ...common,
      code: "authentication",
      what: `Keystone refuses ${who} (${answer.status}, ${source})${said(answer)}`,
      cure: REFUSED,
    });
  if (answer.status === 404)
    throw new Failure({
      ...common,
      code: "configuration",
      what: `no Identity API v3 answers there (404, ${source})`,
      cure: "auth_url is Keystone's address, with or without /v3: https://cloud.example.org:5000/v3.",
    });
  throw servedBy("Keystone", answer, common);
};

interface Endpoint {
  readonly url: string;
  readonly region: string;
}

const listAt = (tree: Tree, key: string): Tree[] => {
  const list = tree[key];
  return Array.isArray(list) ? list.filter(isTree) : [];
};

const endpointsOf = (catalogue: readonly Tree[], wanted: string): Endpoint[] =>
  catalogue
    .filter(({ type }) => type === "image")
    .flatMap((service) => listAt(service, "endpoints"))
    .filter((endpoint) => endpoint["interface"] === wanted)
    .flatMap((endpoint) => {
      const url = textAt(endpoint, "url");
      const region = textAt(endpoint, "region_id") ?? textAt(endpoint, "region") ?? "";
      return url === undefined ? [] : [{ url, region }];
    });

const noEndpoint = (access: Access, what: string, cure: string): Failure =>
  new Failure({ code: "configuration", what: `${access.source}: ${what}`, cure });

/** @throws Failure `configuration` where it is not there, or not one */
const endpointOf = (access: Access, catalogue: readonly Tree[]): string => {
  const { endpoint, region, interface: wanted } = access;
  if (endpoint !== undefined) return endpoint;
  const all = endpointsOf(catalogue, wanted);
  const regions = [...new Set(all.map((one) => one.region))];
  const [found, ...others] = region === undefined ? all : all.filter((one) => one.region === region);
  if (found === undefined) {
    const scope = catalogue.length === 0 ? " (the token has no catalogue: is a project given?)" : "";
    const where = region === undefined ? "" : ` in region ${region}`;
    const there = regions.length === 0 ? "" : `; it is in ${regions.join(", ")}`;
    throw noEndpoint(
      access,
      `the catalogue has no ${wanted} endpoint of an Image service${where}${there}${scope}`,
      "Give region, interface or endpoint. `openstack catalog show image` lists what there is.",
    );
  }
  if (others.some((other) => other.region !== found.region))
    throw noEndpoint(
      access,
      `the Image service is in several regions: ${regions.join(", ")}`,
      "Give region.",
    );
  return withoutVersion(addressOf(access.source, "the catalogue's address of the Image service", found.url));
};

/** @throws Failure `authentication`, `configuration`, and what `web` throws */
export const tokenFor = async (web: Web, access: Access, identity: Identity): Promise<Token> => {
  const { url, body, secrets } = identity;
  secrets.forEach(rememberSecret);
  const answer = await patient(web, {
    method: "POST",
    url: `${url}/auth/tokens`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    tls: access.tls,
  });
  mustBeToken(identity, access.source, answer);
  const id = answer.headers["x-subject-token"] ?? "";
  if (id === "")
    throw new Failure({
      code: "configuration",
      host: hostOf(url),
      command: `POST ${url}/auth/tokens`,
      what: `Keystone answers without a token (${access.source})`,
      cure: "Does a proxy before it drop the header X-Subject-Token?",
    });
  rememberSecret(id);
  const token = treeAt(jsonOf(answer), "token");
  return { id, endpoint: endpointOf(access, listAt(token, "catalog")) };
};
