/** Pulumi's mocks: what a program registers, without an engine. */
import * as pulumi from "@pulumi/pulumi";

const STACK = "pulumi:pulumi:Stack";

/** A resource as it was registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** The reference of its explicit provider; "" without one. */
  readonly provider: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its place in the order of registrations. */
  readonly at: number;
}

/** What only the world knows of a resource, as the mocked world has it. */
const FACTS: Readonly<Record<string, object>> = { CephConfigFile: { monitors: "192.0.2.7:6789" } };

const nameOf = (resource: pulumi.Resource): string => String(Reflect.get(resource, "__name"));

/** Every resource below this one with the name of its parent, as the SDK keeps them. */
const parentsBelow = (resource: pulumi.Resource): [string, string][] => {
  const children: unknown = Reflect.get(resource, "__childResources");
  if (!(children instanceof Set)) return [];
  return [...children]
    .filter((child): child is pulumi.Resource => pulumi.Resource.isInstance(child))
    .flatMap((child): [string, string][] => [[nameOf(child), nameOf(resource)], ...parentsBelow(child)]);
};

/** Runs a program under mocks: the resources sorted by name, and name → name of its parent for all below the one that it returns. */
export const registered = async (
  program: () => pulumi.Resource,
): Promise<{ resources: readonly Registered[]; parents: Readonly<Record<string, string>> }> => {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        resources.push({
          type,
          name,
          provider,
          inputs: inputs as Record<string, unknown>,
          at: resources.length,
        });
        const facts = FACTS[type.split(":").at(-1) ?? ""];
        return { id: `${name}-id`, state: { ...(inputs as Record<string, unknown>), ...facts } };
      },
      call: () => ({}),
    },
    "proj",
    "dev",
    false,
  );
  const root = program();
  await pulumi.runtime.disconnect();
  return {
    resources: resources.filter(({ type }) => type !== STACK).sort((a, b) => (a.name < b.name ? -1 : 1)),
    parents: Object.fromEntries(parentsBelow(root)),
  };
};
