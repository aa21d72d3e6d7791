/**
 * What libvirt and QEMU make of a secret, by themselves: a guest boots from a disk of a cluster that is not called `ceph` and reads another of the
 * one that is, each by the key of that cluster's own client; and libvirt's own storage pools on RBD.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { interpolate } from "@pulumi/pulumi";
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephPool,
  ClientCheck,
  Directory,
  LibvirtSecret,
} from "../../index";
import { BOOTED, bootableImage, SECOND_DISK } from "../support/boot-sector";
import { site, type TestStack } from "../support/engine";
import { ceph, on } from "../support/hosts";
import { cluster, good, lifeStack, removePools } from "../support/lifecycle";
import { heardFrom, startGuest } from "../support/nova-disks";
import { becomesGuestHost } from "../support/sandbox";
import { both, ipv4, secondCluster, type SecondCluster } from "../support/second-cluster";

const HOST = "cmp1";
const POOL = "guests";
const USER = "guests";
const GUEST = "6c6b3c1e-0000-4000-8000-000000000901";
const SOCKETS = "/run/guests";

/** One of the two clusters: what it is called on hosts, where a monitor of it is, and the UUID of its client's secret. */
interface Side {
  readonly name: string;
  readonly monitor: () => string;
  readonly uuid: string;
}
const FAR: Side = { name: "far", monitor: () => ipv4(3), uuid: "6c6b3c1e-0000-4000-8000-0000000000fa" };
const NEAR: Side = {
  name: "ceph",
  monitor: () => site().hosts["ceph1"]?.address ?? ipv4(2),
  uuid: "6c6b3c1e-0000-4000-8000-0000000000ce",
};

let far: SecondCluster;
let stack: TestStack;

/** A client with a pool, on the compute host; the clients of both clusters have one name. */
const client = (
  { name, uuid }: Side,
  of: { fsid: string; admin: string; name?: string },
  sockets: Directory,
) => {
  const pool = new CephPool(`${name}-pool`, {
    ...{ cluster: of, name: POOL, size: 2, pgNum: 8, onDelete: "remove", forceDestroy: true },
  });
  const caps = { mon: "profile rbd", osd: interpolate`profile rbd pool=${pool.name}` };
  const { entity } = new CephAuthEntity(`${name}-entity`, { cluster: of, entity: `client.${USER}`, caps });
  const key = { host: HOST, cluster: of, entity };
  const options = { client: { admin_socket: `${SOCKETS}/from-${name}.conf.$cluster.$pid.$cctid.asok` } };
  const dependsOn = [
    sockets,
    pool,
    new CephConfigFile(`${name}-conf`, { host: HOST, cluster: of, options }),
    new CephKeyringFile(`${name}-keyring`, { ...key, owner: "nova" }),
    new LibvirtSecret(`${name}-secret`, { ...key, uuid }),
  ];
  const can = { write: [POOL] };
  new ClientCheck(`${name}-check`, { ...key, can, manager: false, libvirtSecret: uuid }, { dependsOn });
};

const program = () => {
  const sockets = new Directory("sockets", {
    host: HOST,
    path: SOCKETS,
    owner: "libvirt-qemu",
    mode: "0777",
  });
  client(FAR, far.cluster, sockets);
  client(NEAR, cluster(), sockets);
};

const rbd = ({ name }: Side, words: string, input = "") =>
  on(HOST, `rbd --cluster ${name} -n client.${USER} ${words}`, input);

/** As Nova describes a disk: monitor, user, and the secret by its UUID. */
const diskOf = ({ monitor, uuid }: Side, dev: string, order: number): string =>
  `<disk type="network" device="disk"><driver name="qemu" type="raw"/>
     <source protocol="rbd" name="${POOL}/disk"><host name="${monitor()}" port="6789"/></source>
     <auth username="${USER}"><secret type="ceph" uuid="${uuid}"/></auth>
     <target dev="${dev}" bus="virtio"/><boot order="${order}"/></disk>`;

const storagePool = ({ monitor, uuid }: Side): string =>
  `<pool type="rbd"><name>own</name><source><name>${POOL}</name><host name="${monitor()}" port="6789"/>
     <auth type="ceph" username="${USER}"><secret uuid="${uuid}"/></auth></source></pool>`;

const clientMajor = async () => Number(/ceph version (\d+)/.exec(await on(HOST, "ceph --version"))?.[1]);

beforeAll(async () => {
  await becomesGuestHost(HOST);
  far = await secondCluster(FAR.name, { a: both(ipv4(3)) });
  await far.osds(2);
  for (const osd of [0, 1]) await far.ceph(`osd crush add ${osd} 1 root=default host=far-${osd}`);
  stack = await lifeStack("guests", program);
  good(await stack.up());
}, 600_000);

afterAll(async () => {
  await on(HOST, "virsh -q destroy guest || true; virsh -q pool-destroy own || true");
  await stack.destroy();
  await stack.remove();
  await far.remove();
  // A run that was ended may have left it.
  await removePools(POOL);
}, 300_000);

test("a guest boots from the cluster that is not called ceph and reads a disk of the other, each by the secret of its own client", async () => {
  for (const side of [FAR, NEAR])
    await on(
      HOST,
      `base64 -d | rbd --cluster ${side.name} -n client.${USER} import --no-progress - ${POOL}/disk`,
      bootableImage().toString("base64"),
    );
  await startGuest(HOST, GUEST, [diskOf(FAR, "vda", 1), diskOf(NEAR, "vdb", 2)]);
  expect(await heardFrom(HOST, SECOND_DISK)).toContain(BOOTED);
  expect([await rbd(FAR, `status ${POOL}/disk`), await rbd(NEAR, `status ${POOL}/disk`)]).toEqual([
    expect.stringContaining("watcher="),
    expect.stringContaining("watcher="),
  ]);
}, 300_000);

test("QEMU has the options of /etc/ceph/ceph.conf for the disks of both, and none of the other cluster's file", async () => {
  const sockets = (await on(HOST, `ls ${SOCKETS}`)).trim().split("\n");
  expect(sockets.map((name) => name.replace(/\.\d+\.\d+\.asok$/, ""))).toEqual([
    "from-ceph.conf.ceph",
    "from-ceph.conf.ceph",
  ]);
  await on(HOST, "virsh -q destroy guest");
}, 300_000);

test("a guest does not start with the secret of the other cluster's client, which has the same name", async () => {
  const wrong = { ...FAR, uuid: NEAR.uuid };
  await expect(startGuest(HOST, GUEST, [diskOf(wrong, "vda", 1)])).rejects.toThrow(
    /error connecting|Permission|not permitted/i,
  );
}, 300_000);

test("libvirt's own pool on RBD lists, makes and removes volumes by the secret, up to where librados has lost what it sets", async () => {
  const start = () => on(HOST, "virsh -q pool-create /dev/stdin", storagePool(NEAR));
  if ((await clientMajor()) >= 20) {
    await expect(start()).rejects.toThrow(/failed to set RADOS option: auth_supported/);
    return;
  }
  await start();
  expect(await on(HOST, "virsh -q vol-list own")).toMatch(/^\s*disk\s/);
  await on(HOST, "virsh -q vol-create-as own made 8M");
  expect(await ceph(`rbd ls ${POOL}`)).toBe("disk\nmade\n");
  await on(HOST, "virsh -q vol-delete made own");
  expect(await ceph(`rbd ls ${POOL}`)).toBe("disk\n");
}, 300_000);
