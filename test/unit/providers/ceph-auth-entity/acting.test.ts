/** The entity that gives the orders is none to manage. */
import { expect, test } from "@jest/globals";
import { cephAuthEntity } from "../../../../providers/ceph-auth-entity/index";
import { runOf } from "../../../support/run-of";

const fsid = "11111111-2222-4333-8444-555555555555";
const checked = (entity: string, cluster: object) =>
  runOf({})
    .of(cephAuthEntity)
    .check({ entity, cluster: { fsid, admin: "mon1", ...cluster }, caps: { mon: "profile rbd" } });
const byDeploy = { entity: "client.deploy" };

test.each([
  ["client.admin", {}],
  ["client.deploy", byDeploy],
])("%s is refused where it would shut itself out", async (entity, cluster) => {
  const words = /gives the orders here .* would shut itself out/;
  await expect(checked(entity, cluster)).rejects.toThrow(words);
});

test("where another gives them, client.admin is one like others", async () => {
  expect((await checked("client.admin", byDeploy))["entity"]).toBe("client.admin");
});
