/** Commands of the user's own, by `@pulumi/command`, before and after an integration. */
import { expect, test } from "@jest/globals";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration } from "../../index";

/** Names of custom resources as the engine is done with them, the command of before long after it was told of it. */
const orderOf = async (program: () => void): Promise<readonly string[]> => {
  const done: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: async ({ name, inputs, custom }) => {
      for (let turn = 0; name === "before" && turn < 200; turn += 1)
        await new Promise((later) => void setImmediate(later));
      if (custom === true) done.push(name);
      return { id: `${name}-id`, state: { ...(inputs as Record<string, unknown>) } };
    },
    call: () => ({}),
  });
  program();
  await pulumi.runtime.disconnect();
  return done;
};

test("an integration that depends on a command begins after it, and a command that depends on it comes after all of it", async () => {
  const order = await orderOf(() => {
    const before = new local.Command("before", { create: "true" });
    const rbd = new CephOpenStackIntegration(
      "rbd",
      {
        cluster: { fsid: "11111111-2222-4333-8444-555555555555", admin: "mon1" },
        openstackRelease: "2025.1",
        pools: { images: {} },
        glance: { hosts: ["ctl1"] },
      },
      { dependsOn: before },
    );
    new local.Command("after", { create: "true" }, { dependsOn: rbd });
  });
  expect(order.length).toBeGreaterThan(5);
  expect([order[0], order.at(-1)]).toEqual(["before", "after"]);
});
