/** Keystone's, Glance's and Cinder's own APIs on the hosts of a sandbox with real services, as their administrator. */
import { site } from "./engine";
import { on, type HostName } from "./hosts";

type Json = Readonly<Record<string, unknown>>;

export interface Cloud {
  readonly token: string;
  /** An API's answer. Paths of Cinder are those below the project. @throws Error with what it said when it refused */
  ask(service: "glance" | "cinder", method: string, path: string, body?: Json | Buffer): Promise<Json>;
  /** Asks Cinder until an object is as it must be. @throws Error when it is an error there, or after five minutes */
  until(path: string, is: (answer: Json) => boolean): Promise<Json>;
}

const address = (host: HostName): string => site().hosts[host]?.address ?? host;

const answerOf = async (url: string, options: RequestInit): Promise<Response> => {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(60_000) });
  if (!answer.ok)
    throw new Error(`${options.method ?? "GET"} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
};

/** A token, and the project that it is for. */
const logIn = async (): Promise<{ token: string; project: string }> => {
  const password = await on("ctl1", "cat /var/lib/image-service/password");
  const domain = { id: "default" };
  const identity = { methods: ["password"], password: { user: { name: "admin", domain, password } } };
  const body = JSON.stringify({ auth: { identity, scope: { project: { name: "admin", domain } } } });
  const headers = { "content-type": "application/json" };
  const url = `http://${address("ctl1")}:5000/v3/auth/tokens`;
  const answer = await answerOf(url, { method: "POST", headers, body });
  const { token } = (await answer.json()) as { token: { project: { id: string } } };
  return { token: answer.headers.get("x-subject-token") ?? "", project: token.project.id };
};

const contentOf = (body: Json | Buffer | undefined): { type: string; body?: string | Uint8Array } => {
  if (body instanceof Buffer) return { type: "application/octet-stream", body: new Uint8Array(body) };
  return { type: "application/json", ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
};

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const cloud = async (): Promise<Cloud> => {
  const { token, project } = await logIn();
  const roots = {
    glance: `http://${address("ctl1")}:9292/v2`,
    cinder: `http://${address("vol1")}:8776/v3/${project}`,
  };
  const ask: Cloud["ask"] = async (service, method, path, content) => {
    const { type, ...body } = contentOf(content);
    const headers = { "x-auth-token": token, "content-type": type };
    const answer = await answerOf(`${roots[service]}/${path}`, { method, headers, ...body });
    const text = await answer.text();
    return text === "" ? {} : (JSON.parse(text) as Json);
  };
  const until: Cloud["until"] = async (path, is) => {
    let answer: Json = {};
    for (let tries = 0; tries < 1200; tries++) {
      answer = await ask("cinder", "GET", path);
      if (is(answer)) return answer;
      if (JSON.stringify(answer).includes('"status":"error')) break;
      await wait(250);
    }
    throw new Error(`${path}: ${JSON.stringify(answer)}`);
  };
  return { token, ask, until };
};
