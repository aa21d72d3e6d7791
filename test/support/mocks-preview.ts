/** Pulumi's mocks in a preview, as the engine answers one: outputs are the checked inputs, everything else is unknown. */
import * as pulumi from "@pulumi/pulumi";
import { provider as served } from "../../provider";
import { UNKNOWN } from "../../providers/kernel/json";
import type { Registered } from "./mocks";

const mapped = (value: unknown, one: (value: unknown) => unknown): unknown => {
  const leaf = one(value);
  if (leaf !== value || typeof value !== "object" || value === null) return leaf;
  if (Array.isArray(value)) return value.map((item) => mapped(item, one));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, one)]));
};

const isUnknown = (value: unknown): boolean => pulumi.containsUnknowns(value) && !isPlain(value);
const isPlain = (value: unknown): boolean =>
  Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

/** The inputs after the provider's own check, which is what the engine answers a program in a preview. */
const checked = async (type: string, inputs: Record<string, unknown>): Promise<Record<string, unknown>> => {
  const kind = /^pulumi-nodejs:dynamic\/ceph-openstack:(\w+)$/.exec(type)?.[1];
  if (kind === undefined) return inputs;
  const wire = mapped(inputs, (value) => (isUnknown(value) ? UNKNOWN : value)) as Record<string, unknown>;
  const result = await served(kind, 1).check?.({}, wire);
  const answer = mapped(result?.inputs, (value) => (value === UNKNOWN ? pulumi.unknown : value));
  return answer as Record<string, unknown>;
};

/** Runs a program in a preview: the custom resources with the inputs that the engine would be sent, sorted by name. */
export const previewed = async (program: () => pulumi.Resource): Promise<readonly Registered[]> => {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: async ({ type, name, inputs, custom, provider = "" }) => {
        const sent = inputs as Record<string, unknown>;
        if (custom === true) resources.push({ type, name, provider, inputs: sent, at: resources.length });
        return { id: undefined, state: await checked(type, sent) };
      },
      call: () => ({}),
    },
    "proj",
    "dev",
    true,
  );
  program();
  await pulumi.runtime.disconnect();
  return resources.sort((a, b) => (a.name < b.name ? -1 : 1));
};
