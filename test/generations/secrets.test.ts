/** A secret of libvirt's as each generation keeps it, and what it is for: its value opens the pools, after a restart of libvirtd too. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { interpolate } from "@pulumi/pulumi";
import {
  CephAuthEntity,
  CephConfigFile,
  CephKeyringFile,
  CephPool,
  ClientCheck,
  LibvirtSecret,
} from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, on } from "../support/hosts";
import { cluster, good, lifeStack, removePools, steps } from "../support/lifecycle";

const POOL = "guests";
const ENTITY = "client.guests";
const UUID = "6c6b3c1e-0000-4000-8000-00000000c0de";
const RECLAIM = "mon auth_allow_insecure_global_id_reclaim";

const program = () => {
  const pool = new CephPool("pool", {
    ...{ cluster: cluster(), name: POOL, pgNum: 8, pgAutoscaleMode: "off", onDelete: "remove" },
  });
  const caps = { mon: "profile rbd", osd: interpolate`profile rbd pool=${pool.name}` };
  const { entity } = new CephAuthEntity("entity", { cluster: cluster(), entity: ENTITY, caps });
  const key = { host: "cmp1", cluster: cluster(), entity };
  const dependsOn = [
    pool,
    new CephConfigFile("conf", { host: "cmp1", cluster: cluster() }),
    new CephKeyringFile("keyring", { ...key, owner: "nova" }),
    new LibvirtSecret("secret", { ...key, uuid: UUID }),
  ];
  const can = { write: [POOL] };
  new ClientCheck("check", { ...key, can, manager: false, libvirtSecret: UUID }, { dependsOn });
};

const value = async () => (await on("cmp1", `virsh -q secret-get-value ${UUID}`)).trim();
const keyOf = async () => (await ceph(`ceph auth get-key ${ENTITY}`)).trim();
const restart = () => on("cmp1", "systemctl restart libvirtd.service");
const filesOf = (uuid: string) => on("cmp1", `cd /etc/libvirt/secrets && ls | grep ${uuid} || true`);
/** libvirt 12 encrypts what it keeps. */
const encrypts = async () => Number(/^\d+/.exec(await on("cmp1", "virsh --version"))?.[0]) >= 12;

let stack: TestStack;

beforeAll(async () => {
  stack = await lifeStack("libvirt", program);
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  // A run that was ended may have left it.
  await removePools(POOL);
}, 300_000);

test("its value opens the pool, and lies on the disk as this libvirt keeps it", async () => {
  expect(steps(good(await stack.up()))).toEqual(
    ["check", "conf", "entity", "keyring", "pool", "secret"].map((name) => `create ${name}`),
  );
  const key = await keyOf();
  expect(await value()).toBe(key);
  expect(await filesOf(UUID)).toBe(
    (await encrypts()) ? `${UUID}.aes256cbc\n${UUID}.xml\n` : `${UUID}.base64\n${UUID}.xml\n`,
  );
  const holding = await on("cmp1", `grep -rlF '${key}' /etc/libvirt /var/lib/libvirt || true`);
  expect(holding).toBe((await encrypts()) ? "" : `/etc/libvirt/secrets/${UUID}.base64\n`);
}, 300_000);

test("a restart of libvirtd is no difference, whether or not old ways to reclaim an id are allowed", async () => {
  try {
    for (const allowed of ["true", "false"]) {
      await ceph(`ceph config set ${RECLAIM} ${allowed}`);
      await restart();
      const { drift } = good(await stack.up({ refresh: true, expectNoChanges: true }));
      expect(drift).toEqual([]);
      expect(await on("cmp1", `timeout 60 rados -n ${ENTITY} lspools | grep -x ${POOL}`)).toBe(`${POOL}\n`);
    }
  } finally {
    await ceph(`ceph config rm ${RECLAIM}`);
  }
}, 300_000);

test("a value that a hand has put there shows as what opens no pool, and the key is written again", async () => {
  await on("cmp1", `printf c3dhcHBlZA== | virsh -q secret-set-value ${UUID} --file /dev/stdin`);
  const outcome = good(await stack.up({ refresh: true }));
  expect(outcome.drift.map(({ name }) => name).sort()).toEqual(["check", "secret"]);
  expect(steps(outcome)).toEqual(["update check", "update secret"]);
  expect(await value()).toBe(await keyOf());
}, 300_000);

test("destroy leaves no file of it", async () => {
  good(await stack.destroy());
  expect(await filesOf(UUID)).toBe("");
}, 300_000);
