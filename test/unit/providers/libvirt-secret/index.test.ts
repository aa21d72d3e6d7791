import { describe, expect, test } from "@jest/globals";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { newKey } from "../../../../providers/formats/keyring";
import { secretUuid, secretXml } from "../../../../providers/formats/libvirt-secret";
import { libvirtSecret } from "../../../../providers/libvirt-secret/index";
import { fakeHost } from "../../../support/fake-host";
import { fakeVirsh } from "../../../support/fake-virsh";
import { ownerOf, runOf } from "../../../support/run-of";

const FSID = "11111111-2222-4333-8444-555555555555";
const UUID = secretUuid(FSID, "client.cinder");
const OTHER = "aaaaaaaa-2222-4333-8444-555555555555";
const USAGE = "client.cinder secret";
const KEY = newKey();

const site = () => {
  const host = fakeHost({ name: "cmp1" });
  const virsh = fakeVirsh(host.path("libvirt"));
  const keyFile = host.path("keyring");
  const setKey = (key: string): void => writeFileSync(keyFile, `[client.cinder]\nkey = ${key}\n`);
  setKey(KEY);
  const run = () => runOf({ cmp1: host });
  const inputs = (more: object = {}) => ({
    host: "cmp1",
    cluster: { fsid: FSID },
    entity: "client.cinder",
    keyFrom: { host: "cmp1", path: keyFile },
    virsh: [virsh.command],
    ...more,
  });
  const define = (uuid: string, { usage = USAGE, value = "", hidden = false } = {}): void => {
    writeFileSync(virsh.secret(uuid, "xml"), secretXml({ uuid, usage, private: hidden, ephemeral: false }));
    if (value !== "") writeFileSync(virsh.secret(uuid, "base64"), value);
  };
  const value = (): string => host.text(virsh.secret(UUID, "base64")).trim();
  const of = (owner?: string) => run().of(libvirtSecret, owner);
  return { host, virsh, run, inputs, of, define, value, setKey };
};

describe("a libvirt secret", () => {
  test("is defined with a known uuid, holds the key, and is undefined again", async () => {
    const { of, inputs, virsh, value, host } = site();
    const made = await of().create(inputs());
    expect(made.id).toBe(`cmp1/${UUID}`);
    expect(made.outs).toMatchObject({
      uuid: UUID,
      usage: USAGE,
      value: "the cluster's key",
      origin: "created",
    });
    expect(value()).toBe(KEY);
    expect((await of().diff(made, inputs())).changes).toBe(false);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    await of().remove(made);
    expect(existsSync(virsh.secret(UUID, "xml"))).toBe(false);
    expect(host.records()).toEqual([]);
    await of().remove(made);
  });

  test("shows its key on no command line and in no state", async () => {
    const { of, inputs, virsh, host } = site();
    const seen: string[] = [];
    host.before = (request) => {
      seen.push(JSON.stringify([request.program, request.args]));
      return request;
    };
    const made = await of().create(inputs());
    expect(host.text(virsh.log)).toContain("secret-set-value");
    expect(JSON.stringify([made, seen]) + host.text(virsh.log)).not.toContain(KEY);
  });

  test("is written once: what is right is only recorded", async () => {
    const { of, inputs, virsh, host, define } = site();
    define(UUID, { value: KEY });
    const made = await of().create(inputs());
    expect(made.outs["origin"]).toBe("adopted");
    expect(host.text(virsh.log)).not.toMatch(/define|set-value/);
    await of().remove(made);
    expect(existsSync(virsh.secret(UUID, "xml"))).toBe(true);
    expect(host.records()).toEqual([]);
  });

  test("with another value that is not recorded as made or adopted is a conflict, unless it may be overwritten", async () => {
    const { of, inputs, define, value } = site();
    const theirs = newKey();
    define(UUID, { value: theirs });
    await expect(of().create(inputs())).rejects.toThrow(/another key[^]*overwrite/);
    await expect(of().create(inputs({ adopt: "never" }))).rejects.toThrow(/not recorded as made or adopted/);
    expect(value()).toBe(theirs);
    const made = await of().create(inputs({ adopt: "overwrite" }));
    expect(value()).toBe(KEY);
    await of().remove({ ...made, outs: { ...made.outs, onDelete: "remove" } });
    await expect(of().refresh(made)).resolves.toBeUndefined();
  });

  test("shows a value put in by hand, one never set, and a rotation, and repairs them without undefining", async () => {
    const { of, inputs, virsh, value, host, setKey } = site();
    const made = await of().create(inputs({ keyGeneration: 1 }));
    writeFileSync(virsh.secret(UUID, "base64"), newKey());
    const seen = await of().refresh(made);
    expect(seen?.outs["value"]).toBe("another key");
    expect((await of().update(seen ?? made, inputs({ keyGeneration: 1 }))).outs).toEqual(made.outs);
    rmSync(virsh.secret(UUID, "base64"));
    expect((await of().refresh(made))?.outs["value"]).toBe("no value");
    const next = newKey();
    setKey(next);
    await of().update(made, inputs({ keyGeneration: 2 }));
    expect(value()).toBe(next);
    expect(host.text(virsh.log)).not.toContain("undefine");
  });

  test("that is private is followed by what was last set", async () => {
    const { of, inputs, define, value, setKey } = site();
    define(UUID, { value: newKey(), hidden: true });
    await expect(of().create(inputs())).rejects.toThrow(/private value/);
    const made = await of().create(inputs({ adopt: "overwrite" }));
    expect(value()).toBe(KEY);
    expect((await of().refresh(made))?.outs["value"]).toBe("the cluster's key");
    setKey(newKey());
    expect((await of().refresh(made))?.outs["value"]).toBe("a private value that nobody can read");
  });

  test("whose usage another secret has is a conflict that says which, before anything is written", async () => {
    const { of, inputs, virsh, define, host } = site();
    define(OTHER, { value: KEY });
    await expect(of().create(inputs())).rejects.toThrow(new RegExp(`taken by the secret ${OTHER}`));
    expect(host.text(virsh.log)).not.toMatch(/define|set-value/);
    expect(host.records()).toEqual([]);
    const made = await of().create(inputs({ uuid: OTHER }));
    expect(made.outs["origin"]).toBe("adopted");
  });

  test("whose uuid is there for another use is a conflict that says which", async () => {
    const { of, inputs, define, host } = site();
    define(UUID, { usage: "something else", value: KEY });
    await expect(of().create(inputs({ adopt: "overwrite" }))).rejects.toThrow(
      /for the usage "something else"/,
    );
    expect(host.records()).toEqual([]);
  });

  test.each(["domain", "pool"] as const)(
    "that a %s refers to stays on destroy, with its record, and that is said",
    async (kind) => {
      const { run, of, inputs, virsh, host } = site();
      const made = await run().of(libvirtSecret).create(inputs());
      virsh[kind]("d1", `<disk><auth username='cinder'><secret type='ceph' uuid='${UUID}'/></auth></disk>`);
      const last = run();
      await last.of(libvirtSecret).remove(made);
      expect(existsSync(virsh.secret(UUID, "xml"))).toBe(true);
      expect(last.said.join()).toMatch(/stays: .*name-of-d1 needs it/);
      expect(host.records()).toHaveLength(1);
      expect((await of().create(inputs())).outs["origin"]).toBe("created");
    },
  );

  test("that a domain names by its usage stays too", async () => {
    const { run, inputs, virsh } = site();
    const made = await run().of(libvirtSecret).create(inputs());
    virsh.domain("d1", `<secret type='ceph' usage='${USAGE}'/>`);
    await run().of(libvirtSecret).remove(made);
    expect(existsSync(virsh.secret(UUID, "xml"))).toBe(true);
  });

  test("is handed over by a logical rename, and refused to another stack", async () => {
    const { run, of, inputs, virsh } = site();
    const old = await of(ownerOf("a")).create(inputs());
    await expect(of(ownerOf("x", "site/other")).create(inputs())).rejects.toThrow(/stack site\/prod/);
    const one = run();
    const made = await one.of(libvirtSecret, ownerOf("b")).create(inputs());
    await one.of(libvirtSecret, ownerOf("a")).remove(old);
    expect(existsSync(virsh.secret(UUID, "xml"))).toBe(true);
    await of(ownerOf("b")).remove(made);
    expect(existsSync(virsh.secret(UUID, "xml"))).toBe(false);
  });

  test("cut after any program, then repeated or taken away, ends as undisturbed", async () => {
    for (const nth of [1, 2, 3, 4, 5, 6]) {
      const { of, inputs, virsh, value, host } = site();
      host.cutAfter(nth);
      await expect(of().create(inputs())).rejects.toThrow(/lost/);
      host.heal();
      const made = await of().create(inputs());
      expect([value(), made.outs["origin"]]).toEqual([KEY, "created"]);
      host.cutAfter(nth);
      await of()
        .remove(made)
        .catch(() => undefined);
      host.heal();
      await of().remove(made);
      expect(existsSync(virsh.secret(UUID, "xml"))).toBe(false);
      expect(host.records()).toEqual([]);
    }
  });

  test("keeps its uuid and usage: a change is refused and says how to migrate", async () => {
    const { of, inputs } = site();
    const made = await of().create(inputs());
    expect((await of().problems(inputs({ uuid: OTHER }), made.outs)).join()).toMatch(
      /uuid: must stay .*second secret/,
    );
    expect((await of().problems(inputs({ usage: "x" }), made.outs)).join()).toMatch(/usage: must stay/);
  });

  test.each([
    [{ uuid: "x" }, /UUID/],
    [{ usage: "a<b" }, /usage/],
    [{ uri: "system" }, /connection/],
    [{ virsh: [] }, /at least one/],
    [{ keyFrom: undefined }, /admin .*keyFrom/],
    [{ entity: "cinder" }, /client entity/],
  ])("%j is refused before anything is touched", async (more, reason) => {
    const { of, inputs, host } = site();
    expect((await of().problems(inputs(more))).join("\n")).toMatch(reason);
    expect(host.ran).toEqual([]);
  });
});
