/** A cloud on two clusters whose hosts another tool writes: by the program's own arguments. */
import { describe, expect, test } from "@jest/globals";
import type { CephOpenStackIntegrationArgs } from "../../index";
import { secretUuid } from "../../providers/libvirt-secret/index";
import { handedOver } from "../support/handed-over";

const fsid = "6c1f6f0e-1111-4222-8333-444455556666";
const far = "7d2a7a1f-1111-4222-8333-444455556666";

const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid, admin: "mon1" },
  clusters: { site2: { fsid: far, admin: "mon1-site2" } },
  openstackRelease: "2025.1",
  pools: {
    images: {},
    "far-images": { cluster: "site2" },
    volumes: {},
    "far-volumes": { cluster: "site2" },
    backups: {},
    vms: {},
  },
  glance: {
    hosts: [],
    stores: [
      { name: "rbd", pool: "images" },
      { name: "far", pool: "far-images" },
    ],
  },
  cinder: {
    hosts: [],
    backends: [
      { name: "ceph", pool: "volumes" },
      { name: "far", pool: "far-volumes" },
    ],
  },
  cinderBackup: { hosts: [] },
  nova: { hosts: [] },
};

const made = (more: Partial<CephOpenStackIntegrationArgs>) => handedOver({ ...args, ...more });

test("Kolla-Ansible's computes know the volumes of all clusters by one UUID, by default and by name", async () => {
  const { handOver } = await made({ layout: "kolla" });
  const uuid = secretUuid(fsid, "client.cinder");
  expect(handOver).toMatchObject({ values: { "passwords.yml": { cinder_rbd_secret_uuid: uuid } } });
  expect(JSON.stringify(handOver)).toContain(`"rbd_secret_uuid":"${uuid}"`);
  const named = "457eb676-33da-42ec-9a8c-9293d545c337";
  const { handOver: other } = await made({ layout: "kolla", secretUuid: named });
  expect(other).toMatchObject({ values: { "passwords.yml": { cinder_rbd_secret_uuid: named } } });
});

test("the second cluster's files on a deployment host say where keyrings are", async () => {
  const { inputs } = await made({ layout: "kolla", deploymentHost: "deploy" });
  expect(inputs("rbd-deploy-kolla-glance-site2.conf")).toMatchObject({
    cluster: { fsid: far },
    path: "/etc/kolla/config/glance/site2.conf",
    options: { "client.glance": { keyring: "/etc/ceph/site2.client.glance.keyring" } },
  });
  expect(inputs("rbd-deploy-kolla-glance-ceph.conf")).not.toHaveProperty("options");
  expect(inputs("rbd-deploy-kolla-nova-site2.client.cinder.keyring")).toMatchObject({
    cluster: { fsid: far },
    entity: "client.cinder",
  });
});

test("no compute is made one of a cluster by the file that Kolla-Ansible merges for those of both", async () => {
  const { inputs } = await made({ layout: "kolla", deploymentHost: "deploy" });
  const merged = inputs("rbd-deploy-kolla-nova-nova-compute.conf-libvirt");
  expect(merged?.["options"]).toEqual({ disk_cachemodes: "network=writeback" });
});

describe("the other tools", () => {
  test("OpenStack-Ansible's computes get the secrets of volumes' users alone", async () => {
    const { handOver } = await made({ layout: "osa" });
    expect(handOver).toMatchObject({
      values: {
        "user_variables.yml": {
          ceph_extra_confs: [
            expect.not.objectContaining({ secret_uuid: expect.anything() }),
            { client_name: "cinder", secret_uuid: secretUuid(far, "client.cinder") },
          ],
        },
      },
    });
  });

  test("openstack-k8s-operators name the secret of each cluster by its fsid", async () => {
    const { handOver } = await made({ layout: "edpm" });
    expect(JSON.stringify(handOver)).toContain(`rbd_secret_uuid = ${far}`);
  });

  test("OpenStack-Helm has one cluster, and the second is refused by its name", async () => {
    await expect(made({ layout: "helm" })).rejects.toThrow(
      'the charts know a cluster by the name "ceph" alone, not "site2"',
    );
  });
});
