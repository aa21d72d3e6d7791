/** Requests to one Image service with one token: asked for once in a run, and once more where it is refused meanwhile. */
import { Failure } from "../../remote/failure.js";
import { onceGood } from "../../remote/once.js";
import { rememberSecret } from "../../remote/redact.js";
import type { Web, WebAnswer, WebRequest } from "../../remote/web.js";
import type { Access } from "./access.js";
import { jsonOf, said } from "./answers.js";
import { patient } from "./patience.js";
import { tokenFor, type Token } from "./keystone.js";

export interface Session {
  /** Glance's address, without a version. */
  url(): Promise<string>;
  /** `path` begins with `/v2`. Never answers 401. */
  ask(request: Omit<WebRequest, "url" | "tls"> & { readonly path: string }): Promise<WebAnswer>;
  /** @throws Failure where what answers is no Image API v2: then a 404 says nothing about an image */
  mustBeGlance(): Promise<void>;
}

type Ask = Parameters<Session["ask"]>[0];

const refusedToken = (access: Access, url: string, answer: WebAnswer): Failure =>
  new Failure({
    code: "authentication",
    host: new URL(url).hostname,
    command: url,
    what: `Glance refuses the token (401, ${access.source})${said(answer)}`,
    cure:
      access.identity === undefined && access.token === undefined
        ? "It wants a login: give cloud or auth."
        : "It has expired, or Glance's own [keystone_authtoken] is wrong.",
  });

const REDIRECTS = 3;

/** The same address by https instead of http, or another path there: nothing else gets the token. */
const redirected = (request: WebRequest, { status, headers }: WebAnswer): string | undefined => {
  const to = headers["location"];
  if (request.method !== "GET" || ![301, 302, 307, 308].includes(status) || to === undefined)
    return undefined;
  const [from, next] = [new URL(request.url), new URL(to, request.url)];
  const isSafe = next.protocol === from.protocol || next.protocol === "https:";
  // Node would send a login that stands in it.
  const isPlain = next.username === "" && next.password === "";
  return next.hostname === from.hostname && isSafe && isPlain ? next.href : undefined;
};

const following = async (web: Web, request: WebRequest): Promise<WebAnswer> => {
  let answer = await patient(web, request);
  for (let n = 0, at = request; n < REDIRECTS; n += 1) {
    const url = redirected(at, answer);
    if (url === undefined) break;
    at = { ...request, url };
    answer = await patient(web, at);
  }
  return answer;
};

/** What asks with a token, and knows which. */
interface Asking {
  readonly token: () => Promise<Token>;
  readonly ask: (request: Ask) => Promise<WebAnswer>;
}

const askingWith = (web: Web, access: Access): Asking => {
  const { identity, tls } = access;
  const fixed: Token = { id: access.token ?? "", endpoint: access.endpoint ?? "" };
  rememberSecret(fixed.id);
  const login = (): (() => Promise<Token>) =>
    onceGood(async () => (identity === undefined ? fixed : tokenFor(web, access, identity)));
  let token = login();
  const send = async ({ path, headers, ...request }: Ask): Promise<WebAnswer> => {
    const asked = token;
    const { id, endpoint } = await asked();
    const auth = id === "" ? {} : { "x-auth-token": id };
    const whole = { ...request, url: endpoint + path, headers: { ...auth, ...headers }, tls };
    const answer = await following(web, whole);
    // Several may be refused at once: the first asks for another.
    if (answer.status === 401 && token === asked && identity !== undefined) token = login();
    return answer;
  };
  return {
    token: () => token(),
    async ask(request) {
      const first = await send(request);
      if (first.status !== 401) return first;
      const second = identity === undefined ? first : await send(request);
      if (second.status === 401) throw refusedToken(access, (await token()).endpoint, second);
      return second;
    },
  };
};

export const newSession = (web: Web, access: Access): Session => {
  const { token, ask } = askingWith(web, access);
  const url = async () => (await token()).endpoint;
  return {
    url,
    ask,
    mustBeGlance: onceGood(async () => {
      const answer = await ask({ method: "GET", path: "/v2/schemas/image" });
      if (answer.status === 200 && jsonOf(answer)["name"] === "image") return;
      const endpoint = await url();
      throw new Failure({
        code: "configuration",
        host: new URL(endpoint).hostname,
        command: `GET ${endpoint}/v2/schemas/image`,
        what: `no Image API v2 answers there (${answer.status}, ${access.source})${said(answer)}`,
        cure: "Is it Glance's address, and is the catalogue right? `openstack catalog show image` shows what it says.",
      });
    }),
  };
};
