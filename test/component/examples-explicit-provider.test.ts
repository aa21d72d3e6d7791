/** What `examples/explicit-provider` makes: the same on two clusters, the far one by a provider of its own. */
import { beforeAll, expect, test } from "@jest/globals";
import { runExample, type Example } from "../support/example";
import type { Registered } from "../support/mocks";

const NEAR = { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" };
const FAR = { fsid: "7d2f6f0e-1111-4222-8333-444455556666", admin: "b-mon1" };
const KINDS = ["backend", "cinder", "conf", "keyring", "volumes"];

let made: Example;
beforeAll(async () => {
  made = await runExample("explicit-provider", {
    nearFsid: NEAR.fsid,
    nearAdmin: NEAR.admin,
    nearVolumeHost: "vol1",
    farFsid: FAR.fsid,
    farAdmin: FAR.admin,
    farVolumeHost: "b-vol1",
    bastion: "jump.b.example",
    farUser: "ops",
  });
});

const of = (site: string): Registered[] =>
  KINDS.flatMap((kind) => {
    const one = made.get(`${site}-${kind}`);
    return one === undefined ? [] : [one];
  });

test("each site gets a pool, an entity, a conf, a keyring and a backend, and there is one provider", () => {
  const names = ["near", "far"].flatMap((site) => KINDS.map((kind) => `${site}-${kind}`));
  expect([...made.keys()].sort()).toEqual([...names, "site-b"].sort());
});

test("everything of the far site is reached by its provider, nothing of the near one", () => {
  expect(of("far").map(({ provider }) => provider.includes("site-b"))).toEqual(KINDS.map(() => true));
  expect(of("near").map(({ provider }) => provider.includes("site-b"))).toEqual(KINDS.map(() => false));
});

test("the provider has the bastion and the login", () => {
  expect(made.get("site-b")?.inputs).toMatchObject({
    "ceph-openstack:proxyJump": "jump.b.example",
    "ceph-openstack:sshUser": "ops",
  });
});

test("the backend names the ceph.conf that is made, the keyring the generation of the key", () => {
  for (const site of ["near", "far"]) {
    const inputs = (kind: string) => made.get(`${site}-${kind}`)?.inputs;
    expect(inputs("backend")?.["options"]).toMatchObject({ rbd_ceph_conf: inputs("conf")?.["path"] });
    expect(inputs("keyring")?.["keyGeneration"]).toBe(1);
  }
});

test("no resource of one site names the cluster or a host of the other", () => {
  const clusters = (site: string) => of(site).flatMap(({ inputs }) => inputs["cluster"] ?? []);
  const hosts = (site: string) => new Set(of(site).flatMap(({ inputs }) => inputs["host"] ?? []));
  expect(clusters("near")).toEqual([NEAR, NEAR, NEAR, NEAR]);
  expect(clusters("far")).toEqual([FAR, FAR, FAR, FAR]);
  expect([hosts("near"), hosts("far")]).toEqual([new Set(["vol1"]), new Set(["b-vol1"])]);
});
