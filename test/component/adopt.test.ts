/** A cloud that was set up by hand after the classic guide is taken over: what `adopt` of the component says to each kind. */
import { expect, test } from "@jest/globals";
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs } from "../../index";
import { registered } from "../support/mocks";

const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
};

const adoptOf = async (more: Partial<CephOpenStackIntegrationArgs>) => {
  const { resources } = await registered(() => new CephOpenStackIntegration("rbd", { ...args, ...more }));
  return (name: string): unknown => resources.find((one) => one.name === name)?.inputs["adopt"];
};

test("add-caps is said to users alone", async () => {
  const adopt = await adoptOf({ adopt: "add-caps" });
  expect(adopt("rbd-auth-cinder-backup")).toBe("add-caps");
  expect(adopt("rbd-pool-volumes")).toBeUndefined();
  expect(adopt("rbd-cmp1-secret")).toBeUndefined();
});

test("overwrite is said to all", async () => {
  const adopt = await adoptOf({ adopt: "overwrite" });
  for (const name of ["rbd-auth-cinder-backup", "rbd-pool-volumes", "rbd-cmp1-secret"])
    expect(adopt(name)).toBe("overwrite");
});
