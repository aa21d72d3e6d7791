/** Pools are removed only when told so, when empty, and behind a switch that is afterwards as it was. By the real engine. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephPool } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph } from "../support/hosts";
import { cluster, good, lifeStack, records, removePools, resources, steps } from "../support/lifecycle";
import { killProviders } from "../support/engine-kill";
import { relayTo, type Relay } from "../support/relay";

/** What is put into each pool, and how the refusal names it. */
const CONTENT: Readonly<Record<string, { readonly fill: string; readonly named: RegExp }>> = {
  image: { fill: "rbd create life-image/a --size 4", named: /rbd_(id|header|directory|object_map)/ },
  snapshot: { fill: "ceph osd pool mksnap life-snapshot by-hand", named: /snapshot by-hand/ },
  clone: {
    fill: "rbd snap create life-image/a@s; rbd clone life-image/a@s life-clone/b --rbd-default-clone-format 2",
    named: /rbd_(id|header|directory|object_map)/,
  },
  trash: { fill: "rbd create life-trash/a --size 4; rbd trash mv life-trash/a", named: /rbd_(trash|header)/ },
  namespace: { fill: "rbd namespace create life-namespace/tenant", named: /rbd_namespace/ },
  inside: {
    fill: "rbd namespace create life-inside/tenant; rbd create life-inside/tenant/a --size 4",
    named: /tenant\/|rbd_namespace/,
  },
  plain: { fill: "echo x | rados -p life-plain put by-hand -", named: /by-hand/ },
  hidden: { fill: "echo x | rados -p life-hidden -N corner put by-hand -", named: /corner\/by-hand/ },
};
const KINDS = Object.keys(CONTENT);
const EMPTIED =
  "rbd create life-emptied/a --size 4; rbd snap create life-emptied/a@s; rbd snap purge life-emptied/a; rbd rm life-emptied/a";

const pools =
  (kinds: readonly string[], more: { forceDestroy?: boolean } = {}) =>
  () => {
    for (const kind of kinds) {
      // A pool snapshot and RBD's own exclude each other.
      const rbd = kind === "snapshot" ? { application: "test" } : {};
      const pool = {
        name: `life-${kind}`,
        size: 1 + 1,
        pgNum: 1,
        pgAutoscaleMode: "off",
        onDelete: "remove",
      } as const;
      new CephPool(kind, { cluster: cluster(), ...pool, ...rbd, ...more });
    }
  };
const there = async () =>
  (await ceph("ceph osd pool ls | grep ^life- || true")).split("\n").filter(Boolean).sort();
const names = (kinds: readonly string[]) => kinds.map((kind) => `life-${kind}`).sort();

/** The switch as the monitor runs it, with every level that sets it, and as the configuration database has it. */
const theSwitch = () =>
  ceph(
    "ceph tell mon.\\* config diff get mon_allow_pool_delete -f json 2>&1; ceph config dump | grep pool_delete || true",
  );

let stack: TestStack;
let relay: Relay;
let asItWas: string;

beforeAll(async () => {
  asItWas = await theSwitch();
  relay = await relayTo("mon1");
  stack = await lifeStack("content", pools([...KINDS, "emptied"]), {
    env: { CEPH_OPENSTACK_SSH_CONFIG: relay.sshConfig },
  });
  good(await stack.up());
  await ceph(
    `set -e; ${Object.values(CONTENT)
      .map(({ fill }) => fill)
      .join("; ")}; ${EMPTIED}`,
  );
}, 240_000);

afterAll(async () => {
  await stack.destroy();
  await removePools(...names([...KINDS, "emptied", "1", "2", "3", "4"])).catch(() => undefined);
  await stack.remove();
  await relay.close();
}, 240_000);

test("a pool with anything in it is refused by the name of what lies there; one that is empty by now goes", async () => {
  const { error, output } = await stack.destroy({ continueOnError: true });
  expect(error).toBeDefined();
  for (const kind of KINDS) {
    const told = new RegExp(`pool life-${kind} is not empty and is not deleted; in it are (.*)`).exec(
      output,
    )?.[1];
    expect(`${kind}: ${told ?? "not refused"}`).toMatch(CONTENT[kind]?.named ?? /^$/);
  }
  expect(await there()).toEqual(names(KINDS));
  expect([...(await resources(stack)).keys()]).not.toContain("emptied");
  expect(await theSwitch()).toBe(asItWas);
}, 120_000);

test("forceDestroy counts once an up has applied it, and that up opens no connection to do so", async () => {
  stack.program(pools(KINDS, { forceDestroy: true }));
  relay.cut();
  expect(steps(good(await stack.up()))).toEqual(KINDS.map((kind) => `update ${kind}`).sort());
  relay.heal();
  good(await stack.destroy());
  expect(await there()).toEqual([]);
  expect(await records()).toBe("");
  expect(await theSwitch()).toBe(asItWas);
}, 180_000);

const FOUR = ["1", "2", "3", "4"];

test("a switch that is set in the configuration database stays set, through four deletes at once", async () => {
  await ceph("ceph config set mon mon_allow_pool_delete true");
  const set = await theSwitch();
  expect(set).not.toBe(asItWas);
  stack.program(pools(FOUR));
  good(await stack.up());
  relay.count();
  good(await stack.destroy());
  expect(await there()).toEqual([]);
  expect(await theSwitch()).toBe(set);
  await ceph("ceph config rm mon mon_allow_pool_delete");
  expect(await theSwitch()).toBe(asItWas);
}, 180_000);

test("the switch is as it was after the provider was killed in the middle of the deletes, and the next destroy ends them", async () => {
  const whole = relay.passed.toHost;
  good(await stack.up());
  let killed = 0;
  relay.count({ direction: "toHost", bytes: whole - 200, act: () => void (killed += killProviders()) });
  const { error } = await stack.destroy();
  expect(killed).toBe(1);
  expect(error).toBeDefined();
  // What was under way goes on for a moment without us, and puts the switch back at its end.
  for (let tries = 0; tries < 20 && (await theSwitch()) !== asItWas; tries += 1) await sleep(500);
  expect(await theSwitch()).toBe(asItWas);
  good(await stack.destroy());
  expect(await there()).toEqual([]);
  expect(await records()).toBe("");
  expect(await theSwitch()).toBe(asItWas);
}, 180_000);
