/**
 * Keystone and Glance in memory, behind one `Web`. Statuses, pages and rules of a PATCH are written after their API reference and
 * Glance's source. The same can be had on a port (`listening`).
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Web, WebAnswer, WebRequest } from "../../providers/remote/web";

type Body = Record<string, unknown>;

export interface FakeGlance {
  readonly images: Map<string, Body>;
  /** `METHOD path`, in the order of their coming. */
  readonly asked: string[];
  /** Operations of PATCHes, without those on records. */
  readonly written: string[];
  readonly records: string[];
  /** Tokens that count. Without any nobody needs one. */
  readonly tokens: Set<string>;
  /** A project's name, and the password of the only user. */
  password: string;
  catalogue: unknown[];
  quota: number;
  /** Names that a property protection forbids, and images that are another project's. */
  readonly forbidden: Set<string>;
  /** Called before and after a request is served; may throw. */
  before: (request: WebRequest) => void | Promise<void>;
  after: (answer: WebAnswer) => WebAnswer;
  web: Web;
}

export const GLANCE = "http://glance.example.org:9292";
export const KEYSTONE = "http://keystone.example.org:5000";

const RECORD = "pulumi_ceph_openstack_";

const OWN =
  /^(id|name|status|visibility|protected|owner|checksum|size|created_at|updated_at|self|file|schema|tags|disk_format|container_format|min_disk|min_ram|virtual_size|os_hash_algo|os_hash_value)$/;

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): WebAnswer => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

/** Glance's own pages. */
const page = (status: number, title: string, text: string): WebAnswer =>
  answer(
    status,
    `<html>\n <head>\n  <title>${status} ${title}</title>\n </head>\n <body>\n  <h1>${status} ${title}</h1>\n  ${text}<br /><br />\n\n\n </body>\n</html>`,
    { "content-type": "text/html; charset=UTF-8" },
  );

interface Change {
  readonly op: string;
  readonly path: string;
  readonly value?: string;
}

const nameOf = ({ path }: Change): string => path.slice(1).replaceAll("~1", "/").replaceAll("~0", "~");

/** All of it, or the refusal of the first that cannot be. */
const patched = (fake: FakeGlance, image: Body, changes: readonly Change[]): Body | WebAnswer => {
  const next = { ...image };
  for (const change of changes) {
    const name = nameOf(change);
    if (OWN.test(name) && name !== "name") return page(403, "Forbidden", `Attribute '${name}' is read-only.`);
    if (name.startsWith("os_glance")) return page(403, "Forbidden", `Attribute '${name}' is reserved.`);
    if (fake.forbidden.has(name)) return page(403, "Forbidden", `Property '${name}' is protected`);
    if (change.op !== "add" && !(name in next))
      return page(409, "Conflict", `Property ${name} does not exist.`);
    if (change.op === "remove") Reflect.deleteProperty(next, name);
    else next[name] = change.value;
  }
  const count = Object.keys(next).filter((name) => !OWN.test(name)).length;
  return count > fake.quota
    ? page(
        413,
        "Request Entity Too Large",
        `The limit has been exceeded on the number of allowed image properties. Attempted: ${count}, Maximum: ${fake.quota}`,
      )
    : next;
};

const isAnswer = (value: Body | WebAnswer): value is WebAnswer => "status" in value && "headers" in value;

const patch = (fake: FakeGlance, image: Body, { headers = {}, body = "[]" }: WebRequest): WebAnswer => {
  if (headers["content-type"] !== "application/openstack-images-v2.1-json-patch")
    return page(415, "Unsupported Media Type", "");
  if (fake.forbidden.has(String(image["id"])))
    return page(403, "Forbidden", "You are not authorized to complete modify_image action.");
  const changes = JSON.parse(body) as Change[];
  const next = patched(fake, image, changes);
  if (isAnswer(next)) return next;
  for (const change of changes)
    (nameOf(change).startsWith(RECORD) ? fake.records : fake.written).push(`${change.op} ${nameOf(change)}`);
  fake.images.set(String(image["id"]), next);
  return answer(200, next);
};

const images = (fake: FakeGlance, url: URL, request: WebRequest): WebAnswer => {
  const [, , , id] = url.pathname.split("/");
  if (id === undefined) {
    const name = url.searchParams.get("name");
    const found = [...fake.images.values()].filter((image) => name === null || image["name"] === name);
    return answer(200, { images: found, first: "/v2/images", schema: "/v2/schemas/images" });
  }
  const image = fake.images.get(decodeURIComponent(id));
  if (image === undefined) return page(404, "Not Found", `No image found with ID ${id}`);
  return request.method === "PATCH" ? patch(fake, image, request) : answer(200, image);
};

const glance = (fake: FakeGlance, url: URL, request: WebRequest): WebAnswer => {
  const token = request.headers?.["x-auth-token"];
  if (fake.tokens.size > 0 && !fake.tokens.has(token ?? ""))
    return answer(401, {
      error: {
        code: 401,
        title: "Unauthorized",
        message: "The request you have made requires authentication.",
      },
    });
  if (url.pathname === "/v2/schemas/image") return answer(200, { name: "image", properties: {} });
  if (url.pathname.startsWith("/v2/images")) return images(fake, url, request);
  return page(404, "Not Found", "The resource could not be found.");
};

const keystone = (fake: FakeGlance, url: URL, { body = "{}" }: WebRequest): WebAnswer => {
  if (url.pathname !== "/v3/auth/tokens") return answer(404, { error: { message: "Not Found", code: 404 } });
  if (!body.includes(JSON.stringify(fake.password)))
    return answer(401, {
      error: {
        code: 401,
        message: "The request you have made requires authentication.",
        title: "Unauthorized",
      },
    });
  const id = `gAAAAAB-token-${fake.tokens.size}`;
  fake.tokens.add(id);
  return answer(201, { token: { catalog: fake.catalogue } }, { "x-subject-token": id });
};

/** One image of that name. */
export const IMAGE = "5c1f0a6e-3b7e-4d2c-9c55-0d8f5a3b2c10";

export const anImage = (id: string, more: Body = {}): Body => ({
  id,
  name: "cirros",
  status: "active",
  visibility: "private",
  protected: false,
  owner: "9d2e",
  tags: [],
  disk_format: "raw",
  container_format: "bare",
  size: 21430272,
  min_ram: 0,
  created_at: "2026-01-01T00:00:00Z",
  ...more,
});

export const fakeGlance = (): FakeGlance => {
  const endpoints = [{ interface: "public", region_id: "RegionOne", region: "RegionOne", url: GLANCE }];
  const fake: FakeGlance = {
    images: new Map([[IMAGE, anImage(IMAGE, { hw_disk_bus: "ide", os_distro: "cirros" })]]),
    asked: [],
    written: [],
    records: [],
    tokens: new Set(),
    password: "open sesame",
    catalogue: [{ type: "image", name: "glance", endpoints }],
    quota: 128,
    forbidden: new Set(),
    before: () => undefined,
    after: (one) => one,
    async web(request) {
      await fake.before(request);
      const url = new URL(request.url);
      fake.asked.push(`${request.method} ${url.pathname}${url.search}`);
      return fake.after(
        url.pathname.startsWith("/v3") ? keystone(fake, url, request) : glance(fake, url, request),
      );
    },
  };
  return fake;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
};

export interface Listening {
  readonly url: string;
  readonly server: Server;
  close(): Promise<void>;
}

/** The same on a port of the loopback. */
export const listening = async (fake: FakeGlance): Promise<Listening> => {
  const server = createServer((request, response) => {
    const serve = async () => {
      const { method = "GET", url = "/", headers } = request;
      const plain = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
      const asked = {
        method,
        url: `http://x${url}`,
        headers: Object.fromEntries(plain),
        body: await bodyOf(request),
      };
      const { status, headers: more, body } = await fake.web(asked as WebRequest);
      response.writeHead(status, more).end(body);
    };
    serve().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
