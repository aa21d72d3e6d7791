/** What stored state holds, and every later version must understand: stub, type tokens, ids. A change here breaks every stack there is. */
import { describe, expect, test } from "@jest/globals";
import { provider } from "../../provider";
import { cephAuthEntity } from "../../providers/ceph-auth-entity/index";
import { cephConfigFile } from "../../providers/ceph-config-file/index";
import { cephCrushRule } from "../../providers/ceph-crush-rule/index";
import { cephErasureCodeProfile } from "../../providers/ceph-erasure-code-profile/index";
import { cephKeyringFile } from "../../providers/ceph-keyring-file/index";
import { cephPool } from "../../providers/ceph-pool/index";
import { clientCheck } from "../../providers/client-check/index";
import { clientPackages } from "../../providers/client-packages/index";
import { configSection } from "../../providers/config-section/index";
import { directory } from "../../providers/directory/index";
import { imageProperties } from "../../providers/image-properties/index";
import { artifacts } from "../../providers/index";
import type { Artifact } from "../../providers/kernel/contract";
import type { Props } from "../../providers/kernel/json";
import { ENTRY, PROTOCOL, stub, typeToken } from "../../providers/kernel/stub";
import { newSurroundings } from "../../providers/kernel/surroundings";
import { verbs } from "../../providers/kernel/verbs";
import { libvirtSecret } from "../../providers/libvirt-secret/index";
import { service } from "../../providers/service/index";

const FSID = "6b0d9be2-2c3a-4f0e-9a53-1f4a1d6d0c11";
const OTHER = "00000000-2c3a-4f0e-9a53-1f4a1d6d0c11";
const cluster = { fsid: FSID, admin: "mon1" };
const elsewhere = { fsid: OTHER, admin: "mon1" };

/** Inputs, what the world adds, the id for ever, and for each input whether its change replaces. */
const kept = <I extends object, X>(artifact: Artifact<I, X>) => {
  const { check, diff } = verbs(artifact, newSurroundings({ env: {} }));
  const checked = async (inputs: object): Promise<Props> => {
    const { inputs: found, failures } = await check({}, { ...inputs, __owner: "p/s::t::r" });
    expect(failures).toEqual([]);
    return found as Props;
  };
  return {
    kind: artifact.kind,
    idOf: async (inputs: object, facts: Props) => artifact.id((await checked(inputs)) as I, facts),
    replacedBy: async (olds: object, news: object) =>
      (await diff("x", await checked(olds), await checked(news))).replaces,
  };
};

interface Contract {
  readonly of: ReturnType<typeof kept>;
  readonly inputs: Props;
  readonly facts?: Props;
  readonly id: string;
  /** A value for each input whose change replaces. */
  readonly replaces: Props;
}

const contracts: readonly Contract[] = [
  {
    of: kept(cephPool),
    inputs: { cluster, name: "vms" },
    facts: { poolId: 7 },
    id: `${FSID}/7`,
    replaces: {},
  },
  {
    of: kept(cephCrushRule),
    inputs: { cluster, name: "ssd", type: "replicated" },
    id: `${FSID}/crush-rule/ssd`,
    replaces: { cluster: elsewhere, name: "nvme" },
  },
  {
    of: kept(cephErasureCodeProfile),
    inputs: { cluster, name: "ec21", k: 2, m: 1 },
    id: `${FSID}/erasure-code-profile/ec21`,
    replaces: { cluster: elsewhere, name: "ec22" },
  },
  {
    of: kept(cephAuthEntity),
    inputs: { cluster, entity: "client.cinder", caps: { mon: "profile rbd" } },
    id: `${FSID}/client.cinder`,
    replaces: { cluster: elsewhere, entity: "client.nova" },
  },
  {
    of: kept(cephConfigFile),
    inputs: { host: "ctl1", cluster },
    id: "ctl1:/etc/ceph/ceph.conf",
    replaces: { host: "ctl2", path: "/etc/ceph/other.conf" },
  },
  {
    of: kept(cephKeyringFile),
    inputs: { host: "ctl1", cluster, entity: "client.glance", owner: "glance" },
    id: "ctl1:/etc/ceph/ceph.client.glance.keyring",
    replaces: { host: "ctl2", path: "/etc/ceph/other.keyring" },
  },
  {
    of: kept(libvirtSecret),
    inputs: { host: "cmp1", cluster, entity: "client.cinder" },
    id: "cmp1/701953fe-18f9-5e92-9f20-b5cce7a7b80c",
    replaces: { host: "cmp2", uri: "lxc:///" },
  },
  {
    of: kept(configSection),
    inputs: {
      host: "vol1",
      path: "/etc/cinder/cinder.conf",
      section: "ceph",
      options: { rbd_pool: "volumes" },
    },
    id: "vol1:/etc/cinder/cinder.conf#[ceph]",
    replaces: { host: "vol2", path: "/etc/cinder/other.conf", section: "rbd" },
  },
  {
    of: kept(directory),
    inputs: { host: "cmp1", path: "/run/ceph/guests" },
    id: "cmp1:/run/ceph/guests",
    replaces: { host: "cmp2", path: "/run/ceph/others" },
  },
  {
    of: kept(service),
    inputs: { host: "cmp1", unit: "nova-compute", reads: ["/etc/nova/nova.conf"] },
    id: "cmp1/nova-compute.service",
    replaces: { host: "cmp2", unit: "nova-api", at: "destroy" },
  },
  {
    of: kept(clientCheck),
    inputs: { host: "vol1", cluster, entity: "client.cinder", can: { write: ["volumes"] } },
    id: `vol1/${FSID}/client.cinder`,
    replaces: { host: "vol2", cluster: elsewhere, entity: "client.nova" },
  },
  {
    of: kept(imageProperties),
    inputs: { image: "cirros", cloud: "prod", region: "RegionOne" },
    id: "prod@RegionOne/cirros",
    replaces: { image: "debian", cloud: "test", region: "RegionTwo", endpoint: "http://glance:9292" },
  },
  {
    of: kept(clientPackages),
    inputs: { host: "ctl1", roles: ["rbd-python"] },
    id: "ctl1:packages",
    replaces: { host: "ctl2" },
  },
];

test("every kind that was ever there is there, and is held to its contract here", () => {
  expect(contracts.map(({ of }) => of.kind).sort()).toEqual(Object.keys(artifacts).sort());
});

test("the entry that stubs load, and its protocol", () => {
  expect([ENTRY, PROTOCOL]).toEqual(["pulumi-ceph-openstack/provider", 1]);
  expect(() => provider("CephPool", 2)).toThrow(/too old for this state: it speaks protocol 1, not 2/);
  expect(() => provider("Nothing", 1)).toThrow(/knows no Nothing; it knows CephPool/);
});

describe.each(contracts)("$of.kind", ({ of, inputs, facts = {}, id, replaces }) => {
  const { kind } = of;

  test("the stub, byte for byte", () => {
    expect(stub(kind)).toBe(
      'exports.handler=()=>{const n="pulumi-ceph-openstack/provider";let m;' +
        'try{m=require("module").createRequire(process.cwd()+"/_")(n)}' +
        `catch(e){try{m=require.main.require(n)}catch{throw e}}return m.provider("${kind}",1)};`,
    );
  });

  test("the type token, and the entry serves it", () => {
    expect(typeToken(kind)).toBe(`pulumi-nodejs:dynamic/ceph-openstack:${kind}`);
    expect(Object.keys(provider(kind, 1)).sort()).toEqual(
      ["check", "configure", "create", "delete", "diff", "read", "update"].sort(),
    );
  });

  test("the id", async () => {
    expect(await of.idOf(inputs, facts)).toBe(id);
  });

  test("what replaces, and nothing else does", async () => {
    for (const [key, value] of Object.entries(replaces))
      expect([key, await of.replacedBy(inputs, { ...inputs, [key]: value })]).toEqual([key, [key]]);
    const quiet = {
      ...inputs,
      onDelete: "keep",
      ...("cluster" in inputs ? { cluster: { ...cluster, admin: "mon2" } } : {}),
    };
    expect(await of.replacedBy(inputs, quiet)).toEqual([]);
  });
});
