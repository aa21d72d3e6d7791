/** The provider processes of one run of the engine, and the verbs as the engine calls them. */
import type { dynamic } from "@pulumi/pulumi";
import { artifacts } from "../../../providers/index";
import type { Props } from "../../../providers/kernel/json";
import type { Surroundings } from "../../../providers/kernel/surroundings";
import type { Kill } from "./state";

/** One call of a verb, for the comparison with the real engine. */
export interface Call {
  readonly verb: "check" | "diff" | "create" | "update" | "read" | "delete";
  readonly kind: string;
  readonly name: string;
}

/** What a create or update that failed half-way leaves. */
export interface HalfWay {
  readonly id: string;
  readonly properties: Props;
}

export interface Verbs {
  check(olds: Props, news: Props): Promise<{ inputs: Props; failures: readonly string[] }>;
  diff(id: string, olds: Props, news: Props): Promise<{ changes: boolean | undefined; replaces: string[] }>;
  create(inputs: Props): Promise<{ id: string; outs: Props }>;
  update(id: string, olds: Props, news: Props): Promise<Props>;
  read(
    id: string,
    props: Props,
  ): Promise<{ id: string; props: Props; inputs: Props | undefined } | undefined>;
  remove(id: string, props: Props): Promise<void>;
}

/** The engine was killed: nothing that follows happens, and nothing of this call is recorded. */
export class Killed extends Error {}

export const halfWay = (error: unknown): HalfWay | undefined =>
  typeof error === "object" &&
  error !== null &&
  "id" in error &&
  "properties" in error &&
  typeof error.id === "string"
    ? { id: error.id, properties: wire(error.properties) }
    : undefined;

/** What crosses the wire is a copy. */
const wire = (value: unknown): Props => JSON.parse(JSON.stringify(value ?? {})) as Props;

type Kind = keyof typeof artifacts;
const isKind = (kind: string): kind is Kind => kind in artifacts;

/** The verbs of a kind in one provider process. */
export type Serve = (kind: string) => dynamic.ResourceProvider;

/** All artifacts, over one process's surroundings. */
export const serving =
  (surroundings: Surroundings): Serve =>
  (kind) => {
    if (!isKind(kind)) throw new Error(`no artifact ${kind}`);
    return artifacts[kind](surroundings);
  };

const nameIn = ({ __owner: owner }: Props): string =>
  (typeof owner === "string" ? owner : "").split("::").at(-1) ?? "";

export interface Processes {
  of(provider: string, kind: string): Verbs;
  readonly calls: readonly Call[];
}

/** Counts the calls that change something, and is killed at one of them. */
const mortal = (kill: Kill | undefined) => {
  let count = 0;
  let dead = false;
  return async <T>(call: () => Promise<T>): Promise<T> => {
    count += 1;
    const dies = count === kill?.at;
    if (dead || (dies && kill.when === "before")) {
      dead = true;
      throw new Killed();
    }
    if (!dies) return call();
    dead = true;
    await call().catch(() => undefined);
    throw new Killed();
  };
};

/** Processes of a run: each provider gets its own on first use. */
export const processes = (start: () => Serve, kill?: Kill): Processes => {
  const running = new Map<string, Serve>();
  const calls: Call[] = [];
  const living = mortal(kill);
  const of = (provider: string, kind: string): Verbs => {
    const serve = running.get(provider) ?? start();
    running.set(provider, serve);
    const served = serve(kind);
    const note = (verb: Call["verb"], props: Props): void =>
      void calls.push({ verb, kind, name: nameIn(props) });
    return {
      async check(olds, news) {
        note("check", news);
        const { inputs, failures = [] } = (await served.check?.(wire(olds), wire(news))) ?? {};
        return {
          inputs: wire(inputs),
          failures: failures.map(({ property, reason }) => `${property}: ${reason}`),
        };
      },
      async diff(id, olds, news) {
        note("diff", news);
        const { changes, replaces = [] } = (await served.diff?.(id, wire(olds), wire(news))) ?? {};
        return { changes, replaces };
      },
      async create(inputs) {
        note("create", inputs);
        return living(async () => {
          const { id, outs } = await served.create(wire(inputs));
          return { id, outs: wire(outs) };
        });
      },
      async update(id, olds, news) {
        note("update", news);
        return living(async () => wire((await served.update?.(id, wire(olds), wire(news)))?.outs));
      },
      async read(id, props) {
        note("read", props);
        const found = await served.read?.(id, wire(props));
        if (found?.id === undefined) return undefined;
        const inputs = found.inputs === undefined ? undefined : wire(found.inputs);
        return { id: found.id, props: wire(found.props), inputs };
      },
      async remove(id, props) {
        note("delete", props);
        await living(async () => served.delete?.(id, wire(props)));
      },
    };
  };
  return { of, calls };
};
