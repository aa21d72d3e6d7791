/** Several volume hosts, zones, reserved stores and images: what is refused, and what is warned about. */
import { expect, test } from "@jest/globals";
import { adviceOf } from "../../../../components/plan/advice/index";
import { planOf } from "../../../../components/plan/plan";
import { integrationTopology } from "../../../../components/topology/integration";
import { rangesOf } from "../../../../providers/formats/openstack/index";
import type { CephOpenStackIntegrationArgs } from "../../../../index";

const base: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  glance: { hosts: ["ctl1"] },
  cinder: { hosts: ["vol1", "vol2"] },
  nova: { hosts: ["cmp1"] },
};
const etcd = { cluster: "rbd", coordination: "etcd3+http://ctl1:2379" };

/** What a program without types may give. */
const of = (more: object) =>
  integrationTopology(
    "rbd",
    JSON.parse(JSON.stringify({ ...base, ...more })) as CephOpenStackIntegrationArgs,
  );
const cinder = (more: object) => ({ cinder: { hosts: ["vol1", "vol2"], ...more } });

test.each<readonly [what: string, given: object, said: RegExp]>([
  [
    "locks on one host",
    cinder({ activeActive: { cluster: "rbd", coordination: "file:///var/lib/cinder" } }),
    /coordination file:… holds locks on one host alone/,
  ],
  ["no locks", cinder({ activeActive: { cluster: "rbd" } }), /activeActive\.coordination is missing/],
  ["no name", cinder({ activeActive: { ...etcd, cluster: "" } }), /activeActive\.cluster must be a name/],
  [
    "one active host of all",
    cinder({ activeActive: etcd, backends: [{ name: "ceph", pool: "v", backendHost: "x" }] }),
    /backendHost makes one active host of many/,
  ],
  [
    "hosts of another tool",
    {
      cinder: { hosts: [], activeActive: etcd },
      layout: "kolla",
      glance: { hosts: [] },
      nova: { hosts: [] },
    },
    /activeActive is for hosts that this program writes: with layout "kolla"/,
  ],
  [
    "a zone of two words",
    cinder({ backends: [{ name: "ceph", pool: "v", availabilityZone: "a b" }] }),
    /cinder backend "ceph": availabilityZone must be a name/,
  ],
  [
    "reserved stores of one store",
    { glance: { hosts: ["ctl1"], reservedStores: { staging: "/x" } }, openstackRelease: "stein" },
    /glance\.reservedStores are for Glance with a section per store, from Train/,
  ],
  [
    "a directory that is none",
    { glance: { hosts: ["ctl1"], reservedStores: { staging: "x", cache: "/y" } } },
    /reservedStores\.cache is no argument here.*\n.*reservedStores\.staging must be an absolute path/,
  ],
  ["an image twice", { manage: { images: { names: ["a", "a"] } } }, /manage\.images names "a" twice/],
  ["no image", { manage: { images: { cloud: "x" } } }, /manage\.images\.names must list at least one image/],
  [
    "an argument of none",
    { manage: { images: { names: ["a"], image: "b" } } },
    /manage\.images\.image is no argument/,
  ],
])("%s is refused", (_, given, said) => {
  expect(() => of(given)).toThrow(said);
});

test.each<readonly [what: string, given: object, said: RegExp]>([
  [
    "volume hosts of which each is alone, once for all backends",
    cinder({
      backends: [
        { name: "a", pool: "v" },
        { name: "b", pool: "w" },
      ],
    }),
    /^cinder: \[DEFAULT\] cluster is not said, nor is backend_host of a, b: each of vol1, vol2 .*\(silence: "DEFAULT\/cluster"\)$/,
  ],
  [
    "a cluster whose locks are one host's",
    cinder({ options: { DEFAULT: { cluster: "rbd" }, coordination: { backend_url: "file:///x" } } }),
    /^cinder: \[DEFAULT\] cluster makes vol1, vol2 active together .*cinder\.activeActive/,
  ],
  [
    "zones that are not crossed",
    {
      cinder: { hosts: ["vol1"], backends: [{ name: "ceph", pool: "v", availabilityZone: "az1" }] },
      nova: { hosts: ["cmp1"], options: { cinder: { cross_az_attach: false } } },
    },
    /^nova: \[cinder\] cross_az_attach is false: .* Cinder's backends are az1;/,
  ],
])("a warning about %s", (_, given, said) => {
  expect(adviceOf(of(given)).warnings).toEqual([expect.stringMatching(said)]);
});

test.each<readonly [what: string, given: object]>([
  ["active-active with locks", cinder({ activeActive: etcd })],
  ["one name for a backend's hosts", cinder({ backends: [{ name: "ceph", pool: "v", backendHost: "rbd" }] })],
  ["the same by an option", cinder({ options: { ceph: { backend_host: "rbd" } } })],
  ["the same for all backends", cinder({ options: { backend_defaults: { backend_host: "rbd" } } })],
  ["one name for the hosts themselves", cinder({ options: { DEFAULT: { host: "rbd" } } })],
  [
    "locks whose address is a secret",
    cinder({
      options: { DEFAULT: { cluster: "rbd" } },
      secretOptions: { coordination: { backend_url: "redis://:x@ctl1" } },
    }),
  ],
  ["one volume host", { cinder: { hosts: ["vol1"] } }],
  ["a word that silences it", { silence: ["DEFAULT/cluster"] }],
])("nothing is said of %s", (_, given) => {
  expect(adviceOf(of(given))).toEqual({ warnings: [], problems: [] });
});

test("active-active is refused for Queens, whose RBD driver is not made for it", () => {
  const { problems } = adviceOf(of({ ...cinder({ activeActive: etcd }), openstackRelease: "queens" }));
  expect(problems).toEqual([expect.stringContaining("for which the RBD driver is made since Rocky")]);
});

test("every option that these arguments stand for is in every series", () => {
  for (const [section, option] of [
    ["DEFAULT", "cluster"],
    ["coordination", "backend_url"],
    ["<backend>", "backend_host"],
    ["<backend>", "backend_availability_zone"],
  ] as const) {
    const ranges = rangesOf("cinder", section, option);
    expect([option, ranges[0]?.since, ranges.at(-1)?.until]).toEqual([option, 0, undefined]);
  }
});

test("images wait for every service's restart", () => {
  const { entries } = planOf(of({ manage: { services: true, images: { names: ["a"] } } }));
  const image = entries.find(({ kind }) => kind === "ImageProperties");
  expect(image?.name).toBe("rbd-image-a");
  expect([...(image?.dependsOn ?? [])].sort()).toEqual(
    ["cmp1-nova", "ctl1-glance", "vol1-cinder", "vol2-cinder"].map((one) => `Service rbd-${one}-service`),
  );
});
