/** What waits for what in a program that makes one integration, as its resources are constructed under mocks. */
import type * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs } from "../../index";
import { registered } from "./mocks";

/** Names of the resources that each one waits for by `dependsOn`, by its own name. */
export type Graph = Readonly<Record<string, readonly string[]>>;

const nameOf = (resource: unknown): string => String(Reflect.get(Object(resource), "__name"));

const namesIn = (dependsOn: unknown): string[] =>
  dependsOn === undefined ? [] : (Array.isArray(dependsOn) ? dependsOn : [dependsOn]).map(nameOf);

/** The integration `rbd` of these arguments: its graph, and what was registered. */
export const graphOf = async (args: CephOpenStackIntegrationArgs) => {
  const graph: Record<string, readonly string[]> = {};
  const look: pulumi.ResourceTransformation = ({ name, opts }) => {
    graph[name] = namesIn(opts.dependsOn);
    return undefined;
  };
  const made = await registered(() => new CephOpenStackIntegration("rbd", args, { transformations: [look] }));
  return { graph: graph as Graph, ...made };
};

/** Everything that a resource waits for, over any number of others. */
export const waitsOf = (graph: Graph, name: string): ReadonlySet<string> => {
  const all = new Set<string>();
  const visit = (one: string): void => {
    for (const before of graph[one] ?? []) {
      if (all.has(before)) continue;
      all.add(before);
      visit(before);
    }
  };
  visit(name);
  return all;
};
