/** Names and parents of the children are public contract: a change of one moves or remakes things in every stack of every user. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs } from "../../index";
import { registered, type Registered } from "../support/mocks";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const args: CephOpenStackIntegrationArgs = {
  cluster,
  openstackRelease: "zed",
  pools: { images: {}, volumes: { bulk: true }, backups: {}, vms: { existing: "nova-vms" } },
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"], options: { DEFAULT: { debug: true }, ceph: { rbd_max_clone_depth: 7 } } },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1", "cmp2"] },
  keyGenerations: { cinder: 2 },
  manage: { directories: true, packages: false, services: false },
};

let resources: readonly Registered[];
let parents: Readonly<Record<string, string>>;
const inputs = (name: string) => {
  const found = resources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not registered`);
  return found.inputs;
};

beforeAll(async () => {
  ({ resources, parents } = await registered(() => new CephOpenStackIntegration("rbd", args)));
});

describe("the children of an integration", () => {
  test("names and parents are these and no others", () => {
    expect(parents).toEqual({
      "rbd-pool-images": "rbd",
      "rbd-pool-volumes": "rbd",
      "rbd-pool-backups": "rbd",
      "rbd-pool-vms": "rbd",
      "rbd-auth-glance": "rbd",
      "rbd-auth-cinder": "rbd",
      "rbd-auth-cinder-backup": "rbd",
      "rbd-ctl1": "rbd",
      "rbd-ctl1-conf": "rbd-ctl1",
      "rbd-ctl1-keyring-glance": "rbd-ctl1",
      "rbd-ctl1-glance-DEFAULT": "rbd-ctl1",
      "rbd-ctl1-glance-glance_store": "rbd-ctl1",
      "rbd-ctl1-glance-paste_deploy": "rbd-ctl1",
      "rbd-vol1": "rbd",
      "rbd-vol1-conf": "rbd-vol1",
      "rbd-vol1-keyring-cinder": "rbd-vol1",
      "rbd-vol1-keyring-cinder-backup": "rbd-vol1",
      "rbd-vol1-cinder-DEFAULT": "rbd-vol1",
      "rbd-cmp1": "rbd",
      "rbd-cmp1-conf": "rbd-cmp1",
      "rbd-cmp1-keyring-cinder": "rbd-cmp1",
      "rbd-cmp2": "rbd",
      "rbd-cmp2-conf": "rbd-cmp2",
      "rbd-cmp2-keyring-cinder": "rbd-cmp2",
      "rbd-glance-rbd": "rbd",
      "rbd-ctl1-glance-rbd": "rbd-glance-rbd",
      "rbd-cinder-ceph": "rbd",
      "rbd-vol1-cinder-ceph": "rbd-cinder-ceph",
      "rbd-cinder-backup": "rbd",
      "rbd-vol1-cinder-backup-DEFAULT": "rbd-cinder-backup",
      "rbd-nova": "rbd",
      "rbd-cmp1-secret": "rbd-nova",
      "rbd-cmp1-nova-libvirt": "rbd-nova",
      "rbd-cmp1-nova-directory-sockets": "rbd-nova",
      "rbd-cmp1-nova-directory-logs": "rbd-nova",
      "rbd-cmp2-secret": "rbd-nova",
      "rbd-cmp2-nova-libvirt": "rbd-nova",
      "rbd-cmp2-nova-directory-sockets": "rbd-nova",
      "rbd-cmp2-nova-directory-logs": "rbd-nova",
    });
  });

  test("caps follow from who uses which pool", () => {
    expect(inputs("rbd-auth-cinder")["caps"]).toEqual({
      mon: "profile rbd",
      osd: ["profile rbd pool=volumes", "profile rbd pool=nova-vms", "profile rbd-read-only pool=images"],
      mgr: ["profile rbd pool=volumes", "profile rbd pool=nova-vms"],
    });
    expect(inputs("rbd-auth-cinder-backup")["caps"]).toMatchObject({
      osd: ["profile rbd pool=backups", "profile rbd-read-only pool=volumes"],
    });
  });

  test("every keyring belongs to the service that reads it, and follows its entity's rotation", () => {
    expect(inputs("rbd-vol1-keyring-cinder")).toMatchObject({
      owner: "cinder",
      entity: "client.cinder",
      keyGeneration: 2,
    });
    expect(inputs("rbd-cmp2-keyring-cinder")).toMatchObject({ owner: "nova", keyGeneration: 2 });
    expect(inputs("rbd-cmp2-secret")).toMatchObject({ entity: "client.cinder", keyGeneration: 2 });
  });

  test("guests' directories are QEMU's, and the ceph.conf of compute hosts alone points there", () => {
    const owned = { owner: "libvirt-qemu", group: "kvm", mode: "0770" };
    expect(inputs("rbd-cmp1-nova-directory-sockets")).toMatchObject({ path: "/run/ceph-guests", ...owned });
    expect(inputs("rbd-cmp1-nova-directory-logs")).toMatchObject({ path: "/var/log/qemu", ...owned });
    expect(inputs("rbd-cmp1-conf")["options"]).toEqual({
      client: {
        admin_socket: "/run/ceph-guests/$cluster-$type.$id.$pid.$cctid.asok",
        log_file: "/var/log/qemu/qemu-guest-$pid.log",
      },
    });
    expect(inputs("rbd-vol1-conf")).not.toHaveProperty("options");
  });

  test("one uuid for all: Cinder's option, Nova's option and every secret", () => {
    const { uuid } = inputs("rbd-cmp1-secret");
    expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(inputs("rbd-cmp2-secret")["uuid"]).toBe(uuid);
    expect(inputs("rbd-vol1-cinder-ceph")["options"]).toMatchObject({ rbd_secret_uuid: uuid });
    expect(inputs("rbd-cmp1-nova-libvirt")["options"]).toMatchObject({ rbd_secret_uuid: uuid });
  });

  test("the program's own options go to the section that they name", () => {
    expect(inputs("rbd-vol1-cinder-DEFAULT")["options"]).toEqual({ enabled_backends: "ceph", debug: true });
    expect(inputs("rbd-vol1-cinder-ceph")["options"]).toMatchObject({
      rbd_max_clone_depth: 7,
      rbd_pool: "volumes",
    });
  });

  test("a pool that is there must be there, and nothing of it is managed", () => {
    const given = Object.entries(inputs("rbd-pool-vms")).filter(
      ([key, value]) => value !== undefined && !key.startsWith("__"),
    );
    expect(Object.fromEntries(given)).toEqual({ cluster, name: "nova-vms", adopt: "only", onDelete: "keep" });
    expect(inputs("rbd-cmp1-nova-libvirt")["options"]).toMatchObject({ images_rbd_pool: "nova-vms" });
  });

  test("pools are made after those were found that must be there", () => {
    const order = resources
      .filter(({ type }) => type.endsWith(":CephPool"))
      .map(({ name, at }) => ({ name, at }));
    const [first] = order.sort((a, b) => a.at - b.at);
    expect(first?.name).toBe("rbd-pool-vms");
  });

  test("no argument is stored with the component", () => {
    expect(inputs("rbd")).toEqual({});
  });
});

test("on one host for all roles, conf and keyrings are there once, shared by owner and group", async () => {
  const hosts = ["aio"];
  const all = await registered(
    () =>
      new CephOpenStackIntegration("one", {
        cluster,
        openstackRelease: "2022.2",
        glance: { hosts },
        cinder: { hosts },
        cinderBackup: { hosts },
        nova: { hosts },
        manage: false,
      }),
  );
  const names = all.resources.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.endsWith("-conf"))).toEqual(["one-aio-conf"]);
  const shared = all.resources.find(({ name }) => name === "one-aio-keyring-cinder");
  expect(shared?.inputs).toMatchObject({ owner: "cinder", group: "nova" });
});
