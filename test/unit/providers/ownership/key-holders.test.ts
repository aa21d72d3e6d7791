import { describe, expect, test } from "@jest/globals";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { cephAuthEntity } from "../../../../providers/ceph-auth-entity/index";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { libvirtSecret } from "../../../../providers/libvirt-secret/index";
import { Failure } from "../../../../providers/remote/failure";
import type { FakeHost } from "../../../support/fake-host";
import { down, ENTITY, keySite, type KeySite } from "../../../support/key-site";
import { ownerOf } from "../../../support/run-of";
import { failure } from "../../../support/failure";

const HOLDERS = "pulumi-ceph-openstack-keys/";

const everywhere = ({ key, held }: KeySite): void => expect(held()).toEqual([key(), key(), key()]);

/** Programs of these names say why they fail. */
const fails = (host: FakeHost, names: RegExp, why: string): void => {
  host.before = ({ program, ...request }) =>
    names.test(program.name)
      ? { ...request, program: { ...program, text: `echo '${why}' >&2; exit 1` } }
      : { ...request, program };
};

describe("a rotation", () => {
  test("reaches every keyring and secret in the entity's own step, and their own updates write nothing more", async () => {
    const all = await keySite();
    const old = all.key();
    await all.rotate();
    expect(all.key()).not.toBe(old);
    everywhere(all);
    const before = [all.vol1, all.cmp1].map(({ ran }) => ran.filter((name) => /write|put/.test(name)).length);
    const [vol1] = all.keyrings;
    if (vol1 === undefined) throw new Error("no keyring");
    const again = await all
      .run()
      .of(cephKeyringFile, ownerOf("vol1"))
      .update(vol1, { ...all.file(all.vol1), keyGeneration: 2 });
    await all
      .run()
      .of(libvirtSecret, ownerOf("secret"))
      .update(all.guests, { ...all.secret, keyGeneration: 2 });
    expect(again.outs["keyFingerprint"]).not.toBe(vol1.outs["keyFingerprint"]);
    const after = [all.vol1, all.cmp1].map(({ ran }) => ran.filter((name) => /write|put/.test(name)).length);
    expect(after).toEqual(before);
  });

  test.each([
    ["does not answer", (host: FakeHost) => down(host), /cmp1[^]*no route to host/],
    [
      "has no room",
      (host: FakeHost) => fails(host, /^files-write$/, "cat: write error: No space left on device"),
      /cmp1[^]*No space left/,
    ],
    [
      "has a libvirt that does not answer",
      (host: FakeHost) => fails(host, /^virsh-/, "error: failed to connect"),
      /cmp1[^]*failed to connect/,
    ],
  ])("is not begun where a host %s: the old key is good everywhere", async (_what, spoil, said) => {
    const all = await keySite();
    const old = all.key();
    const writes = all.ceph.writes().length;
    spoil(all.cmp1);
    expect(await failure(all.rotate())).toMatch(said);
    expect([all.key(), ...all.held()]).toEqual([old, old, old, old]);
    expect(all.ceph.writes()).toHaveLength(writes);
    all.cmp1.before = (request) => request;
    await all.rotate();
    expect(all.key()).not.toBe(old);
    everywhere(all);
  });

  test("passes over a host that was given up, and says so", async () => {
    const all = await keySite();
    const old = all.key();
    down(all.cmp1);
    const config = { unreachableOnDelete: "forget:cmp1" };
    const program = all.run({ config });
    await program.of(cephAuthEntity, ownerOf("auth")).update(all.made, all.desired({ keyGeneration: 2 }));
    expect(all.held()[0]).toBe(all.key());
    expect(all.held()[1]).toBe(old);
    expect(program.said.join("\n")).toMatch(/keyring on cmp1 may keep the old key/);
  });

  test("is not begun where the settings have changed since and a host does not answer, unless it was given up", async () => {
    const all = await keySite();
    const old = all.key();
    const refused = new Failure({ code: "authentication", host: "cmp1", what: "cmp1 refuses the login" });
    all.cmp1.before = () => {
      throw refused;
    };
    const rotate = (config: Readonly<Record<string, string>>) =>
      all
        .run({ config: { sshUser: "another", ...config } })
        .of(cephAuthEntity, ownerOf("auth"))
        .update(all.made, all.desired({ keyGeneration: 2 }));
    expect(await failure(rotate({}))).toMatch(/cmp1 refuses the login[^]*forget:HOST/);
    expect([all.key(), ...all.held()]).toEqual([old, old, old, old]);
    await rotate({ unreachableOnDelete: "forget:cmp1" });
    expect([all.held()[0] === all.key(), all.held()[1] === old]).toEqual([true, true]);
  });

  test("leaves what another stack, or nobody, has recorded, and names the other stack", async () => {
    const all = await keySite();
    const old = all.key();
    const [file, secret] = all.held().slice(1);
    for (const name of all.cmp1.records()) {
      const path = `${all.cmp1.ledger}/${name}`;
      writeFileSync(path, all.cmp1.text(path).replace("site/prod", "site/other"));
    }
    const program = all.run();
    for (const [name, text] of all.ceph.records)
      if (name.startsWith(HOLDERS) && text.includes("secret"))
        all.ceph.records.set(name, text.replace("site/prod", "site/other"));
    await program.of(cephAuthEntity, ownerOf("auth")).update(all.made, all.desired({ keyGeneration: 2 }));
    expect([file, secret, ...all.held().slice(1)]).toEqual([old, old, old, old]);
    expect(program.said.join("\n")).toMatch(/libvirt secret .* holds the key .*site\/other/);
  });

  test("that another machine by a holder's name is in the way of says which record to take off, and that is enough", async () => {
    const all = await keySite();
    all.cmp1.before = () => {
      throw new Failure({ code: "host-key", host: "cmp1", what: "the host key of cmp1 has changed" });
    };
    const said = await failure(all.rotate());
    const records = [...said.matchAll(/ceph config-key rm (\S+)/g)].map(([, name = ""]) => name);
    expect(records).toHaveLength(2);
    records.forEach((name) => expect(all.ceph.records.delete(name)).toBe(true));
    await all.rotate();
    expect(all.held()[0]).toBe(all.key());
  });

  test("runs nothing on a host that the host's own record does not say, whatever stands in the cluster", async () => {
    const all = await keySite();
    const [command, mark] = [all.vol1.path("command"), all.vol1.path("mark")];
    writeFileSync(command, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    const [, text = ""] = [...all.ceph.records].find(([, one]) => one.includes('"secret"')) ?? [];
    const forged = (name: string, at: object): void => {
      const holder = JSON.parse(text) as { at: object };
      const value = JSON.stringify({ ...holder, at: { ...holder.at, virsh: [command], ...at } });
      all.ceph.records.set(`${HOLDERS}${ENTITY}/${name}`, value);
    };
    for (const host of ["vol1", "cmp1"]) forged(host, { host });
    forged("option", { host: `-oProxyCommand=${command}` });
    await all.rotate();
    expect(existsSync(mark)).toBe(false);
    everywhere(all);
  });

  test("does not write a file that is gone, or holds more than this entity", async () => {
    const all = await keySite();
    rmSync(all.keyringOn(all.vol1));
    const two = `[${ENTITY}]\n\tkey = ${all.key()}\n[client.x]\n\tkey = ${newKey()}\n`;
    writeFileSync(all.keyringOn(all.cmp1), two);
    await all.rotate();
    expect(() => all.vol1.text(all.keyringOn(all.vol1))).toThrow(/ENOENT/);
    expect(all.cmp1.text(all.keyringOn(all.cmp1))).toBe(two);
  });

  test("leaves a keyring and a secret that hold neither the old key nor the recorded one", async () => {
    const all = await keySite();
    const third = newKey();
    const text = `[${ENTITY}]\n\tkey = ${third}\n`;
    writeFileSync(all.keyringOn(all.vol1), text);
    writeFileSync(all.virsh.secret(all.uuid, "base64"), third);
    await all.rotate();
    expect(all.held()).toEqual([third, all.key(), third]);
  });

  test("that a host fails after the key has changed leaves the others with the new key, and goes on with the same one", async () => {
    const all = await keySite();
    const old = all.key();
    all.cmp1.before = (request) => {
      if (all.key() !== old)
        throw new Failure({ code: "cut", host: "cmp1", what: "the connection was lost" });
      return request;
    };
    expect(await failure(all.rotate())).toMatch(/cluster has the new key[^]*cmp1[^]*same key/);
    const fresh = all.key();
    expect(all.held()).toEqual([fresh, old, old]);
    const seen = await all.entity().refresh(all.made);
    expect(seen?.outs).toMatchObject({ keyGeneration: 2, keyState: "a rotation that was cut" });
    all.cmp1.before = (request) => request;
    const done = await all.rotate(undefined, seen);
    expect(all.key()).toBe(fresh);
    everywhere(all);
    expect(done.outs).toMatchObject({ keyGeneration: 2, keyState: "as recorded" });
  });

  test("cut after any program of a host ends distributed in the next run", async () => {
    for (let at = 1; ; at += 1) {
      const all = await keySite();
      let count = 0;
      const cut = <T>(value: T): T => {
        count += 1;
        if (count >= at) throw new Failure({ code: "cut", host: "cmp1", what: "the connection was lost" });
        return value;
      };
      all.cmp1.after = cut;
      const said = await failure(all.rotate());
      const fresh = all.key();
      all.cmp1.after = (result) => result;
      if (said === "no failure") break;
      const generation = JSON.parse(
        all.ceph.records.get(`pulumi-ceph-openstack/auth/${ENTITY}`) ?? "{}",
      ) as object;
      await all.rotate();
      if ("pending" in generation) expect(all.key()).toBe(fresh);
      everywhere(all);
    }
  }, 180_000);

  test("cut after any order of the cluster ends distributed in the next run", async () => {
    for (let at = 1; ; at += 1) {
      const all = await keySite();
      const old = all.key();
      all.ceph.cut = { at, when: "after" };
      const said = await failure(all.rotate());
      all.ceph.cut = undefined;
      if (said === "no failure") break;
      const half = all.key();
      await all.rotate();
      expect([at, half === old || all.key() === half]).toEqual([at, true]);
      expect(all.key()).not.toBe(old);
      everywhere(all);
    }
  }, 180_000);

  test("in another process than that of a keyring, which has looked before, is not undone by the keyring's update", async () => {
    const all = await keySite();
    const [vol1] = all.keyrings;
    if (vol1 === undefined) throw new Error("no keyring");
    const explicit = all.run();
    const keyring = explicit.of(cephKeyringFile, ownerOf("vol1"));
    for (const look of [1, 2]) expect([look, (await keyring.refresh(vol1))?.id]).toEqual([look, vol1.id]);
    await all.rotate();
    await keyring.update(vol1, { ...all.file(all.vol1), keyGeneration: 2, mode: "0600" });
    everywhere(all);
    await all.rotate(undefined, undefined, 3);
    await keyring.update(vol1, { ...all.file(all.vol1), keyGeneration: 2 });
    everywhere(all);
  });
});
