/** A program of `examples/` under Pulumi's mocks, with its stack's configuration. */
import { jest } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registered, type Registered } from "./mocks";

/** What a program registers, by name. */
export type Example = ReadonlyMap<string, Registered>;

/** Runs it; a program runs once in a test file. */
export const runExample = async (
  name: string,
  config: Readonly<Record<string, string>>,
): Promise<Example> => {
  const entries = Object.entries(config).map(([key, value]) => [`proj:${key}`, value] as const);
  pulumi.runtime.setAllConfig(Object.fromEntries(entries));
  const { resources } = await registered(() => {
    jest.requireActual(`../../examples/${name}/index`);
    return new pulumi.ComponentResource("test:index:Nothing", "nothing");
  });
  const program = resources.filter((one) => one.name !== "nothing");
  return new Map(program.map((one): [string, Registered] => [one.name, one]));
};
