/** Random clouds over one to three clusters, awkward on purpose: pools of one name in all of them, users that share names, hosts that share roles. */
import fc from "fast-check";
import type { CephOpenStackIntegrationArgs, PoolSpec } from "../../components/integration-args.js";

/** fsids of the first cluster and of the further ones, by key. */
export const FSIDS = {
  first: "6c1f6f0e-1111-4222-8333-444455556666",
  site2: "7c1f6f0e-1111-4222-8333-444455556666",
  "site-3": "8c1f6f0e-1111-4222-8333-444455556666",
} as const;

const FURTHER = ["site2", "site-3"] as const;
const HOSTS = ["a", "b", "a-site2"] as const;

const hosts = fc.subarray([...HOSTS], { minLength: 1 });
const ownUser = fc.constantFrom(undefined, undefined, "x", "cinder-x");

/** Entries that are there. */
const given = <T>(key: string, value: T | undefined): Readonly<Record<string, T>> =>
  value === undefined ? {} : { [key]: value };

/** Each pool of a key of its own, and of one name in all clusters. A user has one data pool: all pools of a cluster have it. */
const poolsIn = (clusters: readonly string[], role: string, erasure: boolean): [string, PoolSpec][] => [
  [role, erasure ? { dataPool: "data" } : {}],
  ...clusters.map((cluster): [string, PoolSpec] => [
    `${role}-${cluster}`,
    { cluster, name: role, ...(erasure ? { dataPool: `data-${cluster}` } : {}) },
  ]),
];

const dataPools = (clusters: readonly string[]): [string, PoolSpec][] => [
  ["data", { type: "erasure" }],
  ...clusters.map((cluster): [string, PoolSpec] => [
    `data-${cluster}`,
    { cluster, name: "data", type: "erasure" },
  ]),
];

const poolOf = (role: string, clusters: readonly string[]) =>
  fc.constantFrom(role, ...clusters.map((cluster) => `${role}-${cluster}`));

const storesOf = (clusters: readonly string[]) =>
  fc.array(fc.record({ pool: poolOf("images", clusters), user: ownUser }), { minLength: 1, maxLength: 3 });

const backendsOf = (clusters: readonly string[]) =>
  fc.array(fc.record({ pool: poolOf("volumes", clusters), user: ownUser }), { minLength: 1, maxLength: 4 });

type Part = { readonly pool: string; readonly user: string | undefined };

/** How several hosts of a backend are told apart, or not. */
const ACTIVE = { cluster: "rbd", coordination: "etcd3+http://ctl:2379" };
const RESERVED = { staging: "/srv/staging", tasks: "/srv/tasks" };

const parts = (prefix: string, all: readonly Part[]) =>
  all.map(({ pool, user }, at) => ({ name: `${prefix}${String(at)}`, pool, ...given("user", user) }));

const cloudOn = (further: readonly (typeof FURTHER)[number][]): fc.Arbitrary<CephOpenStackIntegrationArgs> =>
  fc
    .record({
      name: fc.constantFrom(undefined, "far"),
      layout: fc.constantFrom("debian" as const, "rdo9" as const, "kolla-containers" as const),
      openstackRelease: fc.constantFrom("train", "zed", "2025.1"),
      hosts: fc.record({ glance: hosts, cinder: hosts, cinderBackup: hosts, nova: hosts }),
      stores: storesOf(further),
      backends: backendsOf(further),
      roles: fc.record({ glance: fc.boolean(), cinderBackup: fc.boolean(), nova: fc.boolean() }),
      backups: poolOf("backups", further),
      vms: fc.record({ pool: poolOf("vms", further), user: ownUser }),
      cloneV2: fc.boolean(),
      together: fc.constantFrom({}, { activeActive: ACTIVE }),
      zone: fc.constantFrom({}, { availabilityZone: "az1" }, { backendHost: "rbd" }),
      reserved: fc.constantFrom({}, { reservedStores: RESERVED }),
      directories: fc.boolean(),
      erasure: fc.boolean(),
      images: fc.constantFrom({}, { images: { cloud: "admin", names: ["debian", "ubuntu"] } }),
    })
    .map(
      ({
        name,
        roles,
        hosts: on,
        stores,
        backends,
        vms,
        backups,
        cloneV2,
        together,
        zone,
        reserved,
        directories,
        erasure,
        images,
        ...rest
      }) => ({
        ...rest,
        cluster: { fsid: FSIDS.first, admin: "mon1", ...given("name", name) },
        clusters: Object.fromEntries(
          further.map((key) => [
            key,
            {
              fsid: FSIDS[key],
              admin: `mon-${key}`,
              ...given("name", key === "site2" && name === "far" ? "ceph" : undefined),
            },
          ]),
        ),
        pools: Object.fromEntries([
          ...["images", "volumes", "backups", "vms"].flatMap((role) => poolsIn(further, role, erasure)),
          ...(erasure ? dataPools(further) : []),
        ]),
        cinder: {
          hosts: on.cinder,
          backends: parts("back", backends).map((backend) => ({ ...backend, ...zone })),
          // Its hosts are all active, or go by one name.
          ...("backendHost" in zone ? {} : together),
        },
        ...(roles.glance
          ? { glance: { hosts: on.glance, stores: parts("store", stores), cloneV2, ...reserved } }
          : {}),
        ...(roles.cinderBackup ? { cinderBackup: { hosts: on.cinderBackup, pool: backups } } : {}),
        ...(roles.nova ? { nova: { hosts: on.nova, pool: vms.pool, ...given("user", vms.user) } } : {}),
        manage: { packages: true, services: true, checks: true, directories, ...images },
      }),
    );

/** A cloud over one to three clusters. */
export const anyCloud: fc.Arbitrary<CephOpenStackIntegrationArgs> = fc
  .subarray([...FURTHER])
  .chain((further) => cloudOn(further));
