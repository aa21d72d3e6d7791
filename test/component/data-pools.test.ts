/** A cloud whose volumes' data is in an erasure-coded pool: what is registered, and what other tools are given. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs } from "../../index";
import { registered } from "../support/mocks";

const fsid = "6c1f6f0e-1111-4222-8333-444455556666";
const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid, admin: "mon1" },
  openstackRelease: "2025.1",
  pools: {
    images: {},
    volumes: { dataPool: "volumes-data" },
    "volumes-data": { name: pulumi.output("cloud-data"), type: "erasure", erasureCodeProfile: "k4m2" },
    vms: { dataPool: "volumes-data" },
  },
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
  manage: false,
};

interface HandOver {
  readonly run: readonly string[];
  readonly notes: readonly string[];
}

const made = async (more: Partial<CephOpenStackIntegrationArgs> = {}) => {
  const said: { handOver?: HandOver | undefined; pools?: unknown } = {};
  const { resources } = await registered(() => {
    const rbd = new CephOpenStackIntegration("rbd", { ...args, ...more });
    rbd.handOver.apply((value) => {
      said.handOver = value;
    });
    rbd.pools.apply((value) => {
      said.pools = value;
    });
    return rbd;
  });
  return { ...said, inputs: (name: string) => resources.find((one) => one.name === name)?.inputs };
};

const SECTION = { "client.cinder": { rbd_default_data_pool: "cloud-data" } };

test("the name of the data pool flows into caps, ceph.conf and outputs", async () => {
  const { inputs, pools } = await made();
  expect(pools).toMatchObject({ volumes: "volumes", "volumes-data": "cloud-data" });
  expect(inputs("rbd-pool-volumes-data")).toMatchObject({ type: "erasure", allowEcOverwrites: true });
  expect(inputs("rbd-auth-cinder")).toMatchObject({
    caps: { osd: expect.arrayContaining(["profile rbd pool=cloud-data"]) },
  });
  for (const host of ["vol1", "cmp1"]) expect(inputs(`rbd-${host}-conf`)).toMatchObject({ options: SECTION });
  expect(JSON.stringify(inputs("rbd-ctl1-conf"))).not.toContain("data_pool");
});

test("what cannot work is refused before anything is registered", async () => {
  await expect(made({ nova: { hosts: ["cmp1"], pool: "volumes-data" } })).rejects.toThrow(
    'use a replicated pool with dataPool: "volumes-data"',
  );
});

describe("another tool writes the hosts", () => {
  test.each([
    ["kolla", "rbd-deploy-kolla-cinder-ceph.conf"],
    ["osa", "rbd-deploy-osa-ceph-ceph.conf"],
  ] as const)("the ceph.conf that %s reads has it, and who writes that is told", async (layout, conf) => {
    const { inputs, handOver } = await made({ layout, deploymentHost: "deploy" });
    expect(inputs(conf)).toMatchObject({ options: SECTION });
    expect(handOver?.notes).toContain(
      "ceph.conf says [client.cinder] rbd_default_data_pool = cloud-data: without it the data of images goes where their metadata is",
    );
  });

  test.each(["helm", "edpm"] as const)(
    "the command that makes a ceph.conf for %s puts it in",
    async (layout) => {
      const { handOver } = await made({ layout });
      const run = handOver?.run.find((command) => command.includes("generate-minimal-conf"));
      expect(run).toContain(
        "config generate-minimal-conf; printf '%s\\n' '' '[client.cinder]' 'rbd_default_data_pool = cloud-data'; }",
      );
    },
  );

  test("where there is no data pool nothing of it is said", async () => {
    const pools = { images: {}, volumes: {}, vms: {} };
    expect(JSON.stringify((await made({ layout: "helm", pools })).handOver)).not.toContain("data_pool");
    expect((await made({ layout: "kolla", pools })).handOver?.notes.join()).not.toContain("data_pool");
  });
});
