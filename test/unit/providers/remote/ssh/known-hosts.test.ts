import { createHmac } from "node:crypto";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { fingerprint } from "../../../../../providers/remote/ssh/key-blob";
import { compareHostKey, lookUp, parseKnownHosts } from "../../../../../providers/remote/ssh/known-hosts";
import type { HostKeyRules } from "../../../../../providers/remote/ssh/way";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";
import { newKey, type KeyPair } from "../../../../support/ssh-server";

const { server, who, clear } = stage();
afterEach(clear);

const [mine, other, third] = [newKey(), newKey(), newKey("ecdsa")];
const blob = (key: KeyPair): Buffer => Buffer.from(key.public.split(" ")[1] ?? "", "base64");

const rules = (lines: string, more: Partial<HostKeyRules> = {}): HostKeyRules => ({
  name: "db1.example",
  port: 22,
  checking: "yes",
  lines,
  userFiles: [],
  globalFiles: [],
  usualFile: "/home/me/.ssh/known_hosts",
  ownOrder: false,
  hashNew: false,
  minimumRsaBits: 1024,
  ...more,
});

const verify = (known: HostKeyRules, key: Buffer) =>
  compareHostKey("db1", known, { blob: key, known: lookUp(known) });

const verdict = (lines: string, key: KeyPair = mine, more: Partial<HostKeyRules> = {}): string =>
  verify(rules(lines, more), blob(key))?.message ?? "trusted";

describe("a host key is trusted", () => {
  test.each([
    ["for its name", `db1.example ${mine.public}`],
    ["for one of several names", `x,db1.example,y ${mine.public}`],
    ["for a pattern", `*.example ${mine.public}`],
    ["on a line that ends in carriage returns", `db1.example ${mine.public.replace(/ test$/, "")}\r\r`],
    ["for a name in capitals", `DB1.Example ${mine.public}`],
    ["with a comment and blanks", `  db1.example   ${mine.public}   someone@somewhere`],
    ["beside a key of another type", `db1.example ${third.public}\ndb1.example ${mine.public}`],
    ["beside another key of its type", `db1.example ${other.public}\ndb1.example ${mine.public}`],
  ])("%s", (_what, lines) => expect(verdict(lines)).toBe("trusted"));

  test("for a name and a port", () => {
    expect(verdict(`[db1.example]:2222 ${mine.public}`, mine, { port: 2222 })).toBe("trusted");
    expect(verdict(`[db1.example]:2222 ${mine.public}`)).toContain("is not known");
  });

  test("for the name alone where the port is another, as OpenSSH does", () => {
    expect(verdict(`db1.example ${mine.public}`, mine, { port: 2222 })).toBe("trusted");
    expect(verdict(`db1.example ${other.public}`, mine, { port: 2222 })).toContain("is not known");
  });

  test("for the name alone, not where another key is known for name and port", () => {
    const lines = `[db1.example]:2222 ${other.public}\ndb1.example ${mine.public}`;
    expect(verdict(lines, mine, { port: 2222 })).toContain("has changed");
    const type = `[db1.example]:2222 ${third.public}\ndb1.example ${mine.public}`;
    expect(verdict(type, mine, { port: 2222 })).toContain("is not known");
    const none = `@cert-authority [db1.example]:2222 ${third.public}\ndb1.example ${mine.public}`;
    expect(verdict(none, mine, { port: 2222 })).toBe("trusted");
  });

  test("not under the name of another type", () => {
    const lines = `db1.example ${mine.public.replace("ssh-ed25519", "ecdsa-sha2-nistp256")}`;
    expect(verdict(lines)).toContain("is not known");
    expect(verdict(lines, mine, { checking: "accept-new" })).toContain("is not known");
    expect(verdict(`db1.example ${mine.public.replace("ssh-ed25519", "ED25519")}`)).toContain("is not known");
  });

  test("not by a line whose key is cut short, which says nothing", () => {
    const [type = "", base64 = ""] = other.public.split(" ");
    for (const cut of [
      base64.slice(0, 20),
      base64.slice(0, 24),
      base64.slice(0, -4),
      `${base64.slice(0, -4)}AAAAAAAA`,
    ]) {
      expect(verdict(`db1.example ${type} ${cut}`)).toMatch(/is not known; [^()]*$/m);
      expect(verdict(`db1.example ${type} ${cut}`, mine, { checking: "accept-new" })).toBe("trusted");
    }
  });

  test("not for a hash of another kind", () => {
    const salt = Buffer.alloc(20, 7);
    const hash = createHmac("sha1", salt).update("db1.example").digest("base64");
    const line = `${salt.toString("base64")}|${hash} ${mine.public}`;
    expect(verdict(`|1|${line}`)).toBe("trusted");
    expect(verdict(`|2|${line}`)).toContain("is not known");
  });

  test("for a hashed name that ssh-keygen made", () => {
    const someone = who();
    const file = someone.write("known", `db1.example ${mine.public}\n[db2]:99 ${other.public}\n`);
    expect(spawnSync("ssh-keygen", ["-H", "-f", file]).status).toBe(0);
    const lines = readFileSync(file, "utf8");
    expect(lines).not.toContain("db1");
    expect(verdict(lines)).toBe("trusted");
    expect(verdict(lines, other, { name: "db2", port: 99 })).toBe("trusted");
    expect(verdict(lines, mine, { name: "db3" })).toContain("is not known");
  });
});

describe("a host key is refused", () => {
  test("where it is not known, with its fingerprint and what to do", () => {
    const message = verdict(`db2 ${mine.public}`);
    expect(message).toContain(
      "host db1: the host key of db1.example is not known; its ssh-ed25519 key has the fingerprint SHA256:",
    );
    expect(message).toContain("ssh-keyscan db1.example");
  });

  test.each([
    ["its name is excluded by the pattern", `*.example,!db1.example ${mine.public}`],
    ["it stands behind a marker that there is not", `@x,db1.example ${mine.public.replace(/ test$/, "")}`],
  ])("where %s", (_what, lines) => expect(verdict(lines)).toContain("is not known"));

  test("where it has changed, with both fingerprints, the line and what to do", () => {
    const message = verdict(`# old\ndb1.example ${other.public}`);
    expect(message).toContain(`has changed: ssh-ed25519 ${fingerprint(blob(mine))} is shown`);
    expect(message).toContain(`${fingerprint(blob(other))} is known (ceph-openstack:knownHosts line 2)`);
    expect(message).toContain("take ceph-openstack:knownHosts line 2 out");
  });

  test.each([
    ["the usual one", "/home/me/.ssh/known_hosts", "`ssh-keygen -R 'db1.example'`"],
    ["another", "/srv/known hosts", "`ssh-keygen -R 'db1.example' -f '/srv/known hosts'`"],
  ])("with the cure for the file where the old key stands, %s", (_what, file, cure) => {
    const [known] = parseKnownHosts(`db1.example ${other.public}`, file);
    const keys = known === undefined ? [] : [known];
    const failure = compareHostKey("db1", rules(""), { blob: blob(mine), known: { keys, withoutPort: [] } });
    expect(failure?.message).toContain(cure);
  });

  test("where it is revoked, even if it is known and nothing is checked", () => {
    const lines = `db1.example ${mine.public}\n@revoked * ${mine.public}`;
    expect(verdict(lines)).toContain("is revoked");
    expect(verdict(lines, mine, { checking: "no" })).toContain("is revoked");
  });

  test("where only an authority is known, naming it", () => {
    expect(verdict(`@cert-authority *.example ${other.public}`)).toContain("only a @cert-authority is known");
    expect(verdict(`@cert-authority *.example ${mine.public}`)).toContain("only a @cert-authority is known");
  });

  test("where only other keys are known, naming them", () => {
    expect(verdict(`db1.example ${third.public}`)).toContain("other keys are known: ecdsa-sha2-nistp256");
  });

  test("has the fingerprint that ssh-keygen shows", () => {
    const file = who().write("key.pub", mine.public);
    const { stdout } = spawnSync("ssh-keygen", ["-lf", file], { encoding: "utf8" });
    expect(stdout.split(" ")[1]).toBe(fingerprint(blob(mine)));
  });
});

test("a file that changes while we run counts as it is now", () => {
  const someone = who();
  const file = someone.write("known", `db1.example ${mine.public}\n`);
  const { lines: _lines, ...found } = rules("", { userFiles: [file] });
  const trusted = (): boolean => verify(found, blob(mine)) === undefined;
  expect([trusted(), trusted()]).toEqual([true, true]);
  someone.write("known", `db1.example ${other.public}\n# longer\n`);
  expect(trusted()).toBe(false);
  someone.write("known", `db1.example ${mine.public}\n`);
  expect(trusted()).toBe(true);
  rmSync(file);
  expect(trusted()).toBe(false);
});

describe("hostKeyChecking", () => {
  test("no trusts everything, accept-new what is new", () => {
    const changed = `db1.example ${other.public}`;
    expect(verdict(changed, mine, { checking: "no" })).toBe("trusted");
    expect(verdict("", mine, { checking: "accept-new" })).toBe("trusted");
    expect(verdict(changed, mine, { checking: "accept-new" })).toContain("has changed");
  });

  test.each([false, true])(
    "accept-new writes the key down, and ssh-keygen finds it (hashed: %s)",
    async (hashed) => {
      const far = await server();
      const someone = who({ far });
      const known = someone.write(".ssh/known_hosts", "");
      const more = `  StrictHostKeyChecking accept-new\n  HashKnownHosts ${hashed ? "yes" : "no"}\n`;
      const key = `  IdentityFile ${someone.home}/.ssh/key-far\n`;
      someone.write(".ssh/config", hostEntry("far", far, key + more));
      await said(someone.remote().machine("far"), ":");
      const name = `[127.0.0.1]:${far.port}`;
      expect(readFileSync(known, "utf8").includes(name)).toBe(!hashed);
      expect(spawnSync("ssh-keygen", ["-F", name, "-f", known], { encoding: "utf8" }).stdout).toContain(
        blob(far.hostKeys[0] ?? mine).toString("base64"),
      );
      await said(someone.remote({ hostKeyChecking: "yes" }).machine("far"), ":");
      expect(far.counts.logins).toBe(2);
    },
  );
});

test("accept-new begins a line of its own where the last one is open", () => {
  const file = who().write("known", `db2 ${other.public}`);
  const { lines: _lines, ...found } = rules("", { userFiles: [file], checking: "accept-new" });
  expect(verify(found, blob(mine))).toBeUndefined();
  expect(readFileSync(file, "utf8")).toBe(
    `db2 ${other.public}\ndb1.example ${mine.public.split(" ").slice(0, 2).join(" ")}\n`,
  );
});

describe("a connection", () => {
  test("asks a server with several keys for the one that is known", async () => {
    const far = await server({ hostKeys: [newKey("ed25519"), newKey("ecdsa")] });
    const someone = who({ far });
    const line = far.knownHosts.split("\n").find((one) => one.includes("ecdsa")) ?? "";
    someone.write(".ssh/known_hosts", line);
    expect(await said(someone.remote().machine("far"), "echo in")).toBe("in\n");
  });

  test("is not logged in to where the key is wrong", async () => {
    const far = await server();
    const someone = who({ far });
    someone.write(".ssh/known_hosts", `[127.0.0.1]:${far.port} ${newKey().public}\n`);
    const failed = said(someone.remote().machine("far"), ":");
    await expect(failed).rejects.toMatchObject({ code: "host-key" });
    await expect(failed).rejects.toThrow(`.ssh/known_hosts line 1`);
    expect(far.counts.logins).toBe(0);
  });

  test("is looked up under HostKeyAlias, without a port", async () => {
    const far = await server();
    const someone = who({ far });
    someone.write(".ssh/known_hosts", `nick ${far.hostKeys[0]?.public ?? ""}\n`);
    const more = `  HostKeyAlias nick\n  IdentityFile ${someone.home}/.ssh/key-far\n`;
    someone.write(".ssh/config", hostEntry("far", far, more));
    expect(await said(someone.remote().machine("far"), "echo in")).toBe("in\n");
  });

  test("uses the lines of the settings in place of the files", async () => {
    const far = await server();
    const someone = who({ far });
    const lines = far.knownHosts;
    someone.write(".ssh/known_hosts", "");
    await expect(said(someone.remote().machine("far"), ":")).rejects.toMatchObject({ code: "host-key" });
    expect(await said(someone.remote({ knownHosts: lines }).machine("far"), "echo in")).toBe("in\n");
  });
});
