/** Pulumi's own dynamic provider process, with the stub in every request, spoken to as the engine does. */
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo, type Server } from "node:net";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import * as provproto from "@pulumi/pulumi/proto/provider_pb";
import * as provrpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as statusproto from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { stub } from "../../providers/kernel/stub";
import { root } from "./engine";
import { nodeOptions } from "./lazy-sdk/node-options";

export type Plain = Record<string, unknown>;

/** What a create or update that failed half-way hands to the engine. */
export interface HalfWay {
  readonly id: string;
  readonly properties: Plain;
  readonly reasons: readonly string[];
}

export class ProviderError extends Error {
  constructor(
    message: string,
    readonly halfWay: HalfWay | undefined,
  ) {
    super(message);
  }
}

/** The verbs of one kind of artifact, as the engine calls them: with the stub in every request. */
export interface KindVerbs {
  check(
    olds: Plain,
    news: Plain,
  ): Promise<{ inputs: Plain; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Plain, news: Plain): Promise<{ changes: boolean | undefined; replaces: string[] }>;
  create(inputs: Plain): Promise<{ id: string; outs: Plain }>;
  update(id: string, olds: Plain, news: Plain): Promise<Plain>;
  read(id: string, props: Plain): Promise<{ id: string; props: Plain; inputs: Plain }>;
  delete(id: string, props: Plain): Promise<void>;
}

export interface ProviderProcess {
  readonly pid: number;
  /** Everything it printed. */
  readonly printed: () => string;
  of(kind: string): KindVerbs;
  /** A provider that does nothing: what Pulumi's process itself costs. */
  readonly idle: KindVerbs;
  /** The address that it takes for its engine's goes away. */
  loseEngine(): void;
  readonly ended: Promise<number | null>;
  kill(signal?: NodeJS.Signals): void;
}

const struct = (value: Plain): Struct =>
  Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
const plainOf = (value: Struct | undefined): Plain => (value === undefined ? {} : value.toJavaScript());

/** The details that the engine takes out of a failed create or update. */
const halfWay = (error: grpc.ServiceError): HalfWay | undefined => {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(packed)) return undefined;
  const [detail] = statusproto.Status.deserializeBinary(packed).getDetailsList();
  if (detail === undefined) return undefined;
  const failed = provproto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return {
    id: failed.getId(),
    properties: plainOf(failed.getProperties()),
    reasons: failed.getReasonsList(),
  };
};

const call = <Q, A>(
  send: (request: Q, done: (error: grpc.ServiceError | null, answer: A) => void) => unknown,
  request: Q,
): Promise<A> =>
  new Promise((resolve, reject) => {
    send(request, (error, answer) =>
      error === null ? resolve(answer) : reject(new ProviderError(error.details, halfWay(error))),
    );
  });

const started = (child: ChildProcess, lines: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    if (child.stdout === null || child.stderr === null) throw new Error("no pipes");
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      resolve(line);
    });
    createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new Error(`the provider process ended with ${code}: ${lines.join("\n")}`)),
    );
  });

const listening = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.on("error", () => undefined));
    server.listen(0, "127.0.0.1", () => resolve(server));
  });

const verbsOver = (client: provrpc.ResourceProviderClient, text: string): KindVerbs => {
  const withStub = (props: Plain): Struct => struct({ ...props, __provider: text });
  return {
    async check(olds, news) {
      const request = new provproto.CheckRequest();
      request.setOlds(struct(olds));
      request.setNews(withStub(news));
      const answer: provproto.CheckResponse = await call(client.check.bind(client), request);
      const failures = answer
        .getFailuresList()
        .map((one) => ({ property: one.getProperty(), reason: one.getReason() }));
      return { inputs: plainOf(answer.getInputs()), failures };
    },
    async diff(id, olds, news) {
      const request = new provproto.DiffRequest();
      request.setId(id);
      request.setOlds(withStub(olds));
      request.setNews(withStub(news));
      const answer: provproto.DiffResponse = await call(client.diff.bind(client), request);
      const { DIFF_NONE, DIFF_SOME } = provproto.DiffResponse.DiffChanges;
      const changes = answer.getChanges();
      return {
        changes: changes === DIFF_NONE ? false : changes === DIFF_SOME ? true : undefined,
        replaces: answer.getReplacesList(),
      };
    },
    async create(inputs) {
      const request = new provproto.CreateRequest();
      request.setProperties(withStub(inputs));
      const answer: provproto.CreateResponse = await call(client.create.bind(client), request);
      return { id: answer.getId(), outs: plainOf(answer.getProperties()) };
    },
    async update(id, olds, news) {
      const request = new provproto.UpdateRequest();
      request.setId(id);
      request.setOlds(withStub(olds));
      request.setNews(withStub(news));
      const answer: provproto.UpdateResponse = await call(client.update.bind(client), request);
      return plainOf(answer.getProperties());
    },
    async read(id, props) {
      const request = new provproto.ReadRequest();
      request.setId(id);
      request.setProperties(withStub(props));
      const answer: provproto.ReadResponse = await call(client.read.bind(client), request);
      return {
        id: answer.getId(),
        props: plainOf(answer.getProperties()),
        inputs: plainOf(answer.getInputs()),
      };
    },
    async delete(id, props) {
      const request = new provproto.DeleteRequest();
      request.setId(id);
      request.setProperties(withStub(props));
      await call(client.delete.bind(client), request);
    },
  };
};

const configure = (
  client: provrpc.ResourceProviderClient,
  config: Readonly<Record<string, string>>,
): Promise<unknown> => {
  const request = new provproto.ConfigureRequest();
  const named = Object.entries(config).map(([key, value]): [string, string] => [
    `ceph-openstack:${key}`,
    value,
  ]);
  request.setArgs(struct(Object.fromEntries(named)));
  return call(client.configure.bind(client), request);
};

/** Starts the process, which serves every kind. `env` is added to its environment; `config` is the stack's, without its namespace. */
export const providerProcess = async (
  env: NodeJS.ProcessEnv = {},
  config: Readonly<Record<string, string>> = {},
): Promise<ProviderProcess> => {
  const engine = await listening();
  const { port } = engine.address() as AddressInfo;
  const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
  const child = spawn(process.execPath, [script, `127.0.0.1:${port}`], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: nodeOptions(),
      PULUMI_NODEJS_PROJECT: "proj",
      PULUMI_NODEJS_STACK: "dev",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  const address = `127.0.0.1:${(await started(child, lines)).trim()}`;
  const client = new provrpc.ResourceProviderClient(address, grpc.credentials.createInsecure());
  void ended.then(() => {
    client.close();
    engine.close();
  });
  await configure(client, config);
  return {
    pid: child.pid ?? 0,
    printed: () => lines.join("\n"),
    ended,
    kill: (signal = "SIGKILL") => void child.kill(signal),
    loseEngine: () => void engine.close(),
    of: (kind) => verbsOver(client, stub(kind)),
    idle: verbsOver(client, "exports.handler=()=>({})"),
  };
};
