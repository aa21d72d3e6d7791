/** A key that no record tells: its entity was adopted as it was, and a person deleted it. */
import { expect, test } from "@jest/globals";
import { ENTITY, keySite, type KeySite } from "../../../support/key-site";
import { failure } from "../../../support/failure";

const gone = async (): Promise<KeySite> => {
  const all = await keySite();
  all.ceph.entities.delete(ENTITY);
  all.ceph.records.delete(`pulumi-ceph-openstack/auth/${ENTITY}`);
  return all;
};

test("an entity that is made again gives its key to every keyring and secret in the same step", async () => {
  const all = await gone();
  await all.entity().create(all.desired());
  expect(all.held()).toEqual([all.key(), all.key(), all.key()]);
});

test("one that is cut while it gives goes on with the same key in the next run", async () => {
  const all = await gone();
  all.cmp1.before = ({ program, ...request }) => {
    const fails = /^(files-write|virsh-)/.test(program.name);
    return { ...request, program: fails ? { ...program, text: "exit 1" } : program };
  };
  expect(await failure(all.entity().create(all.desired()))).toMatch(/cluster has the new key[^]*cmp1/);
  const fresh = all.key();
  all.cmp1.before = (request) => request;
  await all.entity().create(all.desired());
  expect(all.held()).toEqual([fresh, fresh, fresh]);
  expect(all.key()).toBe(fresh);
});
