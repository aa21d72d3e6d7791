/** What is managed where the program says nothing, and how each part is turned off. */
import { expect, test } from "@jest/globals";
import type { CephOpenStackIntegrationArgs } from "../../../../components/integration-args";
import type { ServiceUnit } from "../../../../components/layouts/layout";
import type { Entry } from "../../../../components/plan/entry";
import { planOf } from "../../../../components/plan/plan";
import { aloneTopology } from "../../../../components/topology/alone";
import { integrationTopology } from "../../../../components/topology/integration";

const desired = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
};
const args: CephOpenStackIntegrationArgs = {
  ...desired,
  glance: { hosts: ["ctl1", "ctl2"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1"] },
};

const planned = (more: Partial<CephOpenStackIntegrationArgs> = {}): readonly Entry[] =>
  planOf(integrationTopology("rbd", { ...args, ...more })).entries;

const MANAGED = ["ClientCheck", "ClientPackages", "Directory", "Service"];

/** How many of each kind, and how many of them stop nothing. */
const managed = (entries: readonly Entry[]): Record<string, string> =>
  Object.fromEntries(
    MANAGED.flatMap((kind): [string, string][] => {
      const all = entries.filter((entry) => entry.kind === kind);
      const isOptional = ({ args: given }: Entry) => "optional" in given && given.optional === true;
      return all.length === 0 ? [] : [[kind, `${all.length}, ${all.filter(isOptional).length} optional`]];
    }),
  );

const DEFAULT = { ClientPackages: "4, 4 optional", Service: "10, 10 optional" };

test.each<[string, Partial<CephOpenStackIntegrationArgs>]>([
  ["nothing", {}],
  ["nothing of packages and services", { manage: {} }],
  ["what is off anyway", { manage: { checks: false, directories: false } }],
])(
  "where the program says %s, packages and restarts are there and stop nothing, and nothing else is",
  (_, more) => {
    expect(managed(planned(more))).toEqual(DEFAULT);
  },
);

test("false takes all away, or one part of it", () => {
  expect(managed(planned({ manage: false }))).toEqual({});
  expect(managed(planned({ manage: { services: false } }))).toEqual({ ClientPackages: "4, 4 optional" });
  expect(managed(planned({ manage: { packages: false } }))).toEqual({ Service: "10, 10 optional" });
});

test("what is asked for in words is an error where it cannot be", () => {
  expect(managed(planned({ manage: { packages: true, services: { exceptHosts: ["cmp1"] } } }))).toEqual({
    ClientPackages: "4, 0 optional",
    Service: "8, 0 optional",
  });
});

test("checks and directories are asked for", () => {
  expect(managed(planned({ manage: { checks: true, directories: true } }))).toEqual({
    ...DEFAULT,
    ClientCheck: "5, 0 optional",
    Directory: "2, 0 optional",
  });
});

test("containers bring their packages; where another tool writes the hosts, and for a role alone, there is nothing", () => {
  expect(managed(planned({ layout: "kolla-containers" }))).toEqual({ Service: "10, 10 optional" });
  expect(managed(planned({ layout: "helm" }))).toEqual({});
  const alone = { kind: "GlanceStore", name: "s", role: "glance", pool: "images" } as const;
  const args = { ...desired, hosts: ["ctl1"], user: "glance", pool: alone.pool };
  const topology = aloneTopology(alone, args);
  expect(managed(planOf(topology).entries)).toEqual({});
});

/** Arguments of the resource of that name, where the unit of glance is so. */
const ofGlance = (name: string, glance: ServiceUnit) =>
  planned({
    layout: { preset: "kolla-containers", units: { glance } },
    manage: { services: true, checks: true },
  }).find((entry) => entry.name === name)?.args;

test.each<[readonly string[], object]>([
  [["docker", "restart", "glance_api"], { unit: "docker:glance_api" }],
  [["podman", "restart", "glance_api"], { unit: "podman:glance_api" }],
  [
    ["docker", "compose", "restart", "glance"],
    { unit: "docker:glance_api", command: ["docker", "compose", "restart", "glance"] },
  ],
  [
    ["sudo", "podman", "restart", "-t", "60", "glance_api"],
    { unit: "podman:glance_api", command: ["sudo", "podman", "restart", "-t", "60", "glance_api"] },
  ],
  [["/opt/restart", "glance"], { unit: "glance_api", command: ["/opt/restart", "glance"] }],
])("a unit that a layout restarts by %j is restarted so", (restart, expected) => {
  for (const name of ["rbd-ctl1-glance-service", "rbd-ctl1-glance-service-undo"]) {
    const { unit, command } = {
      command: undefined,
      unit: "",
      ...ofGlance(name, { unit: "glance_api", restart }),
    };
    expect({ unit, ...(command === undefined ? {} : { command }) }).toEqual(expected);
  }
});

test.each([
  ["docker", {}],
  ["/usr/bin/podman", { engine: "/usr/bin/podman" }],
])("a check goes into the container by %s", (engine, more) => {
  const unit = { unit: "glance_api", container: "glance_api", ...more };
  expect(ofGlance("rbd-ctl1-glance-check", unit)).toMatchObject({
    prefix: [engine, "exec", "-i", "glance_api"],
  });
});
