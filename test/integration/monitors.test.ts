/**
 * A cluster of three monitors that is not called `ceph`, beside the sandbox's own: what is written for a client names all three, a monitor that
 * dies in the middle of a run holds nobody up, and one that moves is followed.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephAuthEntity, CephConfigFile, CephKeyringFile, CephPool } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, difference, on, snapshot } from "../support/hosts";
import { good, lifeStack, steps } from "../support/lifecycle";
import { both, ipv4, secondCluster, type SecondCluster } from "../support/second-cluster";

const ENTITY = "client.far";
const CONF = "/etc/ceph/site2.conf";
const WHERE = { a: 3, b: 4, c: 5 } as const;

let second: SecondCluster;
let stack: TestStack;
let dead: string | undefined;
let before: { cmp1: string[]; ceph: string };

/** The monitor that the admin host is talking to. */
const inUse = async (): Promise<keyof typeof WHERE> => {
  const peers = await on("mon1", "ss -Htn state established");
  const found = Object.entries(WHERE).find(([, byte]) => peers.includes(`${ipv4(byte)}:3300`));
  const [id] = found ?? [];
  if (id === "a" || id === "b" || id === "c") return id;
  throw new Error(`no monitor in ${peers}`);
};

/** Client's files, and a pool that needs no OSD; between the first pool and the rest `meanwhile` is done. */
const program = (meanwhile: () => Promise<unknown> = () => Promise.resolve()) => {
  const { cluster } = second;
  // Without OSDs nobody can list what is in a pool.
  const made = { cluster, rbdInit: false, pgNum: 8, onDelete: "remove", forceDestroy: true } as const;
  const first = new CephPool("first", { ...made, name: "far-first" });
  const pool = first.name.apply(async (name) => {
    await meanwhile();
    return name;
  });
  const entity = new CephAuthEntity("entity", {
    cluster,
    entity: ENTITY,
    caps: { mon: "profile rbd", osd: pool.apply((name) => `profile rbd pool=${name}`) },
  });
  new CephPool("last", { ...made, name: "far-last" }, { dependsOn: entity });
  new CephKeyringFile("keyring", { host: "cmp1", cluster, entity: entity.entity, owner: "nova" });
  const options = { [ENTITY]: { rbd_cache: true } };
  new CephConfigFile("conf", { host: "cmp1", cluster, options }, { dependsOn: entity });
};

const KEYRING = `/etc/ceph/site2.${ENTITY}.keyring`;
const monHostThere = async () => (await on("cmp1", `sed -n 's/^mon_host = //p' ${CONF}`)).trim();
/** Pools, as the host's own client sees them with what was written. */
const seen = async () =>
  (await on("cmp1", `timeout 60 rados --cluster site2 -n ${ENTITY} lspools`)).trim().split("\n").sort();

beforeAll(async () => {
  before = {
    cmp1: await snapshot("cmp1"),
    ceph: await ceph("ceph osd pool ls; ceph auth ls 2>/dev/null; ceph config-key ls"),
  };
  const at = Object.entries(WHERE).map(([id, byte]): [string, string] => [id, both(ipv4(byte))]);
  second = await secondCluster("site2", Object.fromEntries(at));
}, 120_000);

afterAll(async () => {
  await stack.remove();
  await second.remove();
}, 120_000);

test("an up goes on when the monitor that it talks to dies in the middle, and writes mon_host with the dead one in it", async () => {
  stack = await lifeStack("monitors", () =>
    program(async () => {
      dead ??= await inUse();
      await second.kill(dead);
    }),
  );
  expect(steps(good(await stack.up()))).toEqual(
    ["conf", "entity", "first", "keyring", "last"].map((name) => `create ${name}`),
  );
  expect(dead).toBeDefined();
  expect(JSON.parse(await second.ceph("quorum_status -f json"))).toMatchObject({
    quorum_names: Object.keys(WHERE).filter((id) => id !== dead),
  });
  for (const byte of Object.values(WHERE)) expect(await monHostThere()).toContain(`v2:${ipv4(byte)}:3300/0`);
  expect(await monHostThere()).toBe(await second.monHost());
  expect(await seen()).toEqual(["far-first", "far-last"]);
}, 180_000);

test("a monitor that moves shows in a preview, and the next up follows it", async () => {
  const old = await monHostThere();
  stack.program(() => program());
  await second.move(dead ?? "none", both(ipv4(6)));
  const preview = good(await stack.preview({ refresh: true }));
  expect(preview.steps.map(({ name, op, properties }) => [name, op, properties])).toEqual([
    ["conf", "update", ["monHost"]],
  ]);
  expect(await monHostThere()).toBe(old);
  expect(steps(good(await stack.up({ refresh: true })))).toEqual(["update conf"]);
  expect(await monHostThere()).toBe(await second.monHost());
  expect(await monHostThere()).toContain(`v2:${ipv4(6)}:3300/0`);
  expect(await seen()).toEqual(["far-first", "far-last"]);
}, 180_000);

test("files and records are called as that cluster is, and a destroy leaves nothing there, on the host, and in the cluster `ceph`", async () => {
  expect(await on("cmp1", `ls ${KEYRING}`)).toBe(`${KEYRING}\n`);
  expect((await second.ceph("config-key ls")).match(/pulumi-ceph-openstack\/[a-z]+/g)).not.toBeNull();
  good(await stack.destroy());
  expect(await second.ceph("config-key ls")).not.toContain("pulumi");
  expect(await second.ceph("osd pool ls")).toBe("");
  expect(await second.ceph("auth ls 2>/dev/null")).not.toContain("far");
  expect(difference(before.cmp1, await snapshot("cmp1"))).toEqual([]);
  expect(await ceph("ceph osd pool ls; ceph auth ls 2>/dev/null; ceph config-key ls")).toBe(before.ceph);
}, 120_000);
