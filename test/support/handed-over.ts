/** What an integration registers whose hosts another tool writes, and what it hands over. */
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs, type HandOver } from "../../index";
import { registered } from "./mocks";

export const handedOver = async (args: CephOpenStackIntegrationArgs) => {
  const seen: HandOver[] = [];
  const { resources } = await registered(() => {
    const rbd = new CephOpenStackIntegration("rbd", args);
    rbd.handOver.apply((value) => {
      if (value !== undefined) seen.push(value);
    });
    return rbd;
  });
  const inputs = (name: string) => resources.find((one) => one.name === name)?.inputs;
  return { names: resources.map(({ name }) => name), inputs, handOver: seen[0] };
};
