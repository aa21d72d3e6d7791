/** Programs without types hand over anything: what is of no use is refused where it stands, and nothing stumbles over it. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import {
  CephOpenStackIntegration,
  CinderBackend,
  CinderBackup,
  GlanceStore,
  NovaCompute,
} from "../../../../index";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const good = { cluster, openstackRelease: "2025.1", cinder: { hosts: ["vol1"] }, nova: { hosts: ["cmp1"] } };
const one = { cluster, openstackRelease: "2025.1", hosts: ["h1"], user: "cinder", pool: "vms" };

type Class = new (name: string, args: never) => pulumi.ComponentResource;

/** Lines of the refusal; anything else that is thrown is no refusal. */
const said = (Kind: Class, args: unknown): string[] => {
  try {
    new Kind("x", args as never);
    return [];
  } catch (error) {
    if (!pulumi.RunError.isInstance(error)) return [`NOT REFUSED: ${String(error)}`];
    return error.message.split("\n  ").slice(1);
  }
};
const integration = (args: object) => said(CephOpenStackIntegration, { ...good, ...args });
const cinder = (more: object) => integration({ cinder: { hosts: ["vol1"], ...more } });
const nova = (more: object) => integration({ nova: { hosts: ["cmp1"], ...more } });
const alone = (Kind: Class, more: object) => said(Kind, { ...one, ...more });

describe("a field that is written wrong is told with the one that is meant", () => {
  const backend = (more: object) => cinder({ backends: [{ name: "ceph", pool: "volumes", ...more }] });
  const locks = { cluster: "c", coordination: "redis://ctl" };
  test.each<[string, string[], string]>([
    ["cinder.backends.0.secretUUID", backend({ secretUUID: "x" }), "secretUuid"],
    ["cinder.backends.0.usr", backend({ usr: "x" }), "user"],
    ["cinder.backends.0.backend_host", backend({ backend_host: "x" }), "backendHost"],
    [
      "glance.stores.0.usr",
      integration({ glance: { hosts: ["c"], stores: [{ name: "a", pool: "images", usr: "x" }] } }),
      "user",
    ],
    ["cinder.activeActive.clustr", cinder({ activeActive: { ...locks, clustr: "x" } }), "cluster"],
    [
      "cinder.activeActive.cordination",
      cinder({ activeActive: { ...locks, cordination: "x" } }),
      "coordination",
    ],
    [
      "deploymentHost.onwer",
      integration({ layout: "kolla", deploymentHost: { host: "d", onwer: "k" } }),
      "owner",
    ],
    [
      "layout.units.nova.contaner",
      integration({ layout: { units: { nova: { unit: "n", contaner: "c" } } } }),
      "container",
    ],
    ["layout.novaconf", integration({ layout: { novaconf: "/x" } }), "novaConf"],
    ["layout.users.glanc", integration({ layout: { users: { glanc: "x" } } }), "glance"],
    ["layout.keyring.user", integration({ layout: { keyring: { user: "x" } } }), "owner, group, mode"],
    ["cluster.amin", integration({ cluster: { ...cluster, amin: "m" } }), "admin"],
    ["pools.vms.sise", integration({ pools: { volumes: {}, vms: { sise: 3 } } }), "size"],
    ["novaa", integration({ novaa: {} }), "nova"],
    ["poool", alone(NovaCompute, { poool: "vms" }), "pool"],
    ["manage", alone(NovaCompute, { manage: {} }), "hosts, cluster"],
    ["entity.entty", alone(GlanceStore, { entity: { entity: "client.g", entty: "x" } }), "entity"],
  ])("%s", (path, problems, meant) => {
    expect(problems).toEqual([expect.stringContaining(`${path} is no `)]);
    expect(problems[0]).toMatch(new RegExp(`(?:did you mean |there are .*)${meant}`));
  });
});

describe("what is of another kind is told with what must be there", () => {
  test.each<[string[], string]>([
    [
      integration({ manage: { services: { exceptHosts: "cmp1" } } }),
      'manage.services.exceptHosts must be a list: ["cmp1"]',
    ],
    [integration({ manage: { checks: { roles: "nova" } } }), 'manage.checks.roles must be a list: ["nova"]'],
    [integration({ manage: { checks: { roles: [] } } }), "manage.checks.roles must name at least one role"],
    [integration({ pools: { volumes: {}, vms: "vms" } }), 'pools.vms "vms" must be a pool: {}'],
    [integration({ pools: { volumes: {}, vms: true } }), "pools.vms true must be a pool"],
    [integration({ pools: { volumes: {}, vms: null } }), "pools.vms null must be a pool"],
    [integration({ pools: [] }), "pools (a list) must be a map of pools by key"],
    [integration({ glance: { hosts: ["c"], stores: {} } }), "glance.stores (a map) must be a list"],
    [
      integration({ glance: { hosts: ["c"], stores: ["fast"] } }),
      'glance.stores.0 "fast" must be a map: { name',
    ],
    [integration({ nova: null }), "nova must not be null: leave it out"],
    [integration({ nova: "cmp1" }), 'nova "cmp1" must be a map: { hosts'],
    [nova({ hosts: "cmp1" }), 'nova.hosts must be a list: ["cmp1"]'],
    [integration({ layout: { virsh: "podman exec x virsh" } }), "layout.virsh must be a list"],
    [integration({ layout: { libvirtCephDirs: "/x" } }), 'layout.libvirtCephDirs must be a list: ["/x"]'],
    [integration({ layout: { qemu: "nova" } }), 'layout.qemu "nova" must be a map: { owner, group }'],
    [
      nova({ options: { rbd_user: "cinder" } }),
      'nova.options.rbd_user "cinder" must be by section: { libvirt: { rbd_user: … } }',
    ],
    [nova({ options: "x" }), 'nova.options "x" must be options by section: { libvirt: { rbd_user: … } }'],
    [
      integration({ cephConf: { rbd_cache: "false" } }),
      'cephConf.rbd_cache "false" must be by section: { client: { rbd_cache: … } }',
    ],
    [integration({ cephConf: { rbd_cache: false } }), "cephConf.rbd_cache false must be by section"],
    [
      cinder({ secretOptions: { password: "hunter2" } }),
      "cinder.secretOptions.password [secret] must be by section: { DEFAULT: { password: … } }",
    ],
    [
      cinder({ activeActive: { cluster: "c", coordination: "ctl:2379" } }),
      "cinder.activeActive.coordination must be the address of a service",
    ],
    [integration({ silence: "x" }), 'silence must be a list: ["x"]'],
    [integration({ glance: { hosts: ["c"], cloneV2: "yes" } }), 'glance.cloneV2 "yes" must be true or false'],
    [nova({ hosts: ["root@cmp1"] }), 'nova.hosts.0 "root@cmp1" must be a host as OpenSSH knows it'],
    [alone(CinderBackend, { enable: "no" }), 'enable "no" must be true or false'],
    [alone(NovaCompute, { directories: "yes" }), 'directories "yes" must be true or false'],
    [alone(NovaCompute, { user: 5 }), "user 5 must be text"],
    [alone(NovaCompute, { user: undefined }), "user is missing"],
    [alone(NovaCompute, { pool: undefined }), "pool is missing"],
    [alone(NovaCompute, { options: { rbd_user: "c" } }), 'options.rbd_user "c" must be by section'],
    [
      alone(CinderBackup, { volumeUsers: ["cinder"] }),
      'volumeUsers.0 "cinder" must be a map: { user, entity, cluster }',
    ],
    [alone(CinderBackup, { volumeUsers: "cinder" }), 'volumeUsers must be a list: ["cinder"]'],
    [alone(CinderBackup, { volumeUsers: [{ user: "cinder" }] }), "volumeUsers.0.entity is missing"],
  ])("%j", (problems, words) => {
    expect(problems).toEqual([expect.stringContaining(words)]);
  });

  test("of no arguments at all it is said which there are", () => {
    for (const Kind of [CephOpenStackIntegration, GlanceStore, CinderBackend, CinderBackup, NovaCompute])
      for (const args of [undefined, null, "x", []])
        expect(said(Kind, args)).toEqual([
          expect.stringMatching(/^the arguments.* must be a map: \{ .*cluster/),
        ]);
    expect(said(CephOpenStackIntegration, {})).toEqual(["cluster is missing"]);
  });

  test("what is wrong of one kind does not hide what is wrong of another", () => {
    const problems = integration({ nova: { hosts: [], usr: "x" }, silence: "y", openstackRelease: "bexar" });
    for (const words of ["nova.hosts must name", "nova.usr is no", "silence must be", "bexar"])
      expect(problems).toContainEqual(expect.stringContaining(words));
  });

  test("a secret's value is in no refusal", () => {
    for (const given of [
      "hunter2",
      { password: "hunter2" },
      { DEFAULT: { password: ["hunter2"] } },
      ["hunter2"],
    ])
      expect(JSON.stringify(cinder({ secretOptions: given }))).not.toContain("hunter2");
    const active = { cluster: "c", coordination: "ctl:hunter2" };
    expect(JSON.stringify(cinder({ activeActive: active }))).not.toContain("hunter2");
  });
});
