/** What an integration manages beside files: names, order and reasons are public contract. */
import { describe, expect, test } from "@jest/globals";
import { CephOpenStackIntegration, type CephOpenStackIntegrationArgs, type ManageArgs } from "../../index";
import { problemsOf } from "../../components/topology/rules";
import { registered } from "../support/mocks";

const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  glance: { hosts: ["ctl1", "ctl2"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1", "cmp2", "cmp3"] },
  keyGenerations: { cinder: 2 },
};

const made = async (manage: ManageArgs, more: Partial<CephOpenStackIntegrationArgs> = {}) => {
  const { resources } = await registered(
    () =>
      new CephOpenStackIntegration("rbd", {
        ...args,
        ...more,
        manage: { packages: false, services: false, ...manage },
      }),
  );
  const named = (pattern: RegExp) => resources.filter(({ name }) => pattern.test(name));
  const inputs = (name: string) => {
    const found = resources.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is not registered`);
    return found.inputs;
  };
  const at = (name: string): number => resources.find((one) => one.name === name)?.at ?? Number.NaN;
  return { resources, named, inputs, at };
};

describe("services", () => {
  test("each role's unit on each host is restarted for what it reads, by name, and once more after a destroy", async () => {
    const { named, inputs } = await made({ services: true });
    expect(named(/-service$/).map(({ name }) => name)).toEqual([
      ...["rbd-cmp1-nova-service", "rbd-cmp2-nova-service", "rbd-cmp3-nova-service"],
      ...["rbd-ctl1-glance-service", "rbd-ctl2-glance-service"],
      ...["rbd-vol1-cinder-backup-service", "rbd-vol1-cinder-service"],
    ]);
    const { host, unit, triggers, reads } = inputs("rbd-cmp1-nova-service");
    expect({ host, unit }).toEqual({ host: "cmp1", unit: "nova-compute" });
    expect(triggers).toMatchObject({ "[libvirt] rbd_user": "cinder", "keyring client.cinder": "2" });
    expect(reads).toEqual([
      "/etc/ceph/ceph.conf",
      "/etc/ceph/ceph.client.cinder.keyring",
      "/etc/nova/nova.conf#[libvirt]",
    ]);
    expect(inputs("rbd-vol1-cinder-service")["reads"]).toContain("/etc/cinder/cinder.conf#[ceph]");
    expect(inputs("rbd-vol1-cinder-backup-service")["reads"]).not.toContain("/etc/cinder/cinder.conf#[ceph]");
    const undo = inputs("rbd-cmp1-nova-service-undo");
    expect(undo).toMatchObject({ at: "destroy", unit: "nova-compute", reads });
    expect(undo).not.toHaveProperty("triggers");
  });

  test("what restarts at a destroy is made before the files, what restarts at a change after them", async () => {
    const { at } = await made({ services: true });
    for (const file of ["rbd-cmp1-conf", "rbd-cmp1-keyring-cinder", "rbd-cmp1-nova-libvirt"]) {
      expect(at("rbd-cmp1-nova-service-undo")).toBeLessThan(at(file));
      expect(at("rbd-cmp1-nova-service")).toBeGreaterThan(at(file));
    }
  });

  test("controllers restart one after the other, computes after Cinder and in waves", async () => {
    const { at, inputs } = await made({ services: { batch: { nova: 2 }, pauseSeconds: 30 } });
    expect(at("rbd-ctl2-glance-service")).toBeGreaterThan(at("rbd-ctl1-glance-service"));
    for (const compute of ["rbd-cmp1-nova-service", "rbd-cmp2-nova-service"]) {
      expect(at(compute)).toBeGreaterThan(at("rbd-vol1-cinder-service"));
      expect(at("rbd-cmp3-nova-service")).toBeGreaterThan(at(compute));
    }
    for (const name of ["rbd-cmp1-nova-service", "rbd-cmp1-nova-service-undo"])
      expect(inputs(name)["steadySeconds"]).toBe(30);
  });

  test("roles and hosts can be left to somebody else, and probes are given by role", async () => {
    const probe = { tcp: 9292 };
    const { named, inputs } = await made({
      services: { roles: ["glance", "nova"], exceptHosts: ["cmp2", "ctl2"], probes: { glance: probe } },
    });
    expect(named(/-service$/).map(({ name }) => name)).toEqual([
      ...["rbd-cmp1-nova-service", "rbd-cmp3-nova-service", "rbd-ctl1-glance-service"],
    ]);
    expect(inputs("rbd-ctl1-glance-service")["probe"]).toEqual(probe);
    expect(inputs("rbd-cmp1-nova-service")).not.toHaveProperty("probe");
  });

  test("in containers it is the unit that runs the container, or the container where none does", async () => {
    const units = async (openstackRelease: string) => {
      const { inputs } = await made({ services: true }, { openstackRelease, layout: "kolla-containers" });
      return [inputs("rbd-cmp1-nova-service"), inputs("rbd-ctl1-glance-service")["unit"]] as const;
    };
    const [nova, glance] = await units("2024.1");
    expect([nova["unit"], glance]).toEqual([
      "kolla-nova_compute-container.service",
      "kolla-glance_api-container.service",
    ]);
    expect(nova["virsh"]).toEqual(["docker", "exec", "-i", "nova_libvirt", "virsh", "-c", "qemu:///system"]);
    expect((await units("zed"))[1]).toBe("docker:glance_api");
  });
});

describe("packages", () => {
  test("each host gets once what its roles need, before its files; in containers the images have them", async () => {
    const { named, inputs, at } = await made({ packages: true });
    expect(named(/-packages$/).map(({ name, inputs: { packages } }) => [name, packages])).toEqual([
      ["rbd-cmp1-packages", ["python3-rbd", "python3-rados", "ceph-common", "qemu-block-extra"]],
      ["rbd-cmp2-packages", ["python3-rbd", "python3-rados", "ceph-common", "qemu-block-extra"]],
      ["rbd-cmp3-packages", ["python3-rbd", "python3-rados", "ceph-common", "qemu-block-extra"]],
      ["rbd-ctl1-packages", ["python3-rbd", "python3-rados", "ceph-common"]],
      ["rbd-ctl2-packages", ["python3-rbd", "python3-rados", "ceph-common"]],
      ["rbd-vol1-packages", ["python3-rbd", "python3-rados", "ceph-common"]],
    ]);
    expect(inputs("rbd-vol1-packages")["host"]).toBe("vol1");
    expect(at("rbd-cmp1-packages")).toBeLessThan(at("rbd-cmp1-conf"));
    const kolla = await made({ packages: true }, { layout: "kolla-containers" });
    expect(kolla.named(/-packages$/)).toEqual([]);
  });
});

describe("checks", () => {
  test("each role's user proves on each host what its caps are for, and that the others' pools are closed to it", async () => {
    const { named, inputs } = await made({ checks: true });
    expect(named(/-check$/).map(({ name }) => name)).toEqual([
      ...["rbd-cmp1-nova-check", "rbd-cmp2-nova-check", "rbd-cmp3-nova-check"],
      ...["rbd-ctl1-glance-check", "rbd-ctl2-glance-check"],
      ...["rbd-vol1-cinder-backup-check", "rbd-vol1-cinder-check"],
    ]);
    const { entity, user, can, cannot, keyring, libvirtSecret } = inputs("rbd-cmp1-nova-check");
    expect({ entity, user, keyring }).toEqual({
      entity: "client.cinder",
      user: "nova",
      keyring: "/etc/ceph/ceph.client.cinder.keyring",
    });
    expect(can).toEqual({ write: ["volumes", "vms"], clone: ["images"] });
    expect(cannot).toEqual({ read: ["backups"], write: ["backups", "images"] });
    expect(libvirtSecret).toMatchObject({ uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(inputs("rbd-vol1-cinder-backup-check")).toMatchObject({
      entity: "client.cinder-backup",
      user: "cinder",
      can: { write: ["backups"], read: ["volumes"] },
    });
    expect(inputs("rbd-ctl1-glance-check")["can"]).toEqual({ write: ["images"] });
    expect(inputs("rbd-ctl1-glance-check")).not.toHaveProperty("libvirtSecret");
  });

  test("they come after files and restarts of their host", async () => {
    const { at } = await made({ checks: true, services: true });
    for (const before of ["rbd-cmp1-nova-libvirt", "rbd-cmp1-secret", "rbd-cmp1-nova-service"])
      expect(at("rbd-cmp1-nova-check")).toBeGreaterThan(at(before));
  });

  test("in containers they run inside, with the files as the container has them", async () => {
    const { inputs } = await made({ checks: { roles: ["nova"] } }, { layout: "kolla-containers" });
    expect(inputs("rbd-cmp1-nova-check")).toMatchObject({
      user: "42436",
      prefix: ["docker", "exec", "-i", "nova_compute"],
      conf: "/etc/ceph/ceph.conf",
      keyring: "/etc/ceph/ceph.client.cinder.keyring",
    });
  });

  test.each([
    [["virsh"], "docker"],
    [["sudo", "/usr/bin/podman", "exec", "-i", "nova_libvirt", "virsh"], "/usr/bin/podman"],
  ])("with virsh started by %j it is %s that leads inside", async (virsh, engine) => {
    const layout = { preset: "kolla-containers", virsh } as const;
    const { inputs } = await made({ checks: { roles: ["nova"] } }, { layout });
    expect(inputs("rbd-cmp1-nova-check")["prefix"]).toEqual([engine, "exec", "-i", "nova_compute"]);
  });
});

describe("what cannot be meant by `manage` is refused", () => {
  test.each<[unknown, string]>([
    [{ packages: "yes" }, 'manage.packages "yes" must be true, false'],
    [true, "manage true must be false, or say what is managed"],
    [
      { servces: true },
      "manage.servces is no argument here; there are directories, packages, services, checks",
    ],
    [{ services: { roles: ["cinder-backup"] } }, 'manage.services.roles "cinder-backup" is no role'],
    [
      { services: { exceptHosts: ["cmp9"] } },
      'manage.services.exceptHosts names "cmp9", which is a host of no role',
    ],
    [{ services: { batch: 0 } }, "manage.services.batch must be a whole number from 1 on"],
    [{ services: { batch: { nova: 1.5 } } }, "manage.services.batch must be a whole number from 1 on"],
    [{ checks: { batch: 2 } }, "manage.checks.batch is no argument here"],
    [{ directories: 1 }, "manage.directories 1 must be true or false"],
  ])("%j", (manage, said) => {
    expect(problemsOf({ ...args, manage: manage as ManageArgs })).toEqual([expect.stringContaining(said)]);
  });

  test("and nothing else is", () => {
    const services = {
      roles: ["nova"],
      exceptHosts: ["cmp1"],
      batch: { nova: 3 },
      probes: { nova: { tcp: 1 } },
    };
    const manage = { directories: true, packages: false, services, checks: true } as ManageArgs;
    expect(problemsOf({ ...args, manage })).toEqual([]);
    expect(problemsOf(args)).toEqual([]);
    expect(problemsOf({ ...args, manage: false })).toEqual([]);
  });
});
