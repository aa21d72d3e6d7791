/** The demo, as `npm run demo` runs it: the root Pulumi.yaml by the real engine and language host against the sandbox. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoStack, onSandbox, site, type Step, type TestStack } from "../support/engine.js";
import { destroyed, installed, looks, makeDemoSite, PUT_BACK, removeDemoSite } from "../support/demo-site.js";
import { rounds, type Tamper } from "../support/demo-tampers.js";
import { ceph, differences, on, snapshots } from "../support/hosts.js";
import { good } from "../support/lifecycle.js";
import { ALL_UNITS, restartedBy, UNITS } from "../support/restarts.js";
import { sudoStarts } from "../support/sudo-starts.js";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let stack: Omit<TestStack, "program">;
let before: Awaited<ReturnType<typeof looks>>;
const scratch = mkdtempSync(join(tmpdir(), "ceph-openstack-demo-"));

const SERVICES = ["ctl1-glance", "vol1-cinder", "vol1-cinder-backup", "cmp1-nova", "cmp2-nova"];

beforeAll(async () => {
  await makeDemoSite();
  before = await looks();
  stack = await demoStack("demotest");
  await onSandbox(stack);
}, 300_000);

afterAll(async () => {
  await stack.destroy();
  await removeDemoSite();
  await stack.remove();
  rmSync(scratch, { recursive: true, force: true });
}, 300_000);

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
}, 300_000);

test("up makes everything, installs what is missing, restarts each service once and proves it", async () => {
  let starts: Readonly<Record<string, number>> = {};
  const up = async () => {
    starts = await sudoStarts(async () => good(await stack.up()));
  };
  expect(await restartedBy(UNITS, up)).toEqual(ALL_UNITS);
  expect(Object.values(starts).map((count) => count === 1 || count === 2)).toEqual(Array(5).fill(true));
  expect(await installed()).toEqual(["ii ", "ii "]);
  expect(await stack.outputs()).toMatchObject({ verified: true });
}, 300_000);

test("a second up reports no changes and moves no file", async () => {
  const after = await snapshots({ exact: true });
  const second = good(await stack.up({ expectNoChanges: true }));
  expect(second.steps).toEqual([]);
  expect(differences(after, await snapshots({ exact: true }))).toEqual([]);
}, 300_000);

test("up --refresh right after finds nothing", async () => {
  const outcome = good(await stack.up({ refresh: true, expectNoChanges: true }));
  expect(outcome.drift).toEqual([]);
}, 300_000);

test("the real parsers read what was written", async () => {
  const conf = "/etc/cinder/cinder.conf";
  const python = `from oslo_config import cfg; c = cfg.ConfigOpts(); c.register_opt(cfg.StrOpt("rbd_pool"), group="ceph"); c(["--config-file", "${conf}"]); print(c.ceph.rbd_pool)`;
  expect((await on("vol1", `/usr/bin/python3 -c '${python}'`)).trim()).toBe("volumes");
});

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
}, 300_000);

/** What a round of tampering must show: what each shows, property by property. */
const shownBy = (tampers: readonly Tamper[]): Tamper["shows"] => {
  const all = new Map<string, Tamper["shows"][string]>();
  for (const [name, properties] of tampers.flatMap(({ shows }) => Object.entries(shows))) {
    const other = all.get(name) ?? [];
    const gone = properties === "gone" || other === "gone";
    all.set(name, gone ? "gone" : [...new Set([...other, ...properties])].sort());
  }
  return Object.fromEntries(all);
};

const shown = (steps: readonly Step[]): Record<string, readonly string[]> =>
  Object.fromEntries(steps.map(({ name, properties }) => [name, [...properties].sort()]));

describe("tampering with", () => {
  test.each(rounds)(
    "$names is named exactly by preview --refresh, with what follows, and repaired by up --refresh, which restarts who reads what is new",
    async ({ tampers }) => {
      for (const { host, text } of tampers) await on(host, text);
      const preview = good(await stack.preview({ refresh: true }));
      const said = shownBy(tampers);
      const drifted = Object.entries(said).filter(
        ([, properties]) => properties !== "gone" && properties.length > 0,
      );
      expect(shown(preview.drift)).toEqual(Object.fromEntries(drifted));
      expect(preview.steps.map(({ name }) => name).sort()).toEqual(Object.keys(said).sort());
      // A unit that has not read what is mended runs with what the mended file says.
      const restarts = ALL_UNITS.filter((_, at) => said[`rbd-${SERVICES[at] ?? ""}-service`]?.length === 0);
      const repair = async () => good(await stack.up({ refresh: true }));
      expect(await restartedBy(UNITS, repair)).toEqual(restarts);
      const clean = good(await stack.preview({ refresh: true }));
      expect([clean.drift, clean.steps]).toEqual([[], []]);
    },
    600_000,
  );
});

test("after all repairs nothing is left to do", async () => {
  // The header of the last tampering was a person's; a repair does not take it away.
  await on("ctl1", "sed -i '$ { /^\\[rbd\\]$/d }' /etc/glance/glance-api.conf");
  const clean = good(await stack.preview({ refresh: true }));
  expect([clean.drift, clean.steps]).toEqual([[], []]);
}, 300_000);

test("destroy puts every path on every host and every entity back as it was, restarts what had read them, and keeps pools and packages", async () => {
  expect(await destroyed(stack, before)).toEqual(PUT_BACK);
}, 300_000);
