/** What `examples/whole-cloud` makes: hosts of one region in place, of the other nothing but the deployment host's files. */
import { beforeAll, expect, test } from "@jest/globals";
import { runExample, type Example } from "../support/example";
import type { Registered } from "../support/mocks";

const FSID = "6c1f6f0e-1111-4222-8333-444455556666";
const SOUTH = "7d2f6f0e-1111-4222-8333-444455556666";

let made: Example;
beforeAll(async () => {
  made = await runExample("whole-cloud", { fsid: FSID, southFsid: SOUTH });
});

/** Artifacts of a region. */
const of = (region: string): Registered[] =>
  [...made.values()].filter(
    ({ name, type }) => name.startsWith(`${region}-`) && type.startsWith("pulumi-nodejs:dynamic/"),
  );
const triggers = (service: string): string[] => Object.keys(made.get(service)?.inputs["triggers"] ?? {});

test("the second backend brings its pool, its user, keyrings on the volume hosts, and on each compute a secret and its proof", () => {
  const names = of("rbd").map(({ name }) => name);
  const onComputes = ["-secret-cinder-fast", "-nova-check-cinder-fast"];
  const fast = names.filter(
    (name) => name.endsWith("fast") && !onComputes.some((ending) => name.endsWith(ending)),
  );
  expect(fast.sort()).toEqual(
    [
      ...["rbd-auth-cinder-fast", "rbd-pool-fast"],
      ...["vol1", "vol2"].flatMap((host) => [
        `rbd-${host}-cinder-check-cinder-fast`,
        `rbd-${host}-cinder-fast`,
        `rbd-${host}-keyring-cinder-fast`,
      ]),
    ].sort(),
  );
  for (const ending of onComputes) expect(names.filter((name) => name.endsWith(ending)).length).toBe(40);
});

test("it restarts cinder-volume and cinder-backup, and no compute", () => {
  const services = [...made.keys()].filter((name) => name.endsWith("-service"));
  const restarted = services.filter((name) => triggers(name).includes("keyring client.cinder-fast"));
  expect(restarted.sort()).toEqual(
    ["vol1", "vol2"].flatMap((host) => [`rbd-${host}-cinder-backup-service`, `rbd-${host}-cinder-service`]),
  );
});

test("in the other region no host is touched but the deployment host, by the bastion", () => {
  const hosts = new Set(of("south").flatMap(({ inputs }) => inputs["host"] ?? []));
  expect(hosts).toEqual(new Set(["deploy-south"]));
  expect(of("south").filter(({ provider }) => !provider.includes("bastion"))).toEqual([]);
  expect(of("rbd").filter(({ provider }) => provider !== "")).toEqual([]);
});
