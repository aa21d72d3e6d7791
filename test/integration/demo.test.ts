/** The demo, as `npm run demo` runs it: the root Pulumi.yaml by the real engine and language host against the sandbox. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newProjectStack, root, site, type Step, type TestStack } from "../support/engine.js";
import { ceph, clusterDump, differences, on, snapshots, type HostName } from "../support/hosts.js";
import { good, removePools } from "../support/lifecycle.js";
import { sudoStarts } from "../support/sudo-starts.js";

const POOLS = ["images", "volumes", "backups", "vms"];
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let stack: Omit<TestStack, "program">;
let before: Awaited<ReturnType<typeof snapshots>>;
let cluster: Awaited<ReturnType<typeof clusterDump>>;
const scratch = mkdtempSync(join(tmpdir(), "ceph-openstack-demo-"));

beforeAll(async () => {
  const { fsid, sshConfig } = site();
  before = await snapshots();
  cluster = await clusterDump();
  stack = await newProjectStack("demotest", root);
  await stack.setConfig("fsid", fsid);
  await stack.setConfig("admin", "mon1");
  await stack.setConfig("ceph-openstack:sshConfig", sshConfig);
  // Packages and restarts have tests of their own (managed.test.ts).
  await stack.setConfig("filesAlone", "true");
}, 120_000);

afterAll(async () => {
  await stack.destroy();
  await removePools(...POOLS);
  await stack.remove();
  rmSync(scratch, { recursive: true, force: true });
}, 120_000);

test("a preview of the fresh stack opens no connection and has no unknown inputs", async () => {
  const touched = join(scratch, "touched");
  const config = join(scratch, "config");
  writeFileSync(config, `Host *\n  ProxyCommand touch ${touched}\n`);
  await stack.setConfig("ceph-openstack:sshConfig", config);
  const preview = good(await stack.preview());
  await stack.setConfig("ceph-openstack:sshConfig", site().sshConfig);
  expect(existsSync(touched)).toBe(false);
  const inputs = [
    ...preview.events.matchAll(
      /"new":\{[^}]*?"type":"pulumi-nodejs:dynamic[\s\S]*?"inputs":(\{.*?\}),"outputs"/g,
    ),
  ];
  expect(inputs.length).toBeGreaterThan(15);
  expect(inputs.some(([, text]) => text?.includes(UNKNOWN))).toBe(false);
  expect(preview.steps.every(({ op }) => op === "create")).toBe(true);
  expect(preview.steps.length).toBeGreaterThan(15);
}, 60_000);

test("up makes everything, and a second up reports no changes and moves no file", async () => {
  const starts = await sudoStarts(async () => good(await stack.up()));
  expect(Object.values(starts).map((count) => count === 1 || count === 2)).toEqual(Array(5).fill(true));
  const after = await snapshots({ exact: true });
  const second = good(await stack.up({ expectNoChanges: true }));
  expect(second.steps).toEqual([]);
  expect(differences(after, await snapshots({ exact: true }))).toEqual([]);
}, 180_000);

test("up --refresh right after finds nothing", async () => {
  const outcome = good(await stack.up({ refresh: true, expectNoChanges: true }));
  expect(outcome.drift).toEqual([]);
}, 60_000);

test("the real parsers read what was written", async () => {
  const conf = "/etc/cinder/cinder.conf";
  const python = `from oslo_config import cfg; c = cfg.ConfigOpts(); c.register_opt(cfg.StrOpt("rbd_pool"), group="ceph"); c(["--config-file", "${conf}"]); print(c.ceph.rbd_pool)`;
  expect((await on("vol1", `/usr/bin/python3 -c '${python}'`)).trim()).toBe("volumes");
}, 30_000);

test("a client reaches its pool with the key that lies on its host, and no other pool", async () => {
  const keyring = await on("ctl1", "cat /etc/ceph/ceph.client.glance.keyring");
  const conf = await ceph("ceph config generate-minimal-conf");
  const run = (pool: string) =>
    on(
      "ctl1",
      `d=$(mktemp -d); trap 'rm -rf $d' EXIT; printf %s "$1" >/dev/null; cat >$d/all; sed '/^---$/,$d' $d/all >$d/conf; sed '1,/^---$/d' $d/all >$d/keyring
       rbd -c $d/conf -k $d/keyring --id glance -p ${pool} ls`,
      `${conf}\n---\n${keyring}`,
    );
  await expect(run("images")).resolves.toBe("");
  await expect(run("vms")).rejects.toThrow("Operation not permitted");
}, 60_000);

interface Tamper {
  readonly name: string;
  readonly host: HostName;
  readonly text: string;
  /** Resource → properties whose observed state differs; "gone" where the thing is not there. */
  readonly shows: Readonly<Record<string, readonly string[] | "gone">>;
}

const uuid = "uuid=$(virsh -q secret-list | awk 'NR == 1 {print $1}')";
const cinderConf = "/etc/cinder/cinder.conf";
const glanceKeyring = "/etc/ceph/ceph.client.glance.keyring";

const tampers: readonly Tamper[] = [
  {
    name: "a pool's size",
    host: "mon1",
    text: "ceph osd pool set vms size 3",
    shows: { "rbd-pool-vms": ["size"] },
  },
  {
    name: "a pool's min_size",
    host: "mon1",
    text: "ceph osd pool set images min_size 2",
    shows: { "rbd-pool-images": ["minSize"] },
  },
  {
    name: "a pool's application",
    host: "mon1",
    text: "ceph osd pool application disable backups rbd --yes-i-really-mean-it",
    shows: { "rbd-pool-backups": ["application[0]"] },
  },
  {
    name: "a pool renamed by hand",
    host: "mon1",
    text: "ceph osd pool rename vms vms-old",
    shows: { "rbd-pool-vms": ["name"] },
  },
  {
    name: "an entity's caps",
    host: "mon1",
    text: "ceph auth caps client.glance mon 'profile rbd' osd 'profile rbd pool=images, allow r pool=vms' mgr 'profile rbd pool=images'",
    shows: { "rbd-auth-glance": ['caps.osd["pool=vms"]'] },
  },
  {
    name: "an entity's key",
    host: "mon1",
    text: `umask 077; t=$(mktemp); ceph auth get client.cinder 2>/dev/null | sed "s|key = .*|key = $(ceph-authtool --gen-print-key)|" >$t; ceph auth import -i $t; rm $t`,
    shows: {
      "rbd-auth-cinder": ["keyState"],
      "rbd-vol1-keyring-cinder": ["content"],
      "rbd-cmp1-keyring-cinder": ["content"],
      "rbd-cmp2-keyring-cinder": ["content"],
      "rbd-cmp1-secret": ["value"],
      "rbd-cmp2-secret": ["value"],
    },
  },
  {
    name: "a keyring's owner",
    host: "ctl1",
    text: `chown root ${glanceKeyring}`,
    shows: { "rbd-ctl1-keyring-glance": ["owner"] },
  },
  {
    name: "a keyring's mode",
    host: "ctl1",
    text: `chmod 0644 ${glanceKeyring}`,
    shows: { "rbd-ctl1-keyring-glance": ["mode"] },
  },
  {
    name: "a keyring's key",
    host: "ctl1",
    text: `sed -i "s|key = .*|key = $(ceph-authtool --gen-print-key)|" ${glanceKeyring}`,
    shows: { "rbd-ctl1-keyring-glance": ["content"] },
  },
  {
    name: "a keyring removed",
    host: "vol1",
    text: "rm /etc/ceph/ceph.client.cinder-backup.keyring",
    shows: { "rbd-vol1-keyring-cinder-backup": "gone" },
  },
  {
    name: "the monitors in a ceph.conf",
    host: "ctl1",
    text: "sed -i 's/^mon_host.*/mon_host = 192.0.2.1/' /etc/ceph/ceph.conf",
    shows: { "rbd-ctl1-conf": ["monHost"] },
  },
  {
    name: "a libvirt secret's value",
    host: "cmp1",
    text: `${uuid}; ceph-authtool --gen-print-key | virsh -q secret-set-value "$uuid" --file /dev/stdin`,
    shows: { "rbd-cmp1-secret": ["value"] },
  },
  {
    name: "a libvirt secret undefined",
    host: "cmp2",
    text: `${uuid}; virsh -q secret-undefine "$uuid"`,
    shows: { "rbd-cmp2-secret": "gone" },
  },
  {
    name: "an option's value",
    host: "vol1",
    text: `sed -i 's/^rbd_max_clone_depth.*/rbd_max_clone_depth = 9/' ${cinderConf}`,
    shows: { "rbd-vol1-cinder-ceph": ["options.rbd_max_clone_depth"] },
  },
  {
    name: "an option removed",
    host: "cmp1",
    text: "sed -i '/^images_type = /d' /etc/nova/nova.conf",
    shows: { "rbd-cmp1-nova-libvirt": ["options.images_type"] },
  },
  {
    name: "an option set a second time below",
    host: "ctl1",
    text: "printf '[rbd]\\nrbd_store_chunk_size = 4\\n' >>/etc/glance/glance-api.conf",
    shows: { "rbd-ctl1-glance-rbd": ["options.rbd_store_chunk_size"] },
  },
];

const shown = (steps: readonly Step[]): Record<string, readonly string[]> =>
  Object.fromEntries(steps.map(({ name, properties }) => [name, [...properties].sort()]));

describe("tampering with", () => {
  test.each(tampers)(
    "$name is named exactly by preview --refresh, and repaired by up --refresh",
    async ({ host, text, shows }) => {
      await on(host, text);
      const preview = good(await stack.preview({ refresh: true }));
      const drifted = Object.entries(shows).filter(([, properties]) => properties !== "gone");
      expect(shown(preview.drift)).toEqual(Object.fromEntries(drifted));
      expect(preview.steps.map(({ name }) => name).sort()).toEqual(Object.keys(shows).sort());
      good(await stack.up({ refresh: true }));
      const clean = good(await stack.preview({ refresh: true }));
      expect([clean.drift, clean.steps]).toEqual([[], []]);
    },
    120_000,
  );
});

test("after all repairs nothing is left to do", async () => {
  // The header of the last tampering was a person's; a repair does not take it away.
  await on("ctl1", "sed -i '$ { /^\\[rbd\\]$/d }' /etc/glance/glance-api.conf");
  const clean = good(await stack.preview({ refresh: true }));
  expect([clean.drift, clean.steps]).toEqual([[], []]);
}, 60_000);

test("destroy puts every path on every host and every entity back as it was, and keeps the pools", async () => {
  const destroyed = good(await stack.destroy());
  expect(differences(before, await snapshots())).toEqual([]);
  const after = await clusterDump();
  expect(after.entities).toBe(cluster.entities);
  expect(after.records).toBe(cluster.records);
  for (const pool of POOLS) {
    expect(after.pools).toContain(`"pool_name": "${pool}"`);
    expect(destroyed.output).toContain(`pool ${pool} and its data are kept`);
  }
}, 120_000);
