/**
 * The proof by the real services: Keystone, Glance, Cinder with RabbitMQ, Nova's own code, libvirt and QEMU as the distribution packages them, with
 * the files that it ships, in which the demo has set what is Ceph's, as `npm run demo` does.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { BOOTED, bootableImage, SECOND_DISK } from "../support/boot-sector";
import { cloud, type Cloud } from "../support/cloud-api";
import { demoStack, onSandbox, type TestStack } from "../support/engine";
import { ceph, difference, on } from "../support/hosts";
import { good, steps } from "../support/lifecycle";
import { heardFrom, novaDisks, startGuest } from "../support/nova-disks";
import { ALL_UNITS, restartedBy, UNITS } from "../support/restarts";
import { sandboxBeside } from "../support/sandbox-beside";

const HOSTS = ["ctl1", "vol1", "cmp1", "cmp2"] as const;

/** Where QEMU's RBD driver is; a host of this sandbox has the package in a repository of its own, and not installed. */
const driverFiles = async (): Promise<string[]> => {
  const all = await Promise.all(
    ["cmp1" as const, "cmp2" as const].map((host) =>
      on(host, "find /usr/lib -name block-rbd.so -printf '%f\\n'"),
    ),
  );
  return all.map((text) => text.trim());
};

/** Owner, mode and content of every file that is the site's own. Cinder's os-brick makes /etc/nvme when it first looks for what a host has. */
const files = async (): Promise<string[]> => {
  const look = `
    find /etc /var/lib/pulumi-ceph-openstack -xdev -path /etc/nvme -prune -o -printf '%y %u:%g %#m %p %l\\n' 2>/dev/null | sort
    find /etc /var/lib/pulumi-ceph-openstack -xdev -path /etc/nvme -prune -o -type f -print0 2>/dev/null | sort -z | xargs -0 sha256sum --`;
  const all = HOSTS.map(async (host) => (await on(host, look)).split("\n").map((line) => `${host}: ${line}`));
  return (await Promise.all(all)).flat();
};

interface RbdInfo {
  readonly parent?: { readonly pool: string; readonly image: string; readonly snapshot: string };
}
const rbdInfo = async (image: string): Promise<RbdInfo> =>
  JSON.parse(await ceph(`rbd info --format json ${image}`)) as RbdInfo;
const words = async (text: string): Promise<string[]> => (await ceph(text)).split(/\s+/).filter(Boolean);

let place: Awaited<ReturnType<typeof sandboxBeside>>;
let stack: Omit<TestStack, "program">;
let before: readonly string[];
let real: Cloud;
let image: string;
let volume: string;

beforeAll(async () => {
  // Before the demo's, which begins minutes later.
  stack = await demoStack("cloudtest");
  place = await sandboxBeside("cloud", { SANDBOX_SERVICES: "real" });
  before = await files();
  await onSandbox(stack);
}, 1_600_000);

afterAll(async () => {
  await stack.remove();
  await place.destroy();
}, 300_000);

test("an up installs what computes lack, gives Ceph to the services as they are packaged, restarts each once, and proves it by their own keys", async () => {
  expect(await driverFiles()).toEqual(["", ""]);
  expect(await restartedBy(UNITS, async () => good(await stack.up()))).toEqual(ALL_UNITS);
  expect(await stack.outputs()).toMatchObject({ verified: true });
  expect(await driverFiles()).toEqual(["block-rbd.so", "block-rbd.so"]);
}, 600_000);

test("Glance puts an uploaded image into its pool, with the snapshot that others clone", async () => {
  real = await cloud();
  const made = { name: "boots", disk_format: "raw", container_format: "bare" };
  image = String((await real.ask("glance", "POST", "images", made))["id"]);
  await real.ask("glance", "PUT", `images/${image}/file`, bootableImage());
  expect(await real.ask("glance", "GET", `images/${image}`)).toMatchObject({
    status: "active",
    stores: "rbd",
  });
  const snapshots = JSON.parse(await ceph(`rbd snap ls --format json images/${image}`)) as unknown;
  expect(snapshots).toMatchObject([{ name: "snap", protected: "true" }]);
}, 600_000);

test("Cinder makes a volume of the image that is a clone of it, and not a copy", async () => {
  await real.until("scheduler-stats/get_pools", (stats) => JSON.stringify(stats).includes("vol1@ceph#ceph"));
  const made = await real.ask("cinder", "POST", "volumes", { volume: { size: 1, imageRef: image } });
  volume = (made["volume"] as { id: string }).id;
  await real.until(`volumes/${volume}`, (answer) => JSON.stringify(answer).includes('"status":"available"'));
  expect(await rbdInfo(`volumes/volume-${volume}`)).toMatchObject({
    parent: { pool: "images", image, snapshot: "snap" },
  });
}, 600_000);

interface Backup {
  readonly id: string;
  readonly status: string;
  readonly fail_reason?: string | null;
}

/** The scheduler learns from cinder-backup itself that it is there, some seconds after its start, and no API says when. */
const backedUp = async (tries = 200): Promise<Backup> => {
  const made = await real.ask("cinder", "POST", "backups", { backup: { volume_id: volume } });
  const { id } = made["backup"] as Backup;
  const ended = (answer: Readonly<Record<string, unknown>>) =>
    /^(available|error)$/.test((answer["backup"] as Backup).status);
  const backup = (await real.until(`backups/${id}`, ended))["backup"] as Backup;
  const unknown = backup.fail_reason === "Service not found for creating backup.";
  return unknown && tries > 1 ? backedUp(tries - 1) : backup;
};

test("cinder-backup puts a backup of the volume into its pool", async () => {
  expect(await backedUp()).toMatchObject({ status: "available" });
  const [name, ...more] = await words("rbd ls backups");
  expect([name, more]).toEqual([expect.stringContaining(`volume-${volume}`), []]);
}, 600_000);

test("a guest boots from a disk that Nova's own code has cloned, and reads Cinder's volume, both by libvirt's secret", async () => {
  const instance = randomUUID();
  const asked = { "os-initialize_connection": { connector: { host: "cmp1", platform: "x86_64" } } };
  const answer = await real.ask("cinder", "POST", `volumes/${volume}/action`, asked);
  const connection = answer["connection_info"];
  const disks = await novaDisks("cmp1", { instance, image, token: real.token, connection });
  const { secretUuid } = await stack.outputs();
  expect(disks.map((xml) => /secret .*uuid="(.*?)"/.exec(xml)?.[1])).toEqual([secretUuid, secretUuid]);
  expect(await rbdInfo(`vms/${instance}_disk`)).toMatchObject({ parent: { pool: "images", image } });
  await startGuest("cmp1", instance, disks);
  expect(await heardFrom("cmp1", SECOND_DISK)).toContain(BOOTED);
  await on("cmp1", "virsh -q destroy guest");
}, 600_000);

test("a second up changes nothing and restarts nothing", async () => {
  const again = async () => expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
  expect(await restartedBy(UNITS, again)).toEqual([]);
}, 600_000);

test("a destroy puts every file back, restarts each service, and keeps the pools with what is in them", async () => {
  expect(await restartedBy(UNITS, async () => good(await stack.destroy()))).toEqual(ALL_UNITS);
  expect(difference(before, await files())).toEqual([]);
  expect(await words("rbd ls images; rbd ls volumes")).toEqual([image, `volume-${volume}`]);
}, 600_000);
