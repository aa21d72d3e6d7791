/** The resource class that every artifact's own class extends. */
import * as pulumi from "@pulumi/pulumi";
import type { Artifact } from "./contract.js";
import { checkStackConfig } from "./stack-config.js";
import { stub, typeToken } from "./stub.js";
import { stopTraces } from "./traces.js";

/** The inputs of an artifact, any part of which may be an Output. */
export type Args<T> = { [K in keyof T]: In<T[K]> };

/** A value, any part of which may be an Output. */
export type In<T> = pulumi.Input<
  T extends string | number | boolean | null | undefined
    ? T
    : T extends object
      ? { [K in keyof T]: In<T[K]> }
      : T
>;

/** A private field of an SDK resource that its type does not declare. */
const internal = (resource: pulumi.Resource, field: string): unknown => Reflect.get(resource, field);

const STACK = "pulumi:pulumi:Stack";

const parentTypes = (parent: pulumi.Resource | undefined): string[] => {
  if (parent === undefined) return [];
  const type = internal(parent, "__pulumiType");
  const above = internal(parent, "__parentResource");
  const chain = pulumi.Resource.isInstance(above) ? parentTypes(above) : [];
  return typeof type === "string" && type !== STACK ? [...chain, type] : chain;
};

/** Project, stack, chain of parent types, type and name: the URN without waiting for the parent's own. */
const ownerOf = (type: string, name: string, parent: pulumi.Resource | undefined): string =>
  `${pulumi.getProject()}/${pulumi.getStack()}::${[...parentTypes(parent), type].join("$")}::${name}`;

/** Pulumi imports through a provider's `read` without inputs, and a dynamic resource's provider lies in its inputs. */
const refuseImport = (kind: string, name: string, { import: id }: pulumi.CustomResourceOptions): void => {
  if (id !== undefined)
    throw new pulumi.RunError(
      `${kind} ${JSON.stringify(name)}: Pulumi cannot import dynamic resources, and nothing needs it: leave \`import\` out. ` +
        "An `up` adopts what is there where it is as the program says.",
    );
};

/** A custom resource whose provider is the constant stub of its kind. */
export abstract class ArtifactResource<I extends object> extends pulumi.CustomResource {
  // eslint-disable-next-line max-params -- name, args, opts are Pulumi's own three
  protected constructor(
    artifact: Pick<Artifact<I, never>, "kind" | "shape" | "facts" | "secretFacts">,
    name: string,
    args: object,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    checkStackConfig();
    refuseImport(artifact.kind, name, opts);
    const type = typeToken(artifact.kind);
    const secretInputs = Object.entries<{ secret?: boolean }>(artifact.shape).filter(
      ([, rule]) => rule.secret === true,
    );
    const hidden = Object.fromEntries(
      secretInputs
        .map(([key]): [string, unknown] => [key, Reflect.get(args, key)])
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, pulumi.secret(value)]),
    );
    // The SDK makes Outputs of the keys that it is given, and of no others: what `check` derives (a path, a uuid) must be named too.
    const named = [...Object.keys(artifact.shape), ...artifact.facts];
    const props = {
      ...Object.fromEntries(named.map((key) => [key, undefined])),
      ...args,
      ...hidden,
      __owner: ownerOf(type, name, opts.parent),
      __provider: stub(artifact.kind),
    };
    const secrets = artifact.secretFacts ?? [];
    const all =
      secrets.length === 0 ? opts : pulumi.mergeOptions(opts, { additionalSecretOutputs: [...secrets] });
    const traces = stopTraces();
    try {
      super(type, name, props, all);
    } catch (error) {
      throw traces.retraced(error, new.target);
    } finally {
      traces.resume();
    }
  }
}
