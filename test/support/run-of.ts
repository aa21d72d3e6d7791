/** The verbs of one artifact over given machines, as the engine calls them; each `runOf` is a process of its own. */
import type { Artifact } from "../../providers/kernel/contract";
import type { Props } from "../../providers/kernel/json";
import { newSurroundings } from "../../providers/kernel/surroundings";
import { verbs } from "../../providers/kernel/verbs";
import type { Machine } from "../../providers/remote/machine";
import type { Web } from "../../providers/remote/web";

/** A resource as state has it. */
export interface Resource {
  readonly id: string;
  readonly outs: Props;
}

/** What a create that failed half-way leaves in state. */
export const leftBy = (error: unknown): Resource | undefined => {
  const { id, properties } = Object.assign({}, error) as { id?: string; properties?: Props };
  return id === undefined || properties === undefined ? undefined : { id, outs: properties };
};

export interface ProgramOptions {
  readonly config?: Readonly<Record<string, string>>;
  /** Services that are reached by HTTP. @default none */
  readonly web?: Web;
}

export const ownerOf = (name: string, stack = "site/prod"): string =>
  `${stack}::pulumi-nodejs:dynamic/ceph-openstack:X::${name}`;

const noWeb: Web = ({ url }) => Promise.reject(new Error(`no ${url} in this test`));

/** One run of the engine: every artifact of it shares claims and connections. */
export const runOf = (
  machines: Readonly<Record<string, Machine>>,
  { config = {}, web = noWeb }: ProgramOptions = {},
) => {
  const said: string[] = [];
  const surroundings = newSurroundings({
    env: {},
    say: (line) => said.push(line),
    connect: () => ({
      machine: (host) => {
        const machine = machines[host];
        if (machine === undefined) throw new Error(`no machine ${host} in this test`);
        return machine;
      },
      web,
      close: () => Promise.resolve(),
    }),
  });
  surroundings.configure((key) => config[key.replace(/^ceph-openstack:/, "")]);

  const of = <I extends object, X>(artifact: Artifact<I, X>, owner = ownerOf("a")) => {
    const provider = verbs(artifact, surroundings);
    const check = async (inputs: object, olds: Props = {}): Promise<Props> => {
      const { inputs: checked, failures = [] } = await provider.check(olds, {
        ...inputs,
        __owner: owner,
      });
      if (failures.length > 0)
        throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
      return checked as Props;
    };
    return {
      check,
      problems: async (inputs: object, olds: Props = {}): Promise<string[]> => {
        const { failures = [] } = await provider.check(olds, { ...inputs, __owner: owner });
        return failures.map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
      },
      create: async (inputs: object): Promise<Resource> => {
        const { id, outs } = await provider.create(await check(inputs));
        return { id, outs: outs as Props };
      },
      update: async ({ id, outs }: Resource, inputs: object): Promise<Resource> => {
        const result = await provider.update(id, outs, await check(inputs, outs));
        return { id, outs: result.outs as Props };
      },
      /** Names of properties that a preview would show. */
      diff: async ({ id, outs }: Resource, inputs: object) => {
        const news = await check(inputs, outs);
        return { ...(await provider.diff(id, outs, news)), news };
      },
      refresh: async ({ id, outs }: Resource): Promise<Resource | undefined> => {
        const result = await provider.read(id, outs);
        return result.id === undefined ? undefined : { id: result.id, outs: result.props as Props };
      },
      /** What a refresh takes over, inputs included. */
      read: ({ id, outs }: Resource) => provider.read(id, outs),
      remove: ({ id, outs }: Resource): Promise<void> => provider.delete(id, outs),
    };
  };
  return { of, said };
};
