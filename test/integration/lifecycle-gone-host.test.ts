/** A host that does not answer: the rest is done, one clear error names artifact, host and cure, and refresh and destroy can go on. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephAuthEntity, CephKeyringFile, ConfigSection } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, difference, on, snapshot } from "../support/hosts";
import { cluster, drifted, good, lifeStack, records, resources, steps } from "../support/lifecycle";
import { withoutCable } from "../support/sandbox";

const CONF: Readonly<Record<string, string>> = {
  vol1: "/etc/cinder/cinder.conf",
  cmp2: "/etc/nova/nova.conf",
};

const program = (value: string) => () => {
  const { entity, keyGeneration } = new CephAuthEntity("entity", {
    cluster: cluster(),
    entity: "client.gone",
    caps: { mon: "allow r" },
  });
  for (const [host, path] of Object.entries(CONF)) {
    new ConfigSection(`section-${host}`, { host, path, section: "gone", options: { one: value } });
    const where = { host, cluster: cluster(), path: "/etc/ceph/ceph.client.gone.keyring" };
    new CephKeyringFile(`keyring-${host}`, { ...where, entity, keyGeneration, owner: "root" });
  }
};

const HASTE = { CEPH_OPENSTACK_CONNECT_TIMEOUT_SECONDS: "3" };
let stack: TestStack;
let before: { vol1: string[]; cmp2: string[] };

const option = (host: "vol1" | "cmp2") =>
  on(host, `sed -n '/^\\[gone\\]/,$p' ${CONF[host] ?? ""} | grep '^one' || true`);

beforeAll(async () => {
  before = { vol1: await snapshot("vol1"), cmp2: await snapshot("cmp2") };
  stack = await lifeStack("gone", program("1"), { env: HASTE });
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
});

test("up does everything else, and says once for each artifact which host does not answer and what to do", async () => {
  const { error, output } = await withoutCable("cmp2", () => stack.up());
  expect(error).toBeDefined();
  const told = [...new Set(output.split("\n").filter((line) => /^ +error: .*cmp2/.test(line)))];
  expect(told).toHaveLength(2);
  expect(told.join()).toContain("/etc/nova/nova.conf [gone] on cmp2");
  expect(told.join()).toContain("/etc/ceph/ceph.client.gone.keyring on cmp2");
  expect(output).toMatch(/ssh -v|ssh_config/);
  expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
  expect(await option("vol1")).toBe("one = 1\n");
  expect([...(await resources(stack)).keys()]).toEqual(
    expect.arrayContaining(["entity", "section-vol1", "keyring-vol1"]),
  );
  expect(steps(good(await stack.up()))).toEqual(["create keyring-cmp2", "create section-cmp2"]);
}, 120_000);

test("refresh fails, and with unreachableOnRefresh keep it keeps what was recorded, says so and sees the drift elsewhere", async () => {
  await on("vol1", `sed -i 's/^one = 1/one = by-hand/' ${CONF["vol1"] ?? ""}`);
  await withoutCable("cmp2", async () => {
    const failed = await stack.refresh();
    expect(failed.error).toBeDefined();
    await stack.setConfig("ceph-openstack:unreachableOnRefresh", "keep");
    const kept = good(await stack.up({ refresh: true, target: await urns("section-vol1") }));
    expect(steps(kept)).toEqual(["update section-vol1"]);
    const refreshed = good(await stack.refresh());
    expect(drifted(refreshed)).toEqual([]);
    expect(refreshed.output).toContain("kept what was recorded");
  });
  expect(await option("vol1")).toBe("one = 1\n");
  expect([...(await resources(stack)).keys()]).toContain("section-cmp2");
}, 180_000);

const urns = async (...names: string[]) => {
  const all = await resources(stack);
  return names.map((name) => all.get(name)?.urn ?? "");
};

test("destroy fails and keeps the host's resources; with unreachableOnDelete forget it ends and lists what stays there", async () => {
  await withoutCable("cmp2", async () => {
    const failed = await stack.destroy();
    expect(failed.error).toBeDefined();
    expect(failed.output).toContain("cmp2");
    expect([...(await resources(stack)).keys()]).toEqual(
      expect.arrayContaining(["section-cmp2", "keyring-cmp2"]),
    );
    await stack.setConfig("ceph-openstack:unreachableOnDelete", "forget:cmp2");
    stack.program(program("1"));
    const destroyed = good(await stack.destroy({ runProgram: true }));
    expect(destroyed.output).toMatch(
      /nova\.conf \[gone\] on cmp2: the host does not answer; what is there stays there/,
    );
  });
  expect(await option("cmp2")).toBe("one = 1\n");
  expect(difference(before.vol1, await snapshot("vol1"))).toEqual([]);
  expect(await ceph("ceph auth ls 2>/dev/null")).not.toContain("client.gone");
}, 180_000);

test("a later up takes over what stayed on the host, and its destroy puts that back too", async () => {
  good(await stack.up());
  good(await stack.destroy());
  expect(difference(before.cmp2, await snapshot("cmp2"))).toEqual([]);
  expect(await records()).toBe("");
}, 120_000);
