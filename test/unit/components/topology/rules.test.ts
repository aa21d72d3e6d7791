import { describe, expect, test } from "@jest/globals";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import { problemsOf } from "../../../../components/topology/rules";

const cluster = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const good: CephOpenStackIntegrationArgs = {
  cluster,
  openstackRelease: "zed",
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
};
/** As a program without types would hand them over. */
const problems = (args: object): string[] => problemsOf({ ...good, ...args });
const pools = { images: {}, volumes: {}, backups: {} };
const backends = (...names: string[]) => ({
  cinder: { hosts: ["vol1"], backends: names.map((name) => ({ name, pool: "volumes" })) },
});
const stores = (...names: string[]) => ({
  glance: { hosts: ["ctl1"], stores: names.map((name) => ({ name, pool: "images" })) },
});

const UUID = "11111111-1111-4111-8111-111111111111";

test("good arguments have no problem", () => {
  expect(problems({})).toEqual([]);
});

describe("each rule is the only one that speaks", () => {
  test.each<[string, object, string]>([
    [
      "an argument that a role does not have",
      { nova: { hosts: ["cmp1"], pools: "vms" } },
      "nova.pools is no argument here; there are hosts, options, secretOptions, pool, user, secretUuid; did you mean pool?",
    ],
    [
      "a cluster without a fsid",
      { cluster: { admin: "mon1" } },
      "cluster.fsid must be the cluster's fsid, a lower-case UUID and plain; `ceph fsid` prints it",
    ],
    [
      "a cluster without an admin host",
      { cluster: { fsid: cluster.fsid } },
      "cluster.admin must name a host where `ceph` may be run as an administrator",
    ],
    [
      "a release of Ceph that there is none of",
      { cephRelease: "luminous" },
      'cephRelease "luminous" is not known; there are nautilus (14), octopus (15), pacific (16), quincy (17), reef (18), squid (19), tentacle (20)',
    ],
    [
      "a pool's setting that the release of Ceph has not",
      { cephRelease: "14.2.21", pools: { ...pools, vms: { bulk: true } } },
      "pools.vms.bulk came with pacific (16), and cephRelease is nautilus",
    ],
    ["no hosts", { cinder: { hosts: [] } }, "cinder.hosts must name at least one host"],
    [
      "hosts that are not plain",
      { cinder: { hosts: [17] } },
      'cinder.hosts.0 17 must be a host as OpenSSH knows it (an alias, a name or an address), without user, port or blanks, as "cmp1"',
    ],
    [
      "stores of which there are none",
      stores(),
      "glance.stores names no store: leave it out for one in images",
    ],
    [
      "backends of which there are none",
      backends(),
      "cinder.backends names no backend: leave it out for one in volumes",
    ],
    [
      "a backend without a name",
      { cinder: { hosts: ["vol1"], backends: [{ pool: "volumes" }] } },
      "a cinder backend has no name",
    ],
    [
      "backends that differ by case",
      backends("Ceph", "ceph"),
      'cinder backends "Ceph" and "ceph" are one section: case is no difference there',
    ],
    [
      "a backend called as the service's own section",
      backends("DEFAULT"),
      'cinder backend "DEFAULT": a section of that name is the service\'s own',
    ],
    [
      "a store called as the service's own section",
      stores("glance_store"),
      'glance store "glance_store": a section of that name is the service\'s own',
    ],
    [
      "an existing pool with fields",
      { pools: { images: { existing: "i", size: 3 }, volumes: {}, backups: {}, vms: {} } },
      "pools.images is an existing pool and not managed: size would have no effect",
    ],
    [
      "an existing pool without a name",
      { pools: { images: { existing: "" }, volumes: {}, backups: {}, vms: {} } },
      "pools.images.existing must be the plain name of a pool",
    ],
    [
      "nova without vms",
      { pools: { images: {}, volumes: {}, backups: {} } },
      'nova uses pool "vms", which pools does not name; there are images, volumes, backups',
    ],
    [
      "a user with client. before it",
      { users: { cinder: "client.cinder" } },
      'users.cinder "client.cinder" must be the name of a cephx user without "client."',
    ],
    [
      "a generation for a user that there is not",
      { keyGenerations: { nova: 2 } },
      "keyGenerations.nova is no user here; there are glance, cinder, cinderBackup",
    ],
    ["a uuid that is none", { secretUuid: "cinder" }, "secretUuid cinder must be a UUID in lower case"],
    [
      "one option of one file given by two roles of a host",
      {
        cinder: { hosts: ["vol1"], options: { DEFAULT: { debug: true } } },
        cinderBackup: { hosts: ["vol1"], options: { DEFAULT: { debug: false } } },
      },
      "cinder.options and cinderBackup.options both give [DEFAULT] debug, in one file on vol1: give it once",
    ],
    [
      "one option of one file given by two roles of a host, once as a secret",
      {
        cinder: { hosts: ["vol1"], secretOptions: { DEFAULT: { transport_url: "rabbit://" } } },
        cinderBackup: { hosts: ["vol1"], options: { DEFAULT: { transport_url: "rabbit://" } } },
      },
      "cinder.options and cinderBackup.options both give [DEFAULT] transport_url, in one file on vol1: give it once",
    ],
    [
      "an option in the open and as a secret",
      {
        nova: {
          hosts: ["cmp1"],
          options: { neutron: { password: "a" } },
          secretOptions: { neutron: { password: "b" } },
        },
      },
      "nova.options and nova.secretOptions both give [neutron] password: give it once",
    ],
    [
      "an adoption of no known kind",
      { adopt: "only" },
      'adopt "only" must be "if-identical", "add-caps", "overwrite" or "never"',
    ],
    [
      "a generation for a user that no backend has",
      {
        cinder: { hosts: ["vol1"], backends: [{ name: "a", pool: "volumes", user: "ssd" }] },
        keyGenerations: { hdd: 2 },
      },
      "keyGenerations.hdd is no user here; there are glance, cinder, cinderBackup, ssd",
    ],
    [
      "a backend's user with client. before it",
      { cinder: { hosts: ["vol1"], backends: [{ name: "a", pool: "volumes", user: "client.a" }] } },
      'cinder backend "a": user "client.a" must be the name of a cephx user without "client."',
    ],
    [
      "a user that is what users calls another one",
      { users: { cinder: "volumes" }, nova: { hosts: ["cmp1"], user: "cinder" } },
      'nova: user "cinder" is what users calls another one',
    ],
    [
      "one uuid for the secrets of two users",
      { secretUuid: UUID, nova: { hosts: ["cmp1"], user: "nova", secretUuid: UUID } },
      `${UUID} is given to the libvirt secrets of two users: each has its own`,
    ],
    ["a form that there is none of", { compat: "kilo" }, 'compat "kilo" is not known; there is "classic"'],
    [
      "several stores in the form of one",
      { ...stores("a", "b"), compat: "classic" },
      'glance.stores: compat "classic" has one store of Glance; leave compat out for several',
    ],
    [
      "an unknown layout",
      { layout: "devstack" },
      'layout "devstack" is not known; there are packages, debian, ubuntu, rdo9, kolla-containers, kolla, osa, helm, edpm',
    ],
    [
      "a field that layouts do not have",
      { layout: { novaconf: "/x" } },
      "layout.novaconf is no argument here; there are preset, glanceConf, cinderConf, cinderBackupConf, novaConf, users, cephDirs, cephDir, libvirtCephDirs, keyring, qemu, virsh, libvirtUri, units, packages; did you mean novaConf?",
    ],
    [
      "something to manage that is not known",
      { manage: { package: true } },
      "manage.package is no argument here; there are directories, packages, services, checks, images; did you mean packages?",
    ],
  ])("%s", (_name, args, said) => {
    expect(problems(args)).toEqual([said]);
  });
});

describe("what is no problem", () => {
  test.each<[string, object]>([
    [
      "packages, services and checks, everywhere or nowhere",
      { manage: { packages: false, services: true, checks: { roles: ["glance"] } } },
    ],
    ["a store and a backend of one name: their files differ", { ...stores("ceph"), ...backends("ceph") }],
    ["one pool for two stores", stores("fast", "slow")],
    ["several admin hosts", { cluster: { ...cluster, admin: ["mon1", "mon2"] } }],
    [
      "one option given by two roles on different hosts",
      {
        cinder: { hosts: ["vol1"], options: { DEFAULT: { debug: true } } },
        cinderBackup: { hosts: ["vol2"], options: { DEFAULT: { debug: false } } },
      },
    ],
  ])("%s", (_name, args) => {
    expect(problems(args)).toEqual([]);
  });
});

test("an unknown release is one problem among the others, not the only one said", () => {
  const said = problems({ openstackRelease: "2025.9", secretUuid: "x" });
  expect(said).toEqual([
    expect.stringContaining('openstackRelease "2025.9" is not known; there are queens (2018.1)'),
    "secretUuid x must be a UUID in lower case",
  ]);
});

test("several stores of Glance need Train", () => {
  const two = stores("a", "b");
  expect(problems({ ...two, openstackRelease: "stein" })).toEqual([
    "glance.stores: stein has one store of Glance; several need Train (2019.2) or later",
  ]);
  expect(problems({ ...two, openstackRelease: "train" })).toEqual([]);
});
