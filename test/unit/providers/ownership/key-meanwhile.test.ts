/** A key that changes while a client is made: by a rotation of another process, which has looked for holders before this one was among them. */
import { expect, test } from "@jest/globals";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { newKey } from "../../../../providers/formats/keyring";
import { libvirtSecret } from "../../../../providers/libvirt-secret/index";
import { ENTITY, keySite, type KeySite } from "../../../support/key-site";
import { ownerOf } from "../../../support/run-of";

/** The cluster gets another key just before the first program of this name. */
const changesAt = ({ ceph, cmp1 }: KeySite, name: RegExp): string => {
  const fresh = newKey();
  cmp1.before = (request) => {
    const entity = ceph.entities.get(ENTITY);
    if (name.test(request.program.name) && entity !== undefined)
      ceph.entities.set(ENTITY, { ...entity, key: fresh });
    return request;
  };
  return fresh;
};

test("a keyring that is made has the key that the cluster has then", async () => {
  const all = await keySite();
  const keyring = () => all.run().of(cephKeyringFile, ownerOf("cmp1"));
  const [, before] = all.keyrings;
  if (before === undefined) throw new Error("no keyring");
  await keyring().remove(before);
  const fresh = changesAt(all, /^files-write$/);
  const made = await keyring().create(all.file(all.cmp1));
  expect([all.held()[1], made.outs["content"]]).toEqual([fresh, "the cluster's key"]);
});

test("a libvirt secret that is made has the key that the cluster has then", async () => {
  const all = await keySite();
  const secret = () => all.run().of(libvirtSecret, ownerOf("secret"));
  await secret().remove(all.guests);
  const fresh = changesAt(all, /^files-write$/);
  await secret().create(all.secret);
  expect(all.held()[2]).toBe(fresh);
});
