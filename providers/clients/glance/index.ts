/**
 * Images and their properties, by Glance's API v2.
 * @see https://docs.openstack.org/api-ref/image/v2/
 */
import type { Reach } from "../../kernel/contract.js";
import { isTree, textAt, type Tree } from "../../formats/clouds-yaml.js";
import { Failure } from "../../remote/failure.js";
import type { WebAnswer } from "../../remote/web.js";
import { jsonOf, said, servedBy } from "./answers.js";
import { ownSurroundings } from "./cloud-files.js";
import { resolve, type Wanted } from "./clouds.js";
import { newSession, type Session } from "./session.js";

export type { Wanted } from "./clouds.js";

export interface Image {
  readonly id: string;
  readonly name: string;
  /** Its own and added ones that are texts, `status` and the like included. */
  readonly properties: Readonly<Record<string, string>>;
}

/** One change of one property. */
export type Operation =
  | { readonly op: "add" | "replace"; readonly property: string; readonly value: string }
  | { readonly op: "remove"; readonly property: string };

export interface Glance {
  /** Its address, without a version. */
  url(): Promise<string>;
  /** Undefined where there is none, or none that this user may see. */
  byId(id: string): Promise<Image | undefined>;
  /** All of that very name. */
  byName(name: string): Promise<readonly Image[]>;
  /** All changes or none; undefined where the image is not as thought any more: look again. */
  patch(image: Image, operations: readonly Operation[]): Promise<Image | undefined>;
}

const imageOf = (tree: Tree): Image | undefined => {
  const id = textAt(tree, "id");
  if (id === undefined) return undefined;
  const properties = Object.entries(tree).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { id, name: textAt(tree, "name") ?? "", properties: Object.fromEntries(properties) };
};

const FORBIDDEN =
  "A property is changed by the image's own project, or by an administrator (Glance's policy modify_image); property protections may forbid some names.";

const refusals: Readonly<Record<number, readonly [what: string, cure: string]>> = {
  400: ["Glance refuses a name or a value", "Properties that Glance keeps for itself cannot be set."],
  403: ["Glance forbids it", FORBIDDEN],
  413: [
    "the image has as many properties as it may have",
    "Raise image_property_quota in glance-api.conf, or take some away.",
  ],
};

const failed = (base: string, command: string, answer: WebAnswer): Failure => {
  const common = { host: new URL(base).hostname, command };
  const [what, cure] = refusals[answer.status] ?? [];
  if (what === undefined || cure === undefined) return servedBy("Glance", answer, common);
  return new Failure({ ...common, code: "refused", what: `${what} (${answer.status})${said(answer)}`, cure });
};

/** @see https://datatracker.ietf.org/doc/html/rfc6901#section-3 */
const pointer = (property: string): string => `/${property.replaceAll("~", "~0").replaceAll("/", "~1")}`;

const PATCH_TYPE = "application/openstack-images-v2.1-json-patch";

/** A page in the place of an image says nothing about it: not even that there is none. */
const notGlances = async (session: Session, path: string, answer: WebAnswer): Promise<never> => {
  await session.mustBeGlance();
  throw failed(await session.url(), `GET ${path}`, answer);
};

export const glanceOver = (session: Session): Glance => {
  const read = async (path: string): Promise<WebAnswer> => {
    const answer = await session.ask({ method: "GET", path });
    if (answer.status === 404) await session.mustBeGlance();
    else if (answer.status !== 200) throw failed(await session.url(), `GET ${path}`, answer);
    return answer;
  };
  return {
    url: session.url,
    async byId(id) {
      const path = `/v2/images/${encodeURIComponent(id)}`;
      const answer = await read(path);
      if (answer.status === 404) return undefined;
      return imageOf(jsonOf(answer)) ?? notGlances(session, path, answer);
    },
    async byName(name) {
      const path = `/v2/images?name=${encodeURIComponent(name)}`;
      const answer = await read(path);
      const { images } = jsonOf(answer);
      if (!Array.isArray(images)) return notGlances(session, path, answer);
      return images
        .filter(isTree)
        .flatMap((tree) => imageOf(tree) ?? [])
        .filter((image) => image.name === name);
    },
    async patch({ id }, operations) {
      const body = operations.map(({ property, ...operation }) => ({
        ...operation,
        path: pointer(property),
      }));
      const path = `/v2/images/${encodeURIComponent(id)}`;
      const headers = { "content-type": PATCH_TYPE };
      const answer = await session.ask({ method: "PATCH", path, headers, body: JSON.stringify(body) });
      if (answer.status === 404 || answer.status === 409) return undefined;
      if (answer.status !== 200) throw failed(await session.url(), `PATCH ${path}`, answer);
      return imageOf(jsonOf(answer));
    },
  };
};

const SESSIONS = Symbol("sessions of Image services");

/** One for each cloud and login in a run: one token, however many images. */
export const glanceOf = (reach: Pick<Reach, "shared" | "web" | "note">, wanted: Wanted): Glance => {
  const clouds = reach.shared(SESSIONS, () => new Map<string, Glance>());
  const asked = JSON.stringify(wanted);
  const known = clouds.get(asked);
  if (known !== undefined) return known;
  const access = resolve(ownSurroundings(), wanted);
  const key = JSON.stringify(access);
  const glance = clouds.get(key) ?? glanceOver(newSession(reach.web, access));
  if (access.tls.insecure === true && !clouds.has(key))
    reach.note(
      `warning: ${access.source}: any certificate is taken (insecure): whoever is on the way reads the login`,
    );
  clouds.set(key, glance).set(asked, glance);
  return glance;
};
