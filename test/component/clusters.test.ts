/** What an integration over several clusters says to other stacks, and hands out. */
import { expect, test } from "@jest/globals";
import { CephOpenStackIntegration } from "../../index";
import { registered } from "../support/mocks";

const FSID = "6c1f6f0e-1111-4222-8333-444455556666";
const SITE2 = "7d2f6f0e-1111-4222-8333-444455556666";

test("outputs of the first cluster stay alone, and the further ones are there by key", async () => {
  const said: Record<string, unknown> = {};
  const { resources } = await registered(() => {
    const rbd = new CephOpenStackIntegration("rbd", {
      cluster: { fsid: FSID, admin: "mon1" },
      clusters: {
        site2: { fsid: SITE2, admin: "mon2" },
        empty: { fsid: SITE2.replace("7", "8"), admin: "mon3" },
      },
      openstackRelease: "zed",
      pools: { volumes: {}, far: { cluster: "site2" } },
      cinder: {
        hosts: ["vol1"],
        backends: [
          { name: "a", pool: "volumes" },
          { name: "b", pool: "far" },
        ],
      },
    });
    const keep = (key: string) => (value: unknown) => {
      said[key] = value;
    };
    rbd.fsid.apply(keep("fsid"));
    rbd.monHost.apply(keep("monHost"));
    rbd.secretUuid.apply(keep("secretUuid"));
    rbd.clusters.apply(keep("clusters"));
    rbd.entities.apply(keep("entities"));
    rbd.resources.entities["cinder@site2"]?.entity.apply(keep("entity"));
    return rbd;
  });
  const section = (name: string) => resources.find((one) => one.name === name)?.inputs["options"];
  expect(section("rbd-vol1-cinder-a")).toMatchObject({ rbd_secret_uuid: said["secretUuid"] });
  expect(said).toMatchObject({
    fsid: FSID,
    monHost: "192.0.2.7:6789",
    entities: { cinder: "client.cinder", "cinder@site2": "client.cinder" },
    entity: "client.cinder",
    clusters: {
      site2: { fsid: SITE2, name: "site2", monHost: "192.0.2.7:6789" },
      empty: { name: "empty", monHost: "" },
    },
  });
  const { clusters } = said as { clusters: Record<string, { secretUuid: string }> };
  expect(section("rbd-vol1-cinder-b")).toMatchObject({ rbd_secret_uuid: clusters["site2"]?.secretUuid });
});
