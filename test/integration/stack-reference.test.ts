/** What an integration exports reaches another stack: `examples/consumer` by the real engine and language host. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { CephOpenStackIntegration } from "../../index";
import { newProjectStack, root, site, type TestStack } from "../support/engine";
import { cluster, good, lifeStack, removePools } from "../support/lifecycle";

const backend = mkdtempSync(join(tmpdir(), "ceph-openstack-reference-"));
const env = { PULUMI_BACKEND_URL: `file://${backend}` };
const pool = { size: 2, minSize: 1, pgNum: { initial: 8 }, pgAutoscaleMode: "warn" } as const;

let storage: TestStack | undefined;
let consumer: Omit<TestStack, "program"> | undefined;

const integration = (backends: readonly string[]) => () => {
  const { fsid, secretUuid, pools, cinderBackends } = new CephOpenStackIntegration("ref", {
    cluster: cluster(),
    openstackRelease: "zed",
    pools: { volumes: { ...pool, name: "ref-volumes" }, vms: { ...pool, name: "ref-vms" } },
    cinder: { hosts: ["vol1"], backends: backends.map((name) => ({ name, pool: "volumes" })) },
    nova: { hosts: ["cmp1"] },
    manage: false,
  });
  return { fsid, secretUuid, pools, cinderBackends };
};

afterAll(async () => {
  await consumer?.destroy();
  await consumer?.remove();
  await storage?.destroy();
  await storage?.remove();
  await removePools("ref-volumes", "ref-vms");
  rmSync(backend, { recursive: true, force: true });
}, 120_000);

test("a second stack reads fsid, the secret's UUID, pools and backends, and follows a change of them", async () => {
  storage = await lifeStack("reference", integration(["ceph"]), { env, project: "storage" });
  good(await storage.up());
  const { secretUuid } = await storage.outputs();
  expect(secretUuid).toMatch(/^[0-9a-f-]{36}$/);

  consumer = await newProjectStack("consumertest", join(root, "examples", "consumer"), { env });
  await consumer.setConfig("storage", "organization/storage/reference");
  good(await consumer.up());
  expect(await consumer.outputs()).toEqual({
    volumeTypes: { "rbd-ceph": { volume_backend_name: "ceph" } },
    hypervisor: { rbd_secret_uuid: secretUuid, fsid: site().fsid },
    watchedPools: ["ref-vms", "ref-volumes"],
  });

  storage.program(integration(["ceph", "fast"]));
  good(await storage.up());
  good(await consumer.up());
  expect((await consumer.outputs())["volumeTypes"]).toEqual({
    "rbd-ceph": { volume_backend_name: "ceph" },
    "rbd-fast": { volume_backend_name: "fast" },
  });
}, 180_000);
