/** Pulumi's mocks in a preview, as the engine answers one: outputs are the checked inputs, everything else is unknown. */
import * as pulumi from "@pulumi/pulumi";
import type { Registered } from "./mocks";

/** Runs a program in a preview: the custom resources with the inputs that the engine would be sent, sorted by name. */
export const previewed = async (program: () => pulumi.Resource): Promise<readonly Registered[]> => {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom, provider = "" }) => {
        const sent = inputs as Record<string, unknown>;
        if (custom === true) resources.push({ type, name, provider, inputs: sent });
        return { id: undefined, state: sent };
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
