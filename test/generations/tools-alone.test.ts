/** Ceph's own tools where no python3 there has the `rados` module, of whatever generation they and the cluster are: a pool's and an entity's life. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephAuthEntity, CephPool } from "../../index";
import type { Outcome, TestStack } from "../support/engine";
import { ceph, clusterDump, on } from "../support/hosts";
import { cluster, drifted, good, lifeStack, removePools, steps } from "../support/lifecycle";

const PREFIX = "/root/without-python";
const NAME = "by-tools";
const ENTITY = "client.by-tools";

const settings = () =>
  ceph("ceph config dump; ceph tell 'mon.*' config diff get mon_allow_pool_delete 2>/dev/null || true");
const key = async () => (await ceph(`ceph auth get-key ${ENTITY}`)).trim();

const printed: string[] = [];
const heard = (outcome: Outcome): Outcome => {
  printed.push(outcome.output, outcome.events);
  return good(outcome);
};

const program = (osd: string) => () => {
  const by = { ...cluster(), prefix: [PREFIX] };
  const size = { size: 2, pgNum: 8, pgAutoscaleMode: "off", onDelete: "remove" } as const;
  const pool = new CephPool("pool", { cluster: by, name: NAME, ...size });
  new CephAuthEntity(
    "entity",
    { cluster: by, entity: ENTITY, caps: { mon: "profile rbd", osd } },
    { dependsOn: pool },
  );
};
const FULL = `profile rbd pool=${NAME}`;

let stack: TestStack;
let before: { cluster: Awaited<ReturnType<typeof clusterDump>>; settings: string };

beforeAll(async () => {
  await on(
    "mon1",
    `cat >${PREFIX}; chmod 0700 ${PREFIX}`,
    '#!/bin/sh\ncase $1 in *python*) exit 64 ;; *) exec "$@" ;; esac\n',
  );
  before = { cluster: await clusterDump(), settings: await settings() };
  stack = await lifeStack("tools", program(FULL));
}, 300_000);

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await on("mon1", `rm -f ${PREFIX}`);
  if ((await ceph("ceph osd pool ls")).includes(NAME)) await removePools(NAME);
}, 300_000);

test("make a pool and an entity, find nothing to do then, and show and mend what a hand changes", async () => {
  expect(steps(heard(await stack.up()))).toEqual(["create entity", "create pool"]);
  expect(await ceph(`ceph osd pool ls detail | grep "'${NAME}'"`)).toMatch(/ size 2 .* pg_num 8 /);
  expect(await on("mon1", `rbd ls ${NAME} && rados -p ${NAME} ls`)).toMatch(/^rbd_info$/m);
  heard(await stack.up({ refresh: true, expectNoChanges: true }));
  await ceph(`ceph osd pool set ${NAME} size 3; ceph auth caps ${ENTITY} mon 'profile rbd' >/dev/null`);
  expect([...new Set(drifted(heard(await stack.refresh())).map((line) => line.split(" ")[0]))]).toEqual([
    "entity",
    "pool",
  ]);
  expect(steps(heard(await stack.up()))).toEqual(["update entity", "update pool"]);
  expect(await ceph(`ceph auth get ${ENTITY} 2>/dev/null`)).toContain(`caps osd = "${FULL}"`);
}, 300_000);

test("delete what they have made, with pool deletion as it was before, and print no key", async () => {
  const secret = await key();
  heard(await stack.destroy());
  expect({ cluster: await clusterDump(), settings: await settings() }).toEqual(before);
  expect(secret).toMatch(/^A[Qg]/);
  expect(printed.join("\n")).not.toContain(secret);
}, 300_000);
