/** Several volume hosts, availability zones, Glance's reserved stores, and properties of images. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs } from "../../index";
import { registered, type Registered } from "../support/mocks";

const base: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  glance: {
    hosts: ["ctl1"],
    reservedStores: { staging: "/srv/staging", tasks: pulumi.output("/srv/tasks") },
  },
  cinder: {
    hosts: ["vol1", "vol2"],
    backends: [
      { name: "ceph", pool: "volumes", availabilityZone: "az1" },
      { name: "fast", pool: "fast", availabilityZone: "az2" },
    ],
    activeActive: { cluster: "rbd", coordination: "etcd3+http://u:p@ctl1:2379" },
  },
  nova: { hosts: ["cmp1"] },
  manage: {
    services: true,
    images: [
      { cloud: "admin", names: ["debian-12", "ubuntu"] },
      { cloud: "south", names: ["alpine"], properties: { hw_disk_bus: "virtio" } },
    ],
  },
};

describe("an integration", () => {
  let resources: readonly Registered[];
  beforeAll(async () => {
    ({ resources } = await registered(() => new CephOpenStackIntegration("rbd", base)));
  });
  const find = (name: string) => {
    const found = resources.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is not registered`);
    return found;
  };

  test("makes all volume hosts one cluster, with the address of its locks as a secret", () => {
    for (const host of ["vol1", "vol2"]) {
      expect(find(`rbd-${host}-cinder-DEFAULT`).inputs["options"]).toMatchObject({ cluster: "rbd" });
      const { options, secretOptions } = find(`rbd-${host}-cinder-coordination`).inputs;
      expect(options).toEqual({});
      expect(secretOptions).toMatchObject({ value: { backend_url: "etcd3+http://u:p@ctl1:2379" } });
    }
  });

  test("says the zone of each backend in its section", () => {
    expect(find("rbd-vol1-cinder-ceph").inputs["options"]).toMatchObject({
      backend_availability_zone: "az1",
    });
    expect(find("rbd-vol1-cinder-fast").inputs["options"]).toMatchObject({
      backend_availability_zone: "az2",
    });
  });

  test("gives Glance's own two stores their directories", () => {
    const directory = (section: string) => find(`rbd-ctl1-glance-${section}`).inputs["options"];
    expect(directory("os_glance_staging_store")).toEqual({ filesystem_store_datadir: "/srv/staging" });
    expect(directory("os_glance_tasks_store")).toEqual({ filesystem_store_datadir: "/srv/tasks" });
  });

  test("sets properties of images, each as its cloud says", () => {
    expect(find("rbd-image-debian-12").inputs).toMatchObject({ image: "debian-12", cloud: "admin" });
    expect(find("rbd-image-ubuntu").inputs["image"]).toBe("ubuntu");
    expect(find("rbd-image-alpine").inputs).toMatchObject({
      cloud: "south",
      properties: { hw_disk_bus: "virtio" },
    });
  });
});

test("backendHost is one name for all hosts of a backend", async () => {
  const cinder = { hosts: ["vol1", "vol2"], backends: [{ name: "ceph", pool: "v", backendHost: "rbd:v" }] };
  const { resources } = await registered(() => new CephOpenStackIntegration("rbd", { ...base, cinder }));
  const options = resources.find(({ name }) => name === "rbd-vol2-cinder-ceph")?.inputs["options"];
  expect(options).toMatchObject({ backend_host: "rbd:v" });
});
