import { expect, test } from "@jest/globals";
import { Failure } from "../../../../providers/remote/failure";
import { newPasswords } from "../../../../providers/remote/passwords";

const refusal = (host: string): Failure =>
  new Failure({
    code: "sudo",
    host,
    what: "sudo refused the password",
    stderr: "sudo: 1 incorrect",
    cure: "x",
  });

const whyOf = (one: PromiseSettledResult<unknown>): string =>
  one.status === "rejected" && one.reason instanceof Error ? one.reason.message : "no error";

const hosts = Array.from({ length: 50 }, (_, index) => `cmp${index}`);
const login = { user: "ops", password: "not it" };

test("a wrong password is tried on one host of fifty, and the others say where it was refused", async () => {
  const passwords = newPasswords();
  const tries: string[] = [];
  const attempt = (host: string) => async () => {
    tries.push(host);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return refusal(host);
  };
  const all = await Promise.allSettled(
    hosts.map((host) => passwords.tried({ ...login, host }, attempt(host))),
  );
  expect(tries).toEqual(["cmp0"]);
  const said = all.map(whyOf);
  expect(said[0]).toContain("host cmp0: sudo refused the password\n");
  expect(said[49]).toContain("host cmp49: sudo refused the password on cmp0, so it was not tried here");
});

test("a right one is tried on one host first, and then on all the others at a time", async () => {
  const passwords = newPasswords();
  const counts = { now: 0, most: 0, tries: 0 };
  const attempt = async () => {
    counts.tries += 1;
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    if (counts.tries > 1) expect(counts.now).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    counts.now -= 1;
    return undefined;
  };
  await Promise.all(hosts.map((host) => passwords.tried({ ...login, host }, attempt)));
  expect(counts.tries).toBe(50);
  expect(counts.most).toBeGreaterThan(8);
});

test("a host that says nothing about the password leaves the next one to try it", async () => {
  const passwords = newPasswords();
  const lost = passwords.tried({ ...login, host: "a" }, () => Promise.reject(new Error("cut")));
  const next = passwords.tried({ ...login, host: "b" }, async () => undefined);
  await expect(lost).rejects.toThrow("cut");
  await expect(next).resolves.toBeUndefined();
});

test("another password, or another login, is another matter", async () => {
  const passwords = newPasswords();
  await expect(passwords.tried({ ...login, host: "a" }, async () => refusal("a"))).rejects.toThrow("refused");
  await passwords.tried({ ...login, password: "it", host: "b" }, async () => undefined);
  await passwords.tried({ ...login, user: "root2", host: "b" }, async () => undefined);
});

test("one that was right and is refused later is not tried any more", async () => {
  const passwords = newPasswords();
  await passwords.tried({ ...login, host: "a" }, async () => undefined);
  await expect(passwords.tried({ ...login, host: "b" }, async () => refusal("b"))).rejects.toThrow("refused");
  await expect(passwords.tried({ ...login, host: "c" }, async () => undefined)).rejects.toThrow(
    "refused the password on b",
  );
});
