/** Keys of Ceph 20 on whatever hosts the sandbox has: written where the host's Ceph reads them, refused where it does not. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CephKeyringFile, LibvirtSecret } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, difference, on, snapshot } from "../support/hosts";
import { cluster, good, lifeStack, steps } from "../support/lifecycle";

const ENTITY = "client.newest";
const KEYRING = `/etc/ceph/ceph.${ENTITY}.keyring`;
const major = async (host: "ceph1" | "mon1" | "cmp1"): Promise<number> => {
  const asked = host === "ceph1" ? ceph("ceph version") : on(host, "ceph --version");
  return Number(/ceph version (\d+)/.exec(await asked)?.[1]);
};

let stack: TestStack;

beforeAll(async () => {
  stack = await lifeStack("key-types", () => {
    const key = { host: "cmp1", cluster: cluster(), entity: ENTITY };
    new CephKeyringFile("keyring", { ...key, owner: "nova" });
    new LibvirtSecret("secret", key);
  });
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  await ceph(`ceph auth rm ${ENTITY}`);
});

/** A key as long as Ceph 20 makes them; an older cluster knows one kind alone. */
const newestKey = async (): Promise<string> => {
  const type = (await major("ceph1")) >= 20 ? "--key-type aes256k" : "";
  await ceph(`ceph auth get-or-create ${ENTITY} mon 'profile rbd' ${type} >/dev/null`);
  return (await ceph(`ceph auth get-key ${ENTITY}`)).trim();
};

test("the newest key that the cluster makes is written where the host reads it, else refused with nothing touched", async () => {
  const key = await newestKey();
  const readable = key.length === 40 || (await major("cmp1")) >= 20;
  const before = await snapshot("cmp1");
  const outcome = await stack.up();
  expect(outcome.output + outcome.events).not.toContain(key);
  if (readable) {
    expect(steps(good(outcome))).toEqual(["create keyring", "create secret"]);
    expect(await on("cmp1", `ceph-authtool -n ${ENTITY} -p ${KEYRING}`)).toBe(`${key}\n`);
  } else {
    expect(outcome.error).toBeDefined();
    expect(outcome.output).toMatch(/the key of client\.newest is of the type aes256k/);
    expect(difference(before, await snapshot("cmp1"))).toEqual([]);
  }
}, 120_000);
