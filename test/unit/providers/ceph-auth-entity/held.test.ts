import { describe, expect, test } from "@jest/globals";
import { cephAuthEntity } from "../../../../providers/ceph-auth-entity/index";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { libvirtSecret } from "../../../../providers/libvirt-secret/index";
import { failure } from "../../../support/failure";
import { ENTITY, keySite, type KeySite } from "../../../support/key-site";
import { ownerOf } from "../../../support/run-of";

const RECORD = `pulumi-ceph-openstack/auth/${ENTITY}`;

const DOMAIN = (uuid: string) => `<auth username='cinder'><secret type='ceph' uuid='${uuid}'/></auth>`;

const removeFiles = async ({ run, keyrings }: KeySite): Promise<void> => {
  for (const [i, made] of keyrings.entries())
    await run()
      .of(cephKeyringFile, ownerOf(i === 0 ? "vol1" : "cmp1"))
      .remove(made);
};

const removeSecret = ({ run, guests }: KeySite) => run().of(libvirtSecret, ownerOf("secret")).remove(guests);

/** What a destroy says of the entity. */
const removeEntity = async ({ run, made }: KeySite): Promise<string> => {
  const program = run();
  await program.of(cephAuthEntity, ownerOf("auth")).remove(made);
  return program.said.join("\n");
};

describe("a destroy of an entity whose key is needed", () => {
  test("leaves it where guests need the secret that holds its key, and says so", async () => {
    const all = await keySite();
    all.virsh.domain("d1", DOMAIN(all.uuid));
    const key = all.key();
    await removeFiles(all);
    await removeSecret(all);
    expect(await removeEntity(all)).toMatch(
      new RegExp(`${ENTITY} stays: .*libvirt secret ${all.uuid} on cmp1.*guests`),
    );
    expect(all.key()).toBe(key);
    expect(all.ceph.records.has(RECORD)).toBe(true);
    // Who makes both again finds them as its own.
    const again = await all.entity().create(all.desired());
    expect(again.outs["origin"]).toBe("created");
    const secret = await all.run().of(libvirtSecret, ownerOf("secret")).create(all.secret);
    all.virsh.domain("d1", "<none/>");
    await all.run().of(libvirtSecret, ownerOf("secret")).remove(secret);
    await all.run().of(cephAuthEntity, ownerOf("auth")).remove(again);
    expect(all.ceph.entities.has(ENTITY)).toBe(false);
    expect(all.ceph.records.size).toBe(0);
  });

  test("leaves it where guests need a secret that is kept", async () => {
    const all = await keySite();
    const of = () => all.run().of(libvirtSecret, ownerOf("secret"));
    const kept = await of().update(all.guests, { ...all.secret, onDelete: "keep" });
    await removeFiles(all);
    all.virsh.domain("d1", DOMAIN(all.uuid));
    await of().remove(kept);
    expect(await removeEntity(all)).toMatch(/stays: .*which guests need/);
    expect(all.ceph.entities.has(ENTITY)).toBe(true);
  });

  test("leaves it where another stack holds its key", async () => {
    const all = await keySite();
    await removeFiles(all);
    await removeSecret(all);
    const other = () => all.run().of(cephKeyringFile, ownerOf("vol1", "site/other"));
    const theirs = await other().create(all.file(all.vol1));
    expect(await removeEntity(all)).toMatch(/stays: .*on vol1.* vol1 \(.*\) of stack site\/other/);
    expect(all.ceph.entities.has(ENTITY)).toBe(true);
    await other().remove(theirs);
    expect(await removeEntity(all)).toBe("");
    expect(all.ceph.entities.has(ENTITY)).toBe(false);
  });

  test("is refused as long as what lives in the program has not been given another key", async () => {
    const all = await keySite();
    await removeSecret(all);
    const program = all.run();
    await program.of(cephKeyringFile, ownerOf("vol1")).check(all.file(all.vol1));
    expect(await failure(program.of(cephAuthEntity, ownerOf("auth")).remove(all.made))).toMatch(
      /holds its key/,
    );
    expect(all.ceph.entities.has(ENTITY)).toBe(true);
  });

  test("takes it away where its key is held by what this stack has no more, and no guest needs", async () => {
    const all = await keySite();
    expect(await removeEntity(all)).toBe("");
    expect(all.ceph.entities.has(ENTITY)).toBe(false);
  });
});
