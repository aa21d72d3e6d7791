/** A full program, and at each of its places, one after another, a value of every other kind. */
import { expect, test } from "@jest/globals";
import { RunError } from "@pulumi/pulumi";
import { ALONE } from "../../../../components/topology/alone-shapes";
import { problemsOf, refuse } from "../../../../components/topology/rules";
import type { CephOpenStackIntegrationArgs } from "../../../../index";

const fsid = "6c1f6f0e-1111-4222-8333-444455556666";
const UUID = "11111111-1111-4111-8111-111111111111";
const sections = {
  options: { DEFAULT: { debug: true, workers: 3, list: ["a", "b"], many: { repeated: ["a"] } } },
  secretOptions: { keystone_authtoken: { password: "p" } },
};
const full = {
  cluster: {
    fsid,
    admin: ["mon1"],
    name: "ceph",
    adminName: "ceph",
    prefix: ["cephadm"],
    entity: "client.admin",
    conf: "/etc/ceph/ceph.conf",
    keyring: "/etc/ceph/k",
  },
  clusters: {
    site2: {
      fsid: UUID,
      admin: "mon2",
      name: "site2",
      adminName: "ceph",
      cephRelease: "reef",
      adopt: "never",
      cephConf: { client: { rbd_cache: false } },
    },
  },
  openstackRelease: "2025.1",
  cephRelease: "reef",
  pools: {
    images: {
      size: 3,
      application: "rbd",
      bulk: true,
      quota: { maxBytes: 5 },
      compression: { mode: "none" },
      adopt: "never",
    },
    volumes: { name: "vols", dataPool: "data" },
    data: { type: "erasure" },
    far: { existing: "volumes", cluster: "site2" },
    backups: {},
    vms: {},
  },
  glance: {
    hosts: ["ctl1"],
    ...sections,
    stores: [{ name: "rbd", pool: "images", user: "glance" }],
    reservedStores: { staging: "/var/a", tasks: "/var/b" },
    cloneV2: true,
  },
  cinder: {
    hosts: ["vol1"],
    ...sections,
    backends: [
      { name: "ceph", pool: "volumes", availabilityZone: "z" },
      { name: "far", pool: "far", user: "cinder-far", secretUuid: UUID },
    ],
    activeActive: { cluster: "c", coordination: "redis://ctl" },
  },
  cinderBackup: { hosts: ["bak1"], ...sections, pool: "backups" },
  nova: { hosts: ["cmp1", "cmp2"], ...sections, pool: "vms", user: "nova", secretUuid: undefined },
  users: { cinder: "cinder" },
  keyGenerations: { cinder: 2 },
  adopt: "never",
  cephConf: { client: { rbd_cache: true } },
  silence: ["debug"],
  layout: {
    preset: "rdo9",
    novaConf: "/etc/nova/nova.conf",
    users: { nova: { owner: "42", group: "42" } },
    cephDirs: { nova: "/etc/ceph" },
    libvirtCephDirs: ["/x"],
    keyring: { owner: "a", group: "b", mode: "0640" },
    qemu: { owner: "qemu" },
    virsh: ["virsh"],
    libvirtUri: "qemu:///system",
    units: { nova: { unit: "n", container: "c", engine: "podman", restart: ["r"] } },
    packages: { "qemu-rbd": ["q"] },
  },
  manage: {
    directories: true,
    packages: { roles: ["nova"], exceptHosts: ["cmp1"] },
    services: { batch: { nova: 3 }, probes: { nova: { tcp: 1 } }, timeoutSeconds: 5 },
    checks: { exceptHosts: ["cmp1"] },
    images: { cloud: "a", names: ["debian"], insecure: false },
  },
  hooks: () => undefined,
};

const WRONG: readonly unknown[] = [null, 5, true, false, "", "§ §", [], ["§"], [5], { "§": "§" }, () => 0];

/** Places where a value of another kind is one, too. */
const ALSO: readonly [RegExp, (value: unknown) => boolean][] = [
  [/(?:ptions\.\w+|cephConf\.client)\.[\w.]+$/, () => true],
  [/^(?:pools|clusters\.site2\.cephConf|cephConf|\w+\.(?:secretO|o)ptions)$/, (value) => value === false],
  [/^pools\.\w+$/, (value) => value === false],
  [/^manage\.images$/, (value) => Array.isArray(value) && value.length === 0],
  [/^manage\.services\.batch$/, (value) => value === 5],
  [/^layout$/, (value) => typeof value === "string"],
  [/^manage(?:\.packages|\.services|\.checks)?$/, (value) => typeof value === "boolean"],
];

/** Every place of a program with the program in which another value is there. */
const withAt = (whole: unknown, path: readonly string[], value: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((one: unknown, i) => (String(i) === key ? withAt(one, rest, value) : one));
  const map: Record<string, unknown> = { ...(whole as object) };
  return { ...map, [key]: withAt(map[key], rest, value) };
};
const placesIn = (value: unknown, path: readonly string[] = []): string[][] => [
  ...(path.length === 0 ? [] : [[...path]]),
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, one]) => placesIn(one, [...path, key]))
    : []),
];
const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
const at = (whole: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), whole);

const problems = (args: unknown): string => problemsOf(args as CephOpenStackIntegrationArgs).join("\n");

test("the full program is right", () => {
  expect(problems(full)).toBe("");
});

test("at each of its places a value of another kind is refused by the name of the place", () => {
  const silent: string[] = [];
  for (const path of placesIn(full).filter((place) => at(full, place) !== undefined))
    for (const value of WRONG) {
      const place = path.join(".");
      if (kindOf(value) === kindOf(at(full, path))) continue;
      if (ALSO.some(([where, isRight]) => where.test(place) && isRight(value))) continue;
      const trial = `${place} = ${typeof value === "function" ? "() => 0" : JSON.stringify(value)}`;
      try {
        const said = problems(withAt(full, path, value));
        if (!said.includes(place.replace(/(?<=batch|names)\.\w+$/, "")))
          silent.push(`${trial}: ${said.slice(0, 200)}`);
      } catch (error) {
        silent.push(`${trial}: ${String(error)}`);
      }
    }
  expect(silent).toEqual([]);
});

test("a field that nobody knows is refused in each map of fields", () => {
  const free =
    /^(?:clusters|pools|users|keyGenerations|\w+\.(?:o|secretO)ptions(?:\..*)?|.*cephConf(?:\..*)?|manage\.services\.(?:batch|probes))$/;
  const silent = placesIn(full)
    .filter((path) => kindOf(at(full, path)) === "object" && !free.test(path.join(".")))
    .filter((path) => {
      const place = [...path, "zzzzzzz"];
      const said = problems(withAt(full, place, "x"));
      return !said.includes("zzzzzzz") && !said.includes(path.join("."));
    });
  expect(silent.map((path) => path.join("."))).toEqual([]);
});

test("a role alone refuses a value of another kind at each of its places", () => {
  const { cluster, layout } = full;
  const role = {
    ...{ cluster, layout, ...sections, hosts: ["h1"], user: "u", pool: "p" },
    ...{ entity: { entity: "client.u", keyGeneration: 2 }, conf: "/c", clientFiles: true },
    ...{
      cephConf: { client: { a: 1 } },
      silence: ["x"],
      secretUuid: UUID,
      adopt: "never",
      directories: true,
    },
  };
  const own = /^(?:cluster\.fsid|layout\.(?:preset|\w+Conf|cephDirs\..*|libvirtCephDirs\..*))$/;
  expect(ALONE.NovaCompute(role, "")).toEqual([]);
  const silent = placesIn(role).flatMap((path) =>
    WRONG.filter((value) => {
      const place = path.join(".");
      if (own.test(place) || kindOf(value) === kindOf(at(role, path))) return false;
      if (ALSO.some(([where, isRight]) => where.test(place) && isRight(value))) return false;
      return !ALONE.NovaCompute(withAt(role, path, value), "").some(({ says }) => says.includes(place));
    }).map((value) => `${path.join(".")} = ${JSON.stringify(value)}`),
  );
  expect(silent).toEqual([]);
  expect(() => {
    refuse({ kind: "NovaCompute", name: "x" }, ["words"]);
  }).toThrow(RunError);
});
