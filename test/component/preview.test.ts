/** What a preview of a new stack shows: every input of every resource is known, though nothing is there yet. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephOpenStackIntegration,
  ConfigSection,
  GlanceStore,
  LibvirtSecret,
  NovaCompute,
} from "../../index";
import type { Registered } from "../support/mocks";
import { previewed } from "../support/mocks-preview";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };

const withUnknowns = (resources: readonly Registered[]) =>
  resources.filter(({ inputs }) => pulumi.containsUnknowns(inputs)).map(({ name }) => name);

describe("a preview of a new stack", () => {
  test("has no unknown input, pools and rotations included", async () => {
    const resources = await previewed(
      () =>
        new CephOpenStackIntegration("rbd", {
          cluster,
          openstackRelease: "zed",
          glance: { hosts: ["ctl1"] },
          cinder: { hosts: ["vol1"] },
          cinderBackup: { hosts: ["vol1"] },
          nova: { hosts: ["cmp1", "cmp2"] },
          keyGenerations: { cinder: 2 },
          manage: { directories: true, checks: true },
        }),
    );
    expect(resources.length).toBeGreaterThan(20);
    expect(withUnknowns(resources)).toEqual([]);
  });

  test("shows what the program does not know yet as unknown, and nothing else", async () => {
    const resources = await previewed(() => {
      const pool = pulumi.output(Promise.resolve(pulumi.unknown as unknown as string));
      return new NovaCompute("n", {
        cluster,
        openstackRelease: "zed",
        hosts: ["cmp1"],
        user: "cinder",
        pool,
      });
    });
    expect(withUnknowns(resources)).toEqual(["n-cmp1-nova-libvirt"]);
  });
});

test("of an entity that is handed over whole, its name and generation alone reach the keyring", async () => {
  const resources = await previewed(() => {
    const entity = new CephAuthEntity("e", {
      cluster,
      entity: "client.images",
      caps: { mon: "profile rbd" },
      keyGeneration: 3,
    });
    return new GlanceStore("s", {
      cluster,
      openstackRelease: "zed",
      hosts: ["ctl1"],
      user: "images",
      entity,
      pool: "images",
    });
  });
  const keyring = resources.find(({ name }) => name === "s-ctl1-keyring-images")?.inputs ?? {};
  const names = Object.keys(keyring).filter((key) => !key.startsWith("__"));
  expect(names.sort()).toEqual(["cluster", "entity", "host", "keyGeneration", "owner"]);
  expect([keyring["entity"], keyring["keyGeneration"]]).toEqual(["client.images", 3]);
});

test("what check derives of a resource is known to the program that made it", async () => {
  const resources = await previewed(() => {
    const { entity, keyGeneration } = new CephAuthEntity("e", {
      cluster,
      entity: "client.vms",
      caps: { mon: "profile rbd" },
    });
    const keyring = new CephKeyringFile("k", { cluster, host: "cmp1", entity, owner: "nova" });
    const secret = new LibvirtSecret("s", { cluster, host: "cmp1", entity, keyGeneration });
    const conf = new CephConfigFile("c", { cluster, host: "cmp1" });
    return new ConfigSection("o", {
      host: "cmp1",
      path: "/etc/nova/nova.conf",
      section: "libvirt",
      options: { rbd_secret_uuid: secret.uuid, images_rbd_ceph_conf: conf.path, keyring: keyring.path },
    });
  });
  expect(withUnknowns(resources)).toEqual([]);
  const inputsOf = (name: string) => resources.find((one) => one.name === name)?.inputs;
  expect(inputsOf("s")?.["keyGeneration"]).toBe(1);
  expect(inputsOf("o")?.["options"]).toEqual({
    rbd_secret_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    images_rbd_ceph_conf: "/etc/ceph/ceph.conf",
    keyring: "/etc/ceph/ceph.client.vms.keyring",
  });
});
