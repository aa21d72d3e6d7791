/**
 * Ceph's own tools where python3 has no `rados` module, of whatever generation they and the cluster are, and `ceph` a shell script that enters some
 * other place and says so, as cephadm's and a container's are: the life of everything that a cluster has.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  CephAuthEntity,
  CephConfigFile,
  CephCrushRule,
  CephErasureCodeProfile,
  CephKeyringFile,
  CephPool,
} from "../../index";
import type { Outcome, TestStack } from "../support/engine";
import { ceph, clusterDump, on } from "../support/hosts";
import { cluster, drifted, good, lifeStack, removePools, steps } from "../support/lifecycle";

/** The tools go by `/usr/sbin` here, which comes before `/usr/bin`, and they alone find the module. */
const AWAY = `set -e; mkdir -p /opt/box
  mv /usr/lib/python3/dist-packages/rados*.so /opt/box/
  for tool in ceph rados rbd; do
    printf '#!/bin/sh\\necho "Inferring config /etc/ceph/ceph.conf" >&2\\nPYTHONPATH=/opt/box exec /usr/bin/%s "$@"\\n' $tool >/usr/sbin/$tool
    chmod 755 /usr/sbin/$tool
  done`;
const BACK = `for tool in ceph rados rbd; do rm -f /usr/sbin/$tool; done
  [ ! -d /opt/box ] || mv /opt/box/rados*.so /usr/lib/python3/dist-packages/; rm -rf /opt/box`;

const NAME = "by-tools";
const PIECES = "by-tools.pieces";
const UNRULED = "by-tools.unruled";
const ENTITY = "client.by-tools";
const KEYRING = "/etc/ceph/by-tools.keyring";
const CONF = "/etc/ceph/by-tools.conf";

const settings = () =>
  ceph("ceph config dump; ceph tell 'mon.*' config diff get mon_allow_pool_delete 2>/dev/null || true");
const layouts = () => ceph("ceph osd crush rule ls; ceph osd erasure-code-profile ls");
const files = () => on("ctl1", "ls -A /etc/ceph");
const key = async () => (await ceph(`ceph auth get-key ${ENTITY}`)).trim();

const printed: string[] = [];
const keys: string[] = [];
const heard = (outcome: Outcome): Outcome => {
  printed.push(outcome.output, outcome.events);
  return good(outcome);
};

const program =
  ({ rule: named, generation = 1 }: { rule?: string; generation?: number } = {}) =>
  () => {
    const by = cluster();
    const small = { cluster: by, pgNum: 8, pgAutoscaleMode: "off", onDelete: "remove" } as const;
    const rule = new CephCrushRule("rule", {
      cluster: by,
      name: NAME,
      type: "replicated",
      failureDomain: "osd",
    });
    const pool = new CephPool("pool", { ...small, name: NAME, size: 2, crushRule: named ?? rule.name });
    const { name: erasureCodeProfile } = new CephErasureCodeProfile("profile", {
      cluster: by,
      name: NAME,
      k: 2,
      m: 1,
      crushFailureDomain: "osd",
    });
    const shards = new CephCrushRule("shards", {
      cluster: by,
      name: PIECES,
      type: "erasure",
      erasureCodeProfile,
    });
    new CephPool("pieces", {
      ...small,
      crushRule: shards.name,
      name: PIECES,
      type: "erasure",
      erasureCodeProfile,
      allowEcOverwrites: true,
    });
    new CephPool("unruled", { ...small, name: UNRULED, type: "erasure", erasureCodeProfile });
    const entity = new CephAuthEntity(
      "entity",
      {
        cluster: by,
        entity: ENTITY,
        caps: { mon: "profile rbd", osd: FULL },
        keyGeneration: generation,
      },
      { dependsOn: pool },
    );
    const of = { cluster: by, entity: entity.entity, keyGeneration: entity.keyGeneration };
    new CephKeyringFile("keyring", { ...of, host: "ctl1", path: KEYRING, owner: "glance" });
    new CephConfigFile("conf", { host: "ctl1", cluster: by, path: CONF });
  };
const FULL = `profile rbd pool=${NAME}`;
const ALL = ["conf", "entity", "keyring", "pieces", "pool", "profile", "rule", "shards"];

let stack: TestStack;
let before: Readonly<Record<string, unknown>>;
const state = async () => ({
  cluster: await clusterDump(),
  settings: await settings(),
  layouts: await layouts(),
  files: await files(),
});

beforeAll(async () => {
  await on("mon1", BACK);
  before = await state();
  await on("mon1", AWAY);
  stack = await lifeStack("tools", program());
}, 300_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await on("mon1", BACK);
  const pools = (await ceph("ceph osd pool ls")).split("\n").filter((pool) => pool.startsWith(NAME));
  if (pools.length > 0) await removePools(...pools);
}, 300_000);

test("make all that a cluster has and its client's files, find nothing to do then, and show and mend what a hand changes", async () => {
  await expect(on("mon1", "python3 -c 'import rados'")).rejects.toThrow("No module named");
  expect(steps(heard(await stack.up()))).toEqual(ALL.map((name) => `create ${name}`));
  expect(await ceph(`ceph osd pool ls detail | grep "'${NAME}'"`)).toMatch(/ size 2 .* pg_num 8 /);
  expect(await ceph(`ceph osd pool ls detail | grep "'${PIECES}'"`)).toMatch(/ erasure .*ec_overwrites/);
  expect(await on("mon1", `rbd ls ${NAME} && rados -p ${NAME} ls`)).toMatch(/^rbd_info$/m);
  // The client gets in with what was written.
  expect(await on("ctl1", `rbd -c ${CONF} -k ${KEYRING} -n ${ENTITY} ls ${NAME}`)).toBe("");
  heard(await stack.up({ refresh: true, expectNoChanges: true }));
  await ceph(`ceph osd pool set ${NAME} size 3; ceph auth caps ${ENTITY} mon 'profile rbd' >/dev/null`);
  expect([...new Set(drifted(heard(await stack.refresh())).map((line) => line.split(" ")[0]))]).toEqual([
    "entity",
    "pool",
  ]);
  expect(steps(heard(await stack.up()))).toEqual(["update entity", "update pool"]);
  expect(await ceph(`ceph auth get ${ENTITY} 2>/dev/null`)).toContain(`caps osd = "${FULL}"`);
}, 600_000);

test("rotate a key, and say in words what is refused, and that the script does not get where it should", async () => {
  keys.push(await key());
  stack.program(program({ generation: 2, rule: "nowhere" }));
  const refused = await stack.up();
  printed.push(refused.output, refused.events);
  expect(refused.output).toMatch(
    /pool by-tools[^]*there is no CRUSH rule "nowhere"; there are [^\n]*by-tools/,
  );
  stack.program(program({ generation: 2 }));
  heard(await stack.up());
  keys.push(await key());
  expect(keys[1]).not.toBe(keys[0]);
  expect(await on("ctl1", `cat ${KEYRING}`)).toContain(keys[1]);
  const broken = '#!/bin/sh\necho "Error: no container with name or ID mon found" >&2\nexit 125\n';
  await on("mon1", "mv /usr/sbin/ceph /opt/box/whole; cat >/usr/sbin/ceph; chmod 755 /usr/sbin/ceph", broken);
  const { error, output } = await stack.refresh();
  await on("mon1", "mv /opt/box/whole /usr/sbin/ceph");
  expect(error).toBeDefined();
  expect(output).toMatch(/mon1[^]*ceph[^\n]* exited 125[^]*no container with name or ID mon found/);
}, 600_000);

test("delete what they have made, with pool deletion as it was before, and print no key", async () => {
  heard(await stack.destroy());
  expect(await state()).toEqual(before);
  expect(keys.length).toBe(2);
  for (const one of keys) {
    expect(one).toMatch(/^A[Qg]/);
    expect(printed.join("\n")).not.toContain(one);
  }
}, 300_000);
