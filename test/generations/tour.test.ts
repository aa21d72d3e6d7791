/**
 * The whole life of one of every artifact on the sandbox that is given, of whatever generation its hosts and its cluster are. The judges are
 * `ceph`, `rbd`, `virsh` and `stat`.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Outcome, TestStack } from "../support/engine";
import { ceph, clusterDump, difference, on, snapshot } from "../support/hosts";
import { FILES, clusterFacts, fileFacts, good, lifeStack, steps } from "../support/lifecycle";
import {
  disturbNewer,
  foreignRecords,
  makeTourSite,
  newerFacts,
  oneOfAll,
  removeTourSite,
} from "../support/tour-life";
import { COUNTS } from "../support/world";

const KINDS = [
  ...["check", "conf", "directory", "entity", "keyring", "packages"],
  ...["pool", "profile", "rule", "secret", "section", "service"],
];
/** What a hand has made before the tour: taken as it is, and left. */
const THERE = ["there-entity", "there-pool"];
const all = (op: string, prefix: string, kinds = [...KINDS, ...THERE]) =>
  kinds.map((kind) => `${op} ${prefix}-${kind}`);
/** What a hand takes away whole. */
const GONE = ["profile", "rule"];
const KEYRING = "/etc/ceph/ceph.client.life.keyring";
const NOVA = "/etc/nova/nova.conf";

/** The cluster's own settings, and whether pools may be deleted, in the monitor's memory too: Ceph 14 does not tell that. */
const settings = () =>
  ceph("ceph config dump; ceph tell 'mon.*' config diff get mon_allow_pool_delete 2>/dev/null || true");
const dumps = async () => {
  const [cmp1, ...others] = await Promise.all([snapshot("cmp1"), clusterDump(), settings()]);
  return { cmp1, cluster: others };
};
const facts = async () =>
  (await Promise.all([clusterFacts("life", "client.life"), fileFacts("cmp1", ...FILES)])).join("\n");
const keyOf = async (entity: string) => (await ceph(`ceph auth get-key ${entity}`)).trim();
const secret = async () => (await on("cmp1", "virsh -q secret-list | awk 'NR == 1 {print $1}'")).trim();

/** What a key of this life was, and everything that was printed: no key may be in it. */
const keys = new Set<string>();
const printed: string[] = [];
const heard = (outcome: Outcome): Outcome => {
  printed.push(outcome.output, outcome.events);
  return good(outcome);
};

/** What each artifact is for, tried by the tools that it is for. */
const works = async (): Promise<string[]> => {
  const [key, uuid] = await Promise.all([keyOf("client.life"), secret()]);
  keys.add(key);
  // One login for all: logins are most of what a look costs.
  const looks = [
    `virsh -q secret-get-value ${uuid}`,
    `rbd --id life -k ${KEYRING} ls life && echo lists`,
    `grep -cF 'key = ${key}' ${KEYRING}; stat -c '%U %a' ${KEYRING}`,
    `sed -n '/^\\[libvirt\\]/,/^\\[/p' ${NOVA} | grep -E '^(images_type|cpu_mode) *='`,
    "stat -c '%U %a' /run/life",
  ];
  const [value, ...others] = (await on("cmp1", looks.join("\necho ===\n"))).split("===\n");
  return [String(value?.trim() === key), ...others];
};
/** The unit has begun so often since the test made it. */
const newerWith = (starts: number) => [`active\n${starts}`, "ii", "crush-failure-domain=osd\nk=2\nm=1\n1"];
const WORKING = ["true", "lists\n", "1\nnova 640\n", "images_type = rbd\ncpu_mode = none\n", "nova 750\n"];

let stack: TestStack;
let before: Awaited<ReturnType<typeof dumps>>;
let made: string;
let gone = false;

beforeAll(async () => {
  await makeTourSite();
  before = await dumps();
  stack = await lifeStack("tour", () => oneOfAll("a"));
}, 300_000);

afterAll(async () => {
  if (!gone) await stack.destroy();
  await stack.remove();
  await removeTourSite();
}, 300_000);

test("up makes one of every artifact, and the real tools take each; what a hand has made is taken without a record", async () => {
  expect(steps(heard(await stack.up()))).toEqual(all("create", "a"));
  expect(await foreignRecords()).toBe("");
  expect((await works()).map(sorted)).toEqual(WORKING.map(sorted));
  expect(await newerFacts()).toEqual(newerWith(2));
  const pool = await ceph("ceph osd pool ls detail | grep \"'life'\"; ceph osd pool application get life");
  expect(pool).toMatch(/ size 2 .* pg_num 8 [\s\S]*"rbd"/);
  expect(await on("cmp1", "cat /etc/ceph/ceph.conf")).toMatch(/rbd_cache = true[\s\S]*|rbd cache = true/);
  made = await facts();
}, 300_000);

const sorted = (text: string): string => text.split("\n").sort().join("\n");

test("a second up and a refresh find nothing, and move nothing", async () => {
  const { drift } = heard(await stack.up({ refresh: true, expectNoChanges: true }));
  expect(drift).toEqual([]);
  expect(await facts()).toBe(made);
  expect(await newerFacts()).toEqual(newerWith(2));
}, 300_000);

test("what a hand changes in each of them shows in a refresh and is mended by an up", async () => {
  await ceph(
    "ceph osd pool set life size 3; ceph auth caps client.life mon 'profile rbd' osd 'profile rbd-read-only pool=life' >/dev/null",
  );
  const uuid = await secret();
  await on(
    "cmp1",
    `sed -i 's/^cpu_mode = none/cpu_mode = custom/' ${NOVA}; chmod 0755 /run/life; chown root ${KEYRING}
     sed -i 's/rbd.cache = true/rbd_cache = false/' /etc/ceph/ceph.conf
     printf '%s' c3dhcHBlZA== | virsh -q secret-set-value ${uuid} --file /dev/stdin`,
  );
  await disturbNewer();
  const mended = heard(await stack.up({ refresh: true }));
  const changed = KINDS.filter((kind) => !GONE.includes(kind));
  expect(mended.drift.map(({ name }) => name).sort()).toEqual(changed.map((kind) => `a-${kind}`));
  expect(steps(mended)).toEqual([...all("create", "a", GONE), ...all("update", "a", changed)]);
  expect((await works()).map(sorted)).toEqual(WORKING.map(sorted));
  // What the unit reads is again what it runs with.
  expect(await newerFacts()).toEqual(newerWith(2));
}, 300_000);

test("a refresh finds all mended, and another logical name touches nothing", async () => {
  made = await facts();
  stack.program(() => oneOfAll("b"));
  const renamed = heard(await stack.up({ refresh: true }));
  expect(renamed.drift).toEqual([]);
  expect(steps(renamed)).toEqual([...all("create", "b"), ...all("delete", "a")]);
  expect(await facts()).toBe(made);
  expect(await newerFacts()).toEqual(newerWith(2));
}, 300_000);

test("one generation more makes another key of the same kind, and restarts who reads it; the old one opens nothing", async () => {
  const [old, keyring] = [await keyOf("client.life"), await on("cmp1", `cat ${KEYRING}`)];
  stack.program(() => oneOfAll("b", { generation: 2 }));
  const changed = ["check", "entity", "keyring", "secret", "service"];
  expect(steps(heard(await stack.up()))).toEqual(all("update", "b", changed));
  expect(await newerFacts()).toEqual(newerWith(3));
  expect((await works()).map(sorted)).toEqual(WORKING.map(sorted));
  const key = await keyOf("client.life");
  expect([key === old, key.length, key.slice(0, 2)]).toEqual([false, old.length, old.slice(0, 2)]);
  const list = "k=$(mktemp); trap 'rm -f $k' EXIT; cat >$k; rbd --id life -k $k ls life";
  await expect(on("cmp1", list, keyring)).rejects.toThrow(/error|denied|not permitted/i);
}, 300_000);

test("destroy puts host and cluster back as they were, with the pool and the entity that a hand has made", async () => {
  heard(await stack.destroy());
  gone = true;
  const after = await dumps();
  expect(difference(before.cmp1, after.cmp1).filter((line) => !line.includes(COUNTS))).toEqual([]);
  expect(after.cluster).toEqual(before.cluster);
  expect(await newerFacts()).toEqual(["active\n3", "", "0"]);
}, 300_000);

test("no key of all that was printed", () => {
  expect(keys.size).toBeGreaterThan(1);
  const text = printed.join("\n");
  expect([...keys].filter((key) => text.includes(key))).toEqual([]);
});
