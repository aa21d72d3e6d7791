import { describe, expect, test } from "@jest/globals";
import { symlinkSync } from "node:fs";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { libvirtSecret } from "../../../../providers/libvirt-secret/index";
import { Failure } from "../../../../providers/remote/failure";
import { down, ENTITY, keySite } from "../../../support/key-site";
import { fakeCeph16_2_15 } from "../../../support/fake-ceph";
import { ownerOf, runOf } from "../../../support/run-of";
import { failure } from "../../../support/failure";

const HOLDERS = "pulumi-ceph-openstack-keys/";

describe("who holds a key", () => {
  test("is recorded before it is written, without a key, and no longer after it was taken away", async () => {
    const all = await keySite();
    const holders = () => [...all.ceph.records].filter(([name]) => name.startsWith(HOLDERS));
    expect(holders()).toHaveLength(3);
    expect(JSON.stringify(holders())).not.toContain(all.key());
    await all.run().of(libvirtSecret, ownerOf("secret")).remove(all.guests);
    for (const [i, name] of ["vol1", "cmp1"].entries()) {
      const made = all.keyrings[i];
      if (made !== undefined) await all.run().of(cephKeyringFile, ownerOf(name)).remove(made);
    }
    expect(holders()).toEqual([]);
  });

  test("is forgotten with a host that was given up, and a cluster that does not answer holds nobody up", async () => {
    const all = await keySite();
    down(all.cmp1);
    const config = { unreachableOnDelete: "forget:cmp1" };
    const [vol1, cmp1] = all.keyrings;
    if (vol1 === undefined || cmp1 === undefined) throw new Error("no keyrings");
    await all.run({ config }).of(cephKeyringFile, ownerOf("cmp1")).remove(cmp1);
    expect([...all.ceph.records.values()].filter((text) => text.includes('"cmp1"'))).toHaveLength(1);
    all.ceph.machine.open = () =>
      Promise.reject(new Failure({ code: "unreachable", host: "mon1", what: "no route to host" }));
    const program = all.run();
    await program.of(cephKeyringFile, ownerOf("vol1")).remove(vol1);
    expect(() => all.vol1.text(all.keyringOn(all.vol1))).toThrow(/ENOENT/);
    expect(program.said.join()).toMatch(/still counts vol1 among those who hold the key/);
  });

  test("is one stack's only, after it took over from another", async () => {
    const all = await keySite();
    const [vol1] = all.keyrings;
    if (vol1 === undefined) throw new Error("no keyring");
    const stacks = () =>
      [...all.ceph.records.values()]
        .filter((text) => text.includes('"vol1"'))
        .map((text) => text.includes("site/new"));
    expect(stacks()).toEqual([false]);
    const program = all.run({ config: { takeOverFrom: "site/prod" } });
    await program.of(cephKeyringFile, ownerOf("vol1", "site/new")).update(vol1, all.file(all.vol1));
    expect(stacks()).toEqual([true]);
  });

  test("is taken back by a delete that is repeated, where the first was cut before that", async () => {
    const all = await keySite();
    const [vol1] = all.keyrings;
    if (vol1 === undefined) throw new Error("no keyring");
    const remove = () => all.run().of(cephKeyringFile, ownerOf("vol1")).remove(vol1);
    all.ceph.cut = { at: 1, when: "before" };
    expect(await failure(remove())).toMatch(/connection was lost/);
    expect([...all.ceph.records.values()].join()).toContain('"vol1"');
    await remove();
    expect([...all.ceph.records.values()].join()).not.toContain('"vol1"');
  });

  test("is not recorded of a create that is refused, and who had said so before still does", async () => {
    const all = await keySite();
    const before = new Map(all.ceph.records);
    const other = ownerOf("cmp1", "site/other");
    expect(await failure(all.run().of(cephKeyringFile, other).create(all.file(all.cmp1)))).toMatch(
      /belongs to/,
    );
    const one = all.run();
    await one.of(cephKeyringFile, ownerOf("cmp1")).check(all.file(all.cmp1));
    const link = all.cmp1.path("link");
    symlinkSync(all.keyringOn(all.cmp1), link);
    const twice = one.of(cephKeyringFile, ownerOf("b")).create({ ...all.file(all.cmp1), path: link });
    expect(await failure(twice)).toMatch(/one and the same/);
    expect(all.ceph.records).toEqual(before);
  });

  test("is recorded of a secret whose host refuses a record after the key was set, and not of one that refuses it before", async () => {
    const all = await keySite();
    await all.run().of(libvirtSecret, ownerOf("secret")).remove(all.guests);
    const held = () => [...all.ceph.records.values()].filter((text) => text.includes('"secret"')).length;
    for (const [writes, holders] of [
      [0, 0],
      [1, 1],
    ] as const) {
      let count = 0;
      all.cmp1.before = (request) => {
        count += request.program.name === "files-write" ? 1 : 0;
        if (count <= writes) return request;
        throw new Failure({ code: "refused", host: "cmp1", what: "there is no place for records" });
      };
      const made = all.run().of(libvirtSecret, ownerOf("secret")).create(all.secret);
      expect(await failure(made)).toMatch(/no place for records/);
      expect(held()).toBe(holders);
    }
    all.cmp1.before = (request) => request;
    await all.rotate();
    expect(all.held()).toEqual([all.key(), all.key(), all.key()]);
  });

  test("is no longer recorded where the same file or secret is given another entity, or its key by keyFrom", async () => {
    const all = await keySite();
    const [vol1] = all.keyrings;
    if (vol1 === undefined) throw new Error("no keyring");
    const of = (entity: string) =>
      [...all.ceph.records.keys()].filter((name) => name.startsWith(HOLDERS + entity));
    all.ceph.entities.set("client.other", { key: newKey(), caps: {} });
    const moved = await all
      .run()
      .of(cephKeyringFile, ownerOf("vol1"))
      .update(vol1, { ...all.file(all.vol1), entity: "client.other" });
    expect([of(ENTITY).length, of("client.other").length]).toEqual([2, 1]);
    const keyFrom = { host: "cmp1", path: all.keyringOn(all.cmp1) };
    await all
      .run()
      .of(cephKeyringFile, ownerOf("vol1"))
      .update(moved, { ...all.file(all.vol1), keyFrom });
    expect([of(ENTITY).length, of("client.other").length]).toEqual([2, 0]);
  });

  test("is no longer recorded in a cluster that a file or secret has left in place: a rotation there needs no host of it", async () => {
    const all = await keySite();
    const next = fakeCeph16_2_15({ fsid: "b0a1c2d3-0000-4000-8000-000000000002", host: "mon2" });
    next.entities.set(ENTITY, { key: newKey(), caps: {} });
    const cluster = { fsid: next.fsid, admin: "mon2" };
    const holders = ({ records }: typeof next) =>
      [...records.keys()].filter((name) => name.startsWith(HOLDERS)).length;
    const { ceph, vol1, cmp1, secret, uuid } = all;
    const move = runOf({ mon1: ceph.machine, mon2: next.machine, vol1, cmp1 });
    for (const [i, host] of [vol1, cmp1].entries()) {
      const made = all.keyrings[i];
      if (made === undefined) throw new Error("no keyring");
      await move.of(cephKeyringFile, ownerOf(host.name)).update(made, { ...all.file(host), cluster });
    }
    expect([holders(ceph), holders(next)]).toEqual([1, 2]);
    await move.of(libvirtSecret, ownerOf("secret")).update(all.guests, { ...secret, uuid, cluster });
    expect([holders(ceph), holders(next)]).toEqual([0, 3]);
    [vol1, cmp1].forEach(down);
    const old = all.key();
    await all.rotate();
    expect(all.key()).not.toBe(old);
  });
});
