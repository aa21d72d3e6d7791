/** A real Keystone and a real Glance of the distribution, for as long as a test wants them. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";

const sandbox = join(__dirname, "..", "..", "sandbox", "sandbox");

interface Places {
  readonly keystone: string;
  readonly glance: string;
  readonly password: string;
}

type Headers = Readonly<Record<string, string>>;

export interface ImageService extends Places {
  /** As the administrator of everything. */
  ask(method: string, url: string, body?: unknown, headers?: Headers): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

const tokenFor = async ({ keystone, password }: Places): Promise<string> => {
  const user = { name: "admin", domain: { id: "default" }, password };
  const scope = { project: { name: "admin", domain: { id: "default" } } };
  const auth = { identity: { methods: ["password"], password: { user } }, scope };
  const body = JSON.stringify({ auth });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${keystone}/v3/auth/tokens`, { method: "POST", headers, body });
  return answer.headers.get("x-subject-token") ?? "";
};

export const imageService = async (): Promise<ImageService> => {
  const child = spawn(sandbox, ["image-service"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended.then(() => Promise.reject(new Error(`no image service: ${said.slice(-3000)}`))),
  ]);
  const places = JSON.parse(line) as Places;
  const token = await tokenFor(places);
  return {
    ...places,
    async ask(method, url, body, headers = {}) {
      const given = { "x-auth-token": token, "content-type": "application/json", ...headers };
      const data = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(url, { method, headers: given, ...data });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
      return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
};
