import { describe, expect, test } from "@jest/globals";
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { cephConfigFile } from "../../../../providers/ceph-config-file/index";
import { configSection } from "../../../../providers/config-section/index";
import { fakeHost } from "../../../support/fake-host";
import { ownerOf, runOf } from "../../../support/run-of";

const FSID = "11111111-2222-4333-8444-555555555555";
const OTHER = "99999999-2222-4333-8444-555555555555";
const MONS = "[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0]";

const asRoot = process.getuid?.() === 0 ? test : test.skip;

const site = (text?: string) => {
  const host = fakeHost({ name: "ctl1" });
  mkdirSync(host.path("ceph"));
  const path = host.path("ceph", "ceph.conf");
  if (text !== undefined) writeFileSync(path, text);
  const run = () => runOf({ ctl1: host });
  const inputs = (more: object = {}) => ({
    host: "ctl1",
    cluster: { fsid: FSID },
    path,
    monHost: MONS,
    ...more,
  });
  const of = (owner?: string) => run().of(cephConfigFile, owner);
  return { host, path, run, inputs, of, text: () => host.text(path) };
};

const THEIRS = `# by hand\n[global]\n\tfsid = ${FSID}\n\tmon_host = 10.0.0.1\n\tkeyring = /x\n\n[client]\n\trbd cache = false\n`;

describe("a client's ceph.conf", () => {
  asRoot("with an owner and no group keeps the group that it has", async () => {
    const { of, inputs, path } = site(THEIRS);
    chownSync(path, 0, 4242);
    await of().create(inputs({ owner: "daemon", options: { client: { rbd_cache: true } } }));
    expect(statSync(path)).toMatchObject({ uid: 1, gid: 4242 });
  });

  asRoot("is made where it is not there, without indentation, and taken away again", async () => {
    const { of, inputs, text, path, host } = site();
    const made = await of().create(inputs({ options: { "client.glance": { rbd_cache: true, x: 1 } } }));
    expect(made.id).toBe(`ctl1:${path}`);
    expect(text()).toBe(
      `[global]\nfsid = ${FSID}\nmon_host = ${MONS}\n\n[client.glance]\nrbd_cache = true\nx = 1\n`,
    );
    expect(statSync(path).mode & 0o7777).toBe(0o644);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    await of().remove(made);
    expect(existsSync(path)).toBe(false);
    expect(host.records()).toEqual([]);
  });

  test("that is right already, however it writes the monitors, is not touched", async () => {
    const { of, inputs, text, path } = site(THEIRS);
    const before = statSync(path, { bigint: true }).mtimeNs;
    const made = await of().create(inputs({ options: { client: { rbd_cache: false } } }));
    expect(statSync(path, { bigint: true }).mtimeNs).toBe(before);
    await of().remove(made);
    expect(text()).toBe(THEIRS);
  });

  test("is edited where it is there, in its own style, and put back", async () => {
    const { of, inputs, text, host } = site(THEIRS);
    const desired = inputs({
      monHost: "10.0.0.7",
      options: { client: { rbd_cache: true }, "client.cinder": { y: "a#b" } },
    });
    const made = await of().create(desired);
    expect(text()).toContain("\tmon_host = 10.0.0.7\n\tkeyring = /x\n");
    expect(text()).toContain("\trbd cache = true\n");
    expect(text()).toContain("\n[client.cinder]\ny = a\\#b\n");
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    const less = await of().update(made, inputs({ monHost: "10.0.0.7" }));
    expect(text()).toBe(THEIRS.replace("10.0.0.1", "10.0.0.7"));
    await of().remove(less);
    expect(text()).toBe(THEIRS);
    expect(host.records()).toEqual([]);
  });

  test("of another cluster is refused, naming it, and not touched", async () => {
    const { of, inputs, text } = site(THEIRS.replace(FSID, OTHER));
    await expect(of().create(inputs())).rejects.toThrow(new RegExp(OTHER));
    expect(text()).toContain(OTHER);
  });

  test.each([
    ["10.0.0.9", "no monitor is the cluster's"],
    ["[v2:10.0.0.9:3300,v1:10.0.0.9:6789] mon2.example.org", "nor among several, one by name"],
  ])("that names no fsid and the monitors %s is refused and not touched: %s", async (monitors) => {
    const theirs = `[global]\nmon_host = ${monitors}\n`;
    const { of, inputs, text } = site(theirs);
    await expect(of().create(inputs())).rejects.toThrow(
      /another cluster: it names the monitors .* and no fsid.*write "fsid = /s,
    );
    expect(text()).toBe(theirs);
  });

  test("that names no fsid and one of the cluster's monitors is the cluster's, and so is one with our own monitors", async () => {
    const { of, inputs, text } = site("[global]\nmon_host = 10.0.0.1:6790,10.0.0.2\n");
    const made = await of().create(inputs());
    expect(text()).toContain(`fsid = ${FSID}\n`);
    const moved = await of().update(made, inputs({ monHost: "10.0.0.7" }));
    expect(text()).toContain("mon_host = 10.0.0.7\n");
    await of().remove(moved);
    expect(text()).toBe("[global]\nmon_host = 10.0.0.1:6790,10.0.0.2\n");
  });

  test("that we made follows to another cluster; one that was of the old cluster before does not", async () => {
    const made = site("");
    const first = await made.of().create(made.inputs());
    await made.of().update(first, made.inputs({ cluster: { fsid: OTHER } }));
    expect(made.text()).toContain(`fsid = ${OTHER}`);
    const theirs = site(THEIRS);
    const adopted = await theirs.of().create(theirs.inputs());
    await expect(theirs.of().update(adopted, theirs.inputs({ cluster: { fsid: OTHER } }))).rejects.toThrow(
      /another cluster/,
    );
  });

  test("shows monitors, fsid and options that were changed, and is repaired", async () => {
    const { of, inputs, path, text } = site(THEIRS);
    const desired = inputs({ options: { client: { rbd_cache: true } } });
    const made = await of().create(desired);
    writeFileSync(
      path,
      text()
        .replace("10.0.0.1", "10.9.9.9")
        .replace(`\tfsid = ${FSID}\n`, "")
        .replace("cache = true", "cache = x"),
    );
    const seen = await of().refresh(made);
    expect(seen?.outs).toMatchObject({ monHost: "10.9.9.9", options: { client: { rbd_cache: "x" } } });
    expect(seen?.outs).not.toHaveProperty("fsid");
    expect((await of().update(seen ?? made, desired)).outs).toEqual(made.outs);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
  });

  test("has its mode enforced only where it is given", async () => {
    const { of, inputs, path } = site(THEIRS);
    chmodSync(path, 0o600);
    const made = await of().create(inputs());
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    const set = await of().update(made, inputs({ mode: "0644" }));
    expect(statSync(path).mode & 0o7777).toBe(0o644);
    chmodSync(path, 0o600);
    expect((await of().refresh(set))?.outs["mode"]).toBe("0600");
  });

  test("shares the file with sections of other resources, but no option", async () => {
    const { run, inputs, text, path, of } = site(THEIRS);
    const one = run();
    const made = await one
      .of(cephConfigFile, ownerOf("a"))
      .create(inputs({ options: { client: { rbd_cache: true } } }));
    const section = { host: "ctl1", path, section: "client", dialect: "ceph" };
    const other = one.of(configSection, ownerOf("b"));
    await expect(other.check({ ...section, options: { "rbd cache": "x" } })).rejects.toThrow(/owned by/);
    const more = await other.create({ ...section, options: { admin_socket: "/run/x" } });
    await of(ownerOf("a")).remove(made);
    expect(text()).toContain("admin_socket = /run/x");
    await run().of(configSection, ownerOf("b")).remove(more);
    expect(text()).toBe(THEIRS);
  });

  test("has a path by the cluster's name", async () => {
    const { of, inputs } = site();
    const { path: _path, ...rest } = inputs({ cluster: { fsid: FSID, name: "west" } });
    expect((await of().check(rest))["path"]).toBe("/etc/ceph/west.conf");
  });

  test.each([
    [{ monHost: undefined }, /admin .*monHost/],
    [{ options: { global: { fsid: "x" } } }, /options\.global\.fsid .*follows from the cluster/],
    [{ options: { global: { "mon host": "x" } } }, /follows from the cluster/],
    [{ options: { client: { "rbd-cache": "x" } } }, /options\.client\.rbd-cache .*dash/],
    [{ options: { "client]": { x: "1" } } }, /options\.client\]/],
    [{ options: { client: { x: "a\nb" } } }, /options\.client\.x .*one line/],
    [{ options: { client: { "rbd cache": 1, rbd_cache: 2 } } }, /same option/],
    [{ monHost: "a\nb" }, /monitors/],
    [{ path: "ceph.conf" }, /absolute/],
  ])("%j is refused before anything is touched", async (more, reason) => {
    const { of, inputs, host } = site();
    expect((await of().problems(inputs(more))).join("\n")).toMatch(reason);
    expect(host.ran).toEqual([]);
  });
});
