/** HTTP from this process: the door to services that are reached by their own API and not by a shell. */
import {
  Agent as PlainAgent,
  request as plainRequest,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { isNativeError } from "node:util/types";
import { Failure, isFailure } from "./failure.js";
import type { Settings } from "./settings.js";

/** Whom a TLS connection trusts, and as whom it comes. */
export interface Tls {
  /** Certificates that are trusted instead of the system's, in PEM. */
  readonly ca?: string;
  /** A client certificate with its key, in PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** Any certificate will do. */
  readonly insecure?: boolean;
}

/** One request. Headers and body may hold secrets: nothing of them is ever shown. */
export interface WebRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** http or https. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly tls?: Tls;
}

/** Any answer is a result, not an error: what a status means belongs to the client of that service. */
export interface WebAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws Failure `unreachable`, `host-key` (TLS), `timeout`, `cut`: the world failed, not the service */
export type Web = (request: WebRequest) => Promise<WebAnswer>;

/** More than any answer of these services has; what says more is no such service. */
const MAX_BYTES = 8 * 1024 * 1024;
const SOCKETS = 8;

const failure = (url: URL, code: "unreachable" | "host-key" | "timeout" | "cut", more: object): Failure =>
  new Failure({ code, host: url.hostname, command: url.origin, what: "", ...more });

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused)",
  ENOTFOUND: "the name is not known",
  EAI_AGAIN: "the name could not be looked up",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ETIMEDOUT: "it does not answer",
};

const codeOf = (error: Error): string => {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : "";
};

const isAboutTrust = (code: string): boolean =>
  /CERT|^ERR_TLS|^UNABLE_TO|SELF_SIGNED|^HOSTNAME_MISMATCH|^INVALID_(CA|PURPOSE)|^PATH_LENGTH/.test(code);

const DISTRUST: Readonly<Record<string, readonly [what: string, cure: string]>> = {
  CERT_HAS_EXPIRED: [
    "its certificate has expired",
    "Have it renewed there; or is the clock of this machine wrong?",
  ],
  CERT_NOT_YET_VALID: [
    "its certificate is not valid yet",
    "Is the clock of this machine right, or of the one that made it?",
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "its certificate is for other names",
    "Give the address by a name that is in it; where the catalogue has the address, `endpoint` counts over that.",
  ],
};

/** Why a certificate is not taken, and what helps. */
const distrustOf = (code: string, message: string): { what: string; cure: string } => {
  const [what, cure] = DISTRUST[code] ?? [
    "its certificate is not trusted",
    "Name the authority that signed it (`cacert`, OS_CACERT, NODE_EXTRA_CA_CERTS).",
  ];
  return { what: `${what}: ${message}`, cure };
};

const failed = (url: URL, error: Error, isOpen: boolean): Failure => {
  const code = codeOf(error);
  if (isAboutTrust(code)) return failure(url, "host-key", distrustOf(code, error.message));
  if (/^(EPROTO|ERR_SSL)/.test(code))
    return failure(url, "unreachable", {
      what: `no TLS could be agreed on (${code})`,
      cure: "Is it http there, and not https?",
    });
  if (isOpen)
    return failure(url, "cut", {
      what: `the connection was lost before the answer: ${code || error.message}`,
    });
  return failure(url, "unreachable", {
    what: UNREACHABLE[code] ?? `no connection: ${code || error.message}`,
    cure: "Is the address right, and can this machine reach it? Proxies of the environment are not used.",
  });
};

const bodyOf = (url: URL, answer: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    answer.on("data", (part: Buffer) => {
      length += part.length;
      parts.push(part);
      if (length <= MAX_BYTES) return;
      reject(failure(url, "cut", { what: `it answers with more than ${MAX_BYTES / 1024 / 1024} MiB` }));
      answer.destroy();
    });
    answer.on("end", () => resolve(Buffer.concat(parts).toString("utf8")));
    answer.on("error", reject);
    answer.on("aborted", () =>
      reject(failure(url, "cut", { what: "the connection was lost in the middle of the answer" })),
    );
  });

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );

type Agents = (tls: Tls | undefined) => { readonly plain: PlainAgent; readonly secure: TlsAgent };

/** One pool of connections for each way of trust. */
const newAgents = (): Agents => {
  const made = new Map<string, ReturnType<Agents>>();
  return (tls = {}) => {
    const key = JSON.stringify(tls);
    const { insecure = false, ...trust } = tls;
    const options = { keepAlive: true, maxSockets: SOCKETS, timeout: 0 };
    const agents = made.get(key) ?? {
      plain: new PlainAgent(options),
      secure: new TlsAgent({ ...options, ...trust, rejectUnauthorized: !insecure }),
    };
    made.set(key, agents);
    return agents;
  };
};

interface Sending {
  readonly url: URL;
  readonly request: WebRequest;
  readonly agents: Agents;
  readonly connectSeconds: number;
  /** The time for all of it. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

const start = ({
  url,
  request: { method, headers = {}, body, tls },
  agents,
  signal,
}: Sending): ClientRequest => {
  const { plain, secure } = agents(tls);
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options = { method, signal, headers: { accept: "application/json", ...headers, ...length } };
  return url.protocol === "https:"
    ? tlsRequest(url, { ...options, agent: secure })
    : plainRequest(url, { ...options, agent: plain });
};

/** The answer, and whether the connection was open when it failed. */
const answerOf = (
  url: URL,
  asked: ClientRequest,
): { answered: Promise<WebAnswer>; isOpen: () => boolean } => {
  const opened = url.protocol === "https:" ? "secureConnect" : "connect";
  let isOpen = false;
  const answered = new Promise<WebAnswer>((resolve, reject) => {
    asked.on("socket", (socket) => {
      if (asked.reusedSocket) isOpen = true;
      else socket.once(opened, () => (isOpen = true));
    });
    asked.on("response", (answer) => {
      bodyOf(url, answer)
        .then((body) => resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer), body }))
        .catch(reject);
    });
    asked.on("error", reject);
  });
  return { answered, isOpen: () => isOpen };
};

/** One request on one connection; a kept one may have been closed by the far end meanwhile: then once more on another. */
const send = async (sending: Sending): Promise<WebAnswer> => {
  const { url, request, connectSeconds, seconds, signal } = sending;
  const asked = start(sending);
  const { answered, isOpen } = answerOf(url, asked);
  let waiting: NodeJS.Timeout | undefined;
  const giveUp = () => {
    if (!isOpen()) asked.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
  };
  // Before it has a socket it waits for other requests of ours, and not for the host.
  asked.once("socket", () => (waiting = setTimeout(giveUp, connectSeconds * 1000)));
  asked.end(request.body);
  try {
    return await answered;
  } catch (error) {
    if (signal.aborted) throw failure(url, "timeout", { what: `no answer within ${seconds} s` });
    if (!isNativeError(error) || isFailure(error)) throw error;
    if (asked.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(codeOf(error))) return await send(sending);
    throw failed(url, error, isOpen());
  } finally {
    clearTimeout(waiting);
  }
};

/** The door. Opens nothing by itself; connections are kept for the next request, and keep no process alive. */
export const newWeb = ({
  connectTimeoutSeconds: connectSeconds = 10,
  commandTimeoutSeconds: seconds,
}: Pick<Settings, "connectTimeoutSeconds" | "commandTimeoutSeconds">): Web => {
  const agents = newAgents();
  return async (request) => {
    const signal = AbortSignal.timeout(seconds * 1000);
    return send({ url: new URL(request.url), request, agents, connectSeconds, seconds, signal });
  };
};
