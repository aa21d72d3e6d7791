/** What other stacks read, what wrong arguments leave behind, and how a part of a program is reached another way. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import {
  CephOpenStackIntegration,
  CephOpenStackProvider,
  NovaCompute,
  type CephOpenStackIntegrationArgs,
} from "../../index";
import { registered } from "../support/mocks";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const args: CephOpenStackIntegrationArgs = {
  cluster,
  openstackRelease: "zed",
  pools: { images: {}, volumes: { name: "cinder-volumes" }, vms: { existing: "nova-vms" }, backups: false },
  glance: {
    hosts: ["ctl1"],
    stores: [
      { name: "fast", pool: "images" },
      { name: "slow", pool: "volumes" },
    ],
  },
  cinder: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
  manage: false,
};

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

/** Runs a program and keeps what it hands out. */
const made = async <T extends pulumi.Resource>(program: () => T) => {
  const kept: T[] = [];
  const all = await registered(() => {
    const resource = program();
    kept.push(resource);
    return resource;
  });
  const [resource] = kept;
  if (resource === undefined) throw new Error("the program made nothing");
  return { ...all, resource };
};

describe("an integration says to other stacks", () => {
  let rbd: CephOpenStackIntegration;
  beforeAll(async () => {
    ({ resource: rbd } = await made(() => new CephOpenStackIntegration("rbd", args)));
  });

  test("which pools there are, by key: made ones by their name, existing ones too", async () => {
    expect(await valueOf(rbd.pools)).toEqual({
      images: "images",
      volumes: "cinder-volumes",
      vms: "nova-vms",
    });
  });

  test("which entities there are, and none for a role that is not there", async () => {
    expect(await valueOf(rbd.entities)).toEqual({ glance: "client.glance", cinder: "client.cinder" });
  });

  test("its stores, the default first, and its backends", async () => {
    expect(await valueOf(rbd.glanceStores)).toEqual(["fast", "slow"]);
    expect(await valueOf(rbd.cinderBackends)).toEqual(["ceph"]);
  });

  test("where the monitors are, as a ceph.conf of its hosts holds them", async () => {
    expect(await valueOf(rbd.monHost)).toBe("192.0.2.7:6789");
  });

  test("the properties of images as plain texts", async () => {
    expect(await valueOf(rbd.imageProperties)).toEqual({
      hw_scsi_model: "virtio-scsi",
      hw_disk_bus: "scsi",
      hw_qemu_guest_agent: "yes",
      os_require_quiesce: "yes",
    });
  });

  test("the fsid, and the uuid that compute alone derives from the same fsid and user", async () => {
    const compute = await made(
      () =>
        new NovaCompute("n", {
          cluster,
          openstackRelease: "zed",
          hosts: ["cmp9"],
          user: "cinder",
          pool: "vms",
        }),
    );
    expect(await valueOf(rbd.fsid)).toBe(cluster.fsid);
    expect(await valueOf(rbd.secretUuid)).toBe(await valueOf(compute.resource.secretUuid));
  });
});

test("of wrong arguments nothing is registered, not even the component", async () => {
  const said: string[] = [];
  const { resources } = await registered(() => {
    try {
      return new CephOpenStackIntegration("rbd", { ...args, pools: { images: {}, volumes: {} } });
    } catch (error) {
      said.push(String(error));
      return new pulumi.ComponentResource("test:index:Nothing", "nothing");
    }
  });
  expect(resources.map(({ name }) => name)).toEqual(["nothing"]);
  expect(said).toEqual([
    'Error: CephOpenStackIntegration "rbd":\n  nova uses pool "vms", which pools does not name; there are images, volumes',
  ]);
});

test("of a role alone with an unknown release nothing is registered", async () => {
  const { resources } = await registered(() => {
    const desired = { cluster, openstackRelease: "pike", hosts: ["cmp1"], user: "cinder", pool: "vms" };
    expect(() => new NovaCompute("n", desired)).toThrow("is not known");
    return new pulumi.ComponentResource("test:index:Nothing", "nothing");
  });
  expect(resources.map(({ name }) => name)).toEqual(["nothing"]);
});

test("an explicit provider of the integration reaches every artifact below it", async () => {
  const { resources } = await registered(() => {
    const site = new CephOpenStackProvider("site-b", { sshUser: "ops" });
    return new CephOpenStackIntegration("rbd", args, { providers: [site] });
  });
  const artifacts = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
  expect(artifacts.length).toBeGreaterThan(10);
  expect(artifacts.filter(({ provider }) => !provider.includes("site-b")).map(({ name }) => name)).toEqual(
    [],
  );
});
