/** Layouts whose hosts another tool writes: values as an output, files on the deployment host, nothing anywhere else. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { CephOpenStackIntegrationArgs } from "../../index";
import { handedOver } from "../support/handed-over";

const fsid = "6c1f6f0e-1111-4222-8333-444455556666";
const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid, admin: "mon1" },
  openstackRelease: "2025.1",
  pools: { images: { name: pulumi.output("cloud-images") }, volumes: {}, backups: {}, vms: {} },
  glance: { hosts: [] },
  cinder: { hosts: [] },
  cinderBackup: { hosts: [] },
  nova: { hosts: [] },
};

const made = (more: Partial<CephOpenStackIntegrationArgs>) => handedOver({ ...args, ...more });

const CLUSTER = [
  ...["rbd", "rbd-auth-cinder", "rbd-auth-cinder-backup", "rbd-auth-glance"],
  ...["rbd-pool-backups", "rbd-pool-images", "rbd-pool-vms", "rbd-pool-volumes"],
];

describe("without a deployment host", () => {
  test.each(["kolla", "osa", "helm", "edpm"] as const)(
    "%s gets pools, users and values, and no host a file",
    async (layout) => {
      const { names, handOver } = await made({ layout });
      expect(names).toEqual(CLUSTER);
      expect(handOver).toMatchObject({ tool: layout });
      expect(JSON.stringify(handOver)).toContain("cloud-images");
    },
  );

  test("hosts of the program are left to the tool", async () => {
    const { names } = await made({ layout: "helm", nova: { hosts: ["cmp1"] } });
    expect(names).toEqual(CLUSTER);
  });

  test("the secret of EDPM's computes is the cluster's fsid", async () => {
    const { handOver } = await made({ layout: "edpm" });
    expect(JSON.stringify(handOver)).toContain(`rbd_secret_uuid = ${fsid}`);
    await expect(
      made({ layout: "edpm", secretUuid: "457eb676-33da-42ec-9a8c-9293d545c337" }),
    ).rejects.toThrow(`name libvirt's secret by the cluster's fsid, ${fsid}`);
  });

  test("in place nothing is handed over", async () => {
    const { handOver } = await made({
      glance: { hosts: ["c"] },
      cinder: { hosts: ["c"] },
      cinderBackup: { hosts: ["c"] },
      nova: { hosts: ["c"] },
    });
    expect(handOver).toBeUndefined();
  });
});

describe("on a deployment host", () => {
  test("Kolla-Ansible finds ceph.conf, keyrings of who runs it, and options below its configuration", async () => {
    const deploymentHost = { host: "deploy", owner: "kolla" };
    const { names, inputs } = await made({ layout: "kolla", deploymentHost, keyGenerations: { cinder: 2 } });
    expect(inputs("rbd-deploy-kolla-nova-ceph.conf")).toMatchObject({
      path: "/etc/kolla/config/nova/ceph.conf",
    });
    expect(inputs("rbd-deploy-kolla-cinder-cinder-backup-ceph.client.cinder.keyring")).toMatchObject({
      host: "deploy",
      entity: "client.cinder",
      keyGeneration: 2,
      owner: "kolla",
      mode: "0600",
      path: "/etc/kolla/config/cinder/cinder-backup/ceph.client.cinder.keyring",
    });
    expect(inputs("rbd-deploy-kolla-glance-glance-api.conf-rbd")).toMatchObject({
      path: "/etc/kolla/config/glance/glance-api.conf",
      options: { rbd_store_pool: "cloud-images", rbd_store_ceph_conf: "/etc/ceph/ceph.conf" },
      createFile: { owner: "kolla", mode: "0644" },
      readBy: { service: "glance", release: "epoxy" },
    });
    expect(inputs("rbd-deploy-kolla-nova-nova-compute.conf-libvirt")).toMatchObject({
      options: { images_type: "rbd", images_rbd_pool: "vms", rbd_user: "cinder" },
    });
    expect(inputs("rbd-deploy-kolla-cinder-cinder-volume")).toMatchObject({
      path: "/etc/kolla/config/cinder/cinder-volume",
    });
    expect(names.filter((name) => name.includes("secret"))).toEqual([]);
  });

  test("OpenStack-Ansible finds keyrings by the user's name alone", async () => {
    const { inputs } = await made({ layout: "osa", deploymentHost: "deploy" });
    expect(inputs("rbd-deploy-osa-ceph-keyrings-cinder-backup.keyring")).toMatchObject({
      entity: "client.cinder-backup",
      owner: "root",
      path: "/etc/openstack_deploy/ceph-keyrings/cinder-backup.keyring",
    });
  });

  test("with a layout that reads no files it is refused, as are secrets that would go nowhere", async () => {
    await expect(made({ layout: "helm", deploymentHost: "deploy" })).rejects.toThrow(
      'it goes with layout "kolla" or "osa" alone',
    );
    const nova = { hosts: [], secretOptions: { placement: { password: "x" } } };
    await expect(made({ layout: "kolla", nova })).rejects.toThrow("nova.secretOptions are handed to nobody");
    await expect(
      made({
        layout: "kolla",
        openstackRelease: "2023.1",
        glance: { hosts: [], stores: [{ name: "x", pool: "images" }] },
      }),
    ).rejects.toThrow("one store of Glance");
  });
});
