/** What a program says beside roles, pools and hosts: adoption, ceph.conf, secrets; and what it gets back. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import {
  CephAuthEntity,
  CephOpenStackIntegration,
  CephPool,
  GlanceStore,
  NovaCompute,
  type CephOpenStackIntegrationArgs,
} from "../../index";
import { registered, type Registered } from "../support/mocks";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const args: CephOpenStackIntegrationArgs = {
  cluster,
  openstackRelease: "zed",
  pools: { images: {}, volumes: { adopt: "never" }, vms: { existing: "nova-vms" } },
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"], secretOptions: { DEFAULT: { transport_url: "rabbit://u:p@c/" } } },
  nova: { hosts: ["cmp1"], secretOptions: { placement: { password: pulumi.output("s3cret") } } },
  adopt: "overwrite",
  cephConf: { global: { ms_bind_ipv6: true }, client: { rbd_cache: false, log_file: "/var/log/x.log" } },
  manage: { directories: true, packages: false, services: false },
};

const find = (resources: readonly Registered[], name: string) => {
  const found = resources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not registered`);
  return found.inputs;
};

describe("an integration", () => {
  let resources: readonly Registered[];
  const kept: CephOpenStackIntegration[] = [];
  beforeAll(async () => {
    ({ resources } = await registered(() => {
      const rbd = new CephOpenStackIntegration("rbd", args);
      kept.push(rbd);
      return rbd;
    }));
  });
  const inputs = (name: string) => find(resources, name);

  test("passes adopt to users, pools and secrets; a pool's own word counts more", () => {
    for (const name of ["rbd-auth-glance", "rbd-auth-cinder", "rbd-pool-images", "rbd-cmp1-secret"])
      expect([name, inputs(name)["adopt"]]).toEqual([name, "overwrite"]);
    expect(inputs("rbd-pool-volumes")["adopt"]).toBe("never");
    expect(inputs("rbd-pool-vms")["adopt"]).toBe("only");
  });

  test("writes cephConf on every host, over what the guests' directories want", () => {
    const { log_file: _, ...client } = { rbd_cache: false, log_file: "" };
    expect(inputs("rbd-ctl1-conf")["options"]).toEqual(args.cephConf);
    expect(inputs("rbd-cmp1-conf")["options"]).toEqual({
      global: { ms_bind_ipv6: true },
      client: {
        ...client,
        admin_socket: expect.stringContaining("/run/ceph-guests/"),
        log_file: "/var/log/x.log",
      },
    });
  });

  test("gives secrets to the section that they are of, also where nothing else is said of it", () => {
    const { options, secretOptions } = inputs("rbd-vol1-cinder-DEFAULT");
    expect(options).toEqual({ enabled_backends: "ceph" });
    expect(secretOptions).toMatchObject({ value: { transport_url: "rabbit://u:p@c/" } });
    expect(inputs("rbd-cmp1-nova-placement")).toMatchObject({
      options: {},
      secretOptions: { value: { password: "s3cret" } },
    });
  });

  test("hands out the resources of its pools and users", () => {
    const [rbd] = kept;
    expect(Object.keys(rbd?.resources.pools ?? {})).toEqual(["images", "volumes", "vms"]);
    expect(rbd?.resources.pools["vms"]).toBeInstanceOf(CephPool);
    expect(rbd?.resources.entities["cinder"]).toBeInstanceOf(CephAuthEntity);
  });
});

test("with compat classic Glance's store is written as the classic procedure has it, and nothing is said of that", async () => {
  const { resources } = await registered(
    () =>
      new CephOpenStackIntegration("rbd", {
        cluster,
        openstackRelease: "2025.1",
        compat: "classic",
        glance: { hosts: ["ctl1"] },
      }),
  );
  expect(find(resources, "rbd-ctl1-glance-glance_store")).toMatchObject({
    options: {
      stores: "rbd",
      default_store: "rbd",
      rbd_store_pool: "images",
      rbd_store_user: "glance",
      rbd_store_ceph_conf: "/etc/ceph/ceph.conf",
      rbd_store_chunk_size: 8,
    },
    readBy: { silence: ["glance_store/stores", "glance_store/default_store"] },
  });
  expect(find(resources, "rbd-ctl1-glance-DEFAULT")["options"]).toEqual({ show_image_direct_url: true });
  expect(resources.map(({ name }) => name)).not.toContain("rbd-ctl1-glance-rbd");
});

test("a cluster that is not called ceph: its ceph.conf says where each user's keyring is", async () => {
  const { resources } = await registered(
    () =>
      new CephOpenStackIntegration("rbd", {
        ...args,
        cluster: { ...cluster, name: "east" },
        cephConf: { client: { rbd_cache: false } },
      }),
  );
  expect(find(resources, "rbd-ctl1-conf")["options"]).toEqual({
    "client.glance": { keyring: "/etc/ceph/east.client.glance.keyring" },
    client: { rbd_cache: false },
  });
  expect(find(resources, "rbd-cmp1-conf")["options"]).toMatchObject({
    "client.cinder": { keyring: "/etc/ceph/east.client.cinder.keyring" },
  });
});

test("a role alone takes cephConf, secrets and adopt as well", async () => {
  const desired = { cluster, openstackRelease: "zed", hosts: ["h1"], user: "u", pool: "p" };
  const { resources } = await registered(
    () =>
      new NovaCompute("n", {
        ...desired,
        adopt: "never",
        cephConf: { client: { rbd_cache: false } },
        secretOptions: { neutron: { password: "x" } },
      }),
  );
  expect(find(resources, "n-h1-conf")["options"]).toEqual({ client: { rbd_cache: false } });
  expect(find(resources, "n-h1-secret")["adopt"]).toBe("never");
  expect(find(resources, "n-h1-nova-neutron")).toHaveProperty("secretOptions");
});

test("an option that a role alone gives in the open and as a secret is refused", async () => {
  const desired = { cluster, openstackRelease: "zed", hosts: ["h1"], user: "u", pool: "p" };
  const { resources } = await registered(() => {
    const both = { a: { b: "c" } };
    expect(() => new GlanceStore("s", { ...desired, options: both, secretOptions: both })).toThrow(
      "options and secretOptions both give [a] b: give it once",
    );
    return new pulumi.ComponentResource("test:index:Nothing", "nothing");
  });
  expect(resources.map(({ name }) => name)).toEqual(["nothing"]);
});
