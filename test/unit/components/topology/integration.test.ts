import { describe, expect, test } from "@jest/globals";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import { integrationTopology } from "../../../../components/topology/integration";
import { releaseOf } from "../../../../components/releases/index";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const good: CephOpenStackIntegrationArgs = {
  cluster,
  openstackRelease: "zed",
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
};

const problems = (args: object): string => {
  try {
    integrationTopology("rbd", { ...good, ...args });
    return "";
  } catch (error) {
    return String(error);
  }
};

const U1 = "11111111-1111-4111-8111-111111111111";
const U2 = "22222222-2222-4222-8222-222222222222";

describe("what is wrong is said in the program's words, before anything is registered", () => {
  test.each<[string, object, string]>([
    ["an unknown role", { swift: { hosts: ["a"] } }, "swift is no role"],
    [
      "a backend without a pool",
      { cinder: { hosts: ["v"], backends: [{ name: "ceph" }] } },
      'cinder backend "ceph" has no pool',
    ],
    [
      "a pool that pools does not name",
      { pools: { images: {}, vms: {} } },
      'cinder backend "ceph" uses pool "volumes", which pools does not name; there are images, vms',
    ],
    [
      "a pool that is said not to be there",
      { pools: { images: {}, volumes: {}, vms: false } },
      "nova uses pool vms, which pools says is not there",
    ],
    [
      "two backends of one name",
      {
        cinder: {
          hosts: ["v"],
          backends: [
            { name: "a", pool: "p" },
            { name: "a", pool: "q" },
          ],
        },
      },
      'two cinder backends are called "a"',
    ],
    [
      "a store name that Glance keeps",
      { glance: { hosts: ["c"], stores: [{ name: "os_glance_x", pool: "images" }] } },
      "os_glance_",
    ],
    [
      "a backend name that is no section",
      { cinder: { hosts: ["v"], backends: [{ name: "a]b", pool: "p" }] } },
      "it names a section",
    ],
    [
      "a secret uuid given twice with different values",
      { secretUuid: U1, cinder: { hosts: ["v"], backends: [{ name: "a", pool: "p", secretUuid: U2 }] } },
      `${U1} and ${U2}`,
    ],
    ["a host twice", { nova: { hosts: ["cmp1", "cmp1"] } }, "nova.hosts names cmp1 twice"],
    ["a role without hosts", { nova: { hosts: [] } }, "nova.hosts must name at least one host"],
    ["backup without volumes", { cinder: undefined, cinderBackup: { hosts: ["v"] } }, "give cinder as well"],
    ["two users of one name", { users: { glance: "cinder" } }, 'two users are called "cinder"'],
    ["something unknown to manage", { manage: { service: true } }, "manage.service is no argument here"],
    ["an unknown release", { openstackRelease: "bexar" }, '"bexar" is not known; there are queens (2018.1)'],
  ])("%s", (_name, args, said) => {
    expect(problems(args)).toContain(said);
  });

  test("everything that is wrong is said at once", () => {
    const said = problems({ nova: { hosts: [] }, manage: { checks: 1 } });
    expect(said).toContain("nova.hosts");
    expect(said).toContain("manage.checks");
  });

  test("nothing to do is an error", () => {
    expect(() => integrationTopology("rbd", { cluster, openstackRelease: "zed" })).toThrow("nothing to do");
  });
});

test("without pools those that the roles need are made", () => {
  const { pools } = integrationTopology("rbd", good);
  expect(pools.map(({ key, spec, name }) => [key, spec, name])).toEqual([
    ["images", {}, "images"],
    ["volumes", {}, "volumes"],
    ["vms", {}, "vms"],
  ]);
});

test("a pool goes by its own name where it has one, and by that of the cluster where it is there", () => {
  const { pools } = integrationTopology("rbd", {
    ...good,
    pools: { images: {}, volumes: { name: "cinder-volumes" }, vms: { existing: "nova-vms" }, backups: false },
  });
  expect(pools.map(({ key, name }) => [key, name])).toEqual([
    ["images", "images"],
    ["volumes", "cinder-volumes"],
    ["vms", "nova-vms"],
  ]);
});

test("a uuid given the same twice is one, of all who use the user's secret", () => {
  const backends = [{ name: "a", pool: "volumes", secretUuid: U1 }];
  const { roles } = integrationTopology("rbd", {
    ...good,
    secretUuid: U1,
    cinder: { hosts: ["v"], backends },
  });
  const uuids = roles.filter(({ role }) => role !== "glance").map(({ users }) => users[0]?.secretUuid);
  expect(uuids).toEqual([U1, U1]);
});

test.each(["zed", "Zed", "2022.2"])("the release is known as %s", (name) => {
  expect(releaseOf(name).version).toBe("2022.2");
});
