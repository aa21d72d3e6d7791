import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { isEncrypted } from "../../../../../providers/remote/ssh/keys";
import { agent, hasAgent, type Agent } from "../../../../support/ssh-agent";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";
import { newKey, type KeyPair, type SshServer } from "../../../../support/ssh-server";

const { server, who, clear } = stage();
const agents: Agent[] = [];
afterEach(async () => {
  for (const one of agents.splice(0)) one.close();
  await clear();
});

/** A server that lets one key in, and an operator whose configuration for it says this. */
const scene = async (key: KeyPair, config: (home: string) => string) => {
  const far = await server({ authorized: [key.public] });
  const someone = who({ far });
  someone.write(".ssh/config", hostEntry("far", far, config(someone.home)));
  return { far, someone };
};

const isIn = (far: SshServer): void => expect(far.users).toEqual(["ops"]);

const holding = async (home: string, keys: readonly KeyPair[]): Promise<Agent> => {
  const one = await agent(home, keys);
  agents.push(one);
  return one;
};

const withAgent = hasAgent ? test : test.skip;

describe("a login", () => {
  test("by one of several key files", async () => {
    const [right, wrong] = [newKey("ecdsa"), newKey()];
    const { far, someone } = await scene(
      right,
      (home) => `  IdentityFile ${home}/wrong\n  IdentityFile ${home}/right\n`,
    );
    someone.write("wrong", wrong.private);
    someone.write("right", right.private);
    await said(someone.remote().machine("far"), ":");
    isIn(far);
  });

  test("by the usual key file where none is named", async () => {
    const key = newKey();
    const { far, someone } = await scene(key, () => "");
    someone.write(".ssh/id_ed25519", key.private);
    await said(someone.remote().machine("far"), ":");
    isIn(far);
  });

  test("by the text of a key in the settings", async () => {
    const key = newKey();
    const { far, someone } = await scene(key, () => "");
    await said(someone.remote({ sshPrivateKey: key.private }).machine("far"), ":");
    isIn(far);
  });

  test("by an encrypted key file with its passphrase", async () => {
    const key = newKey("ed25519", "open sesame");
    const { far, someone } = await scene(key, () => "");
    const sshPrivateKeyFile = someone.write("locked", key.private);
    await said(someone.remote({ sshPrivateKeyFile, sshPassphrase: "open sesame" }).machine("far"), ":");
    isIn(far);
  });

  test.each(["rsa", "ec"] as const)("by a PKCS#8 key as openssl writes it: %s", async (type) => {
    const key =
      type === "rsa"
        ? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
        : generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const traditional = key.export({ format: "pem", type: type === "rsa" ? "pkcs1" : "sec1" }).toString();
    const { utils } = await import("ssh2");
    const parsed = utils.parseKey(traditional);
    if (parsed instanceof Error) throw parsed;
    const far = await server({ authorized: [`x ${parsed.getPublicSSH().toString("base64")}`] });
    const sshPrivateKey = key.export({ format: "pem", type: "pkcs8" }).toString();
    await said(who({ far }).remote({ sshPrivateKey }).machine("far"), ":");
    isIn(far);
  });

  withAgent("by a key of the agent", async () => {
    const key = newKey();
    const { far, someone } = await scene(key, () => "");
    const { socket } = await holding(someone.home, [newKey(), key]);
    await said(someone.remote({}, { SSH_AUTH_SOCK: socket }).machine("far"), ":");
    isIn(far);
  });
});

describe("IdentitiesOnly", () => {
  withAgent("lets the agent sign for a key file that is encrypted, without a passphrase", async () => {
    const key = newKey();
    const { far, someone } = await scene(
      key,
      (home) => `  IdentitiesOnly yes\n  IdentityFile ${home}/locked\n`,
    );
    const { socket } = await holding(someone.home, [newKey(), key]);
    const file = someone.write("locked", key.private);
    spawnSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "a phrase", "-f", file]);
    expect(isEncrypted(readFileSync(file, "utf8"))).toBe(true);
    await said(someone.remote({}, { SSH_AUTH_SOCK: socket }).machine("far"), ":");
    isIn(far);
  });

  withAgent("keeps the agent's other keys back", async () => {
    const key = newKey();
    const { far, someone } = await scene(
      key,
      (home) => `  IdentitiesOnly yes\n  IdentityFile ${home}/other\n`,
    );
    someone.write("other", newKey().private);
    const { socket } = await holding(someone.home, [key]);
    const failed = said(someone.remote({}, { SSH_AUTH_SOCK: socket }).machine("far"), ":");
    await expect(failed).rejects.toMatchObject({ code: "authentication" });
    expect(far.users).toEqual([]);
  });

  withAgent("lets the agent sign with a key of which only the public half is here", async () => {
    const key = newKey();
    const { far, someone } = await scene(
      key,
      (home) => `  IdentitiesOnly yes\n  IdentityFile ${home}/half.pub\n`,
    );
    someone.write("half.pub", key.public);
    const { socket } = await holding(someone.home, [newKey(), newKey(), key]);
    await said(someone.remote({}, { SSH_AUTH_SOCK: socket }).machine("far"), ":");
    isIn(far);
  });
});

describe("a refused login", () => {
  withAgent("says so where a key needs a passphrase that nobody gave", async () => {
    const key = newKey("ed25519", "secret passphrase");
    expect(isEncrypted(key.private)).toBe(true);
    const { far, someone } = await scene(key, (home) => `  IdentityFile ${home}/locked\n`);
    someone.write("locked", key.private);
    const { socket } = await holding(someone.home, [newKey()]);
    const failed = said(someone.remote({}, { SSH_AUTH_SOCK: socket }).machine("far"), ":");
    await expect(failed).rejects.toThrow("locked needs a passphrase that nobody gave");
    expect(far.users).toEqual([]);
  });

  test("says who, where, what was tried and what could not be", async () => {
    const { far, someone } = await scene(
      newKey(),
      (home) => `  IdentityFile ${home}/one\n  IdentityFile ${home}/missing\n`,
    );
    someone.write("one", newKey().private);
    const failed = said(someone.remote().machine("far"), ":");
    await expect(failed).rejects.toMatchObject({ code: "authentication" });
    await expect(failed).rejects.toThrow(
      `the login ops at 127.0.0.1 port ${far.port} was refused; tried ${someone.home}/one;`,
    );
    await expect(failed).rejects.toThrow("missing cannot be read");
  });

  test("says so where the passphrase is wrong, and does not show it", async () => {
    const key = newKey("ed25519", "right one");
    const { someone } = await scene(key, () => "");
    const sshPrivateKeyFile = someone.write("locked", key.private);
    const failed = said(
      someone.remote({ sshPrivateKeyFile, sshPassphrase: "wrong one" }).machine("far"),
      ":",
    );
    await expect(failed).rejects.toThrow(
      "locked is encrypted, and ceph-openstack:sshPassphrase does not open it",
    );
    await expect(failed).rejects.not.toThrow("wrong one");
  });

  test("says so where there is no key at all", async () => {
    const { someone } = await scene(newKey(), () => "");
    await expect(said(someone.remote().machine("far"), ":")).rejects.toThrow("there is no key to try");
  });
});

describe("a login that is refused", () => {
  test("is not tried again in the run: a server shuts out an address after four", async () => {
    const far = await server({ authorized: [] });
    const machine = who({ far }).remote().machine("far");
    const tries = Array.from({ length: 6 }, () => said(machine, ":"));
    for (const one of await Promise.allSettled(tries)) expect(one.status).toBe("rejected");
    await expect(said(machine, ":")).rejects.toMatchObject({ code: "authentication" });
    expect(far.counts.connections).toBe(1);
  });
});

test("an agent that hangs is a failed login, and not a host that is gone", async () => {
  const far = await server();
  const someone = who({ far });
  const socket = `${someone.home}/mute.sock`;
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(socket, resolve));
  const remote = someone.remote({ connectTimeoutSeconds: "1" }, { SSH_AUTH_SOCK: socket });
  const failed = said(remote.machine("far"), ":");
  await expect(failed).rejects.toMatchObject({ code: "authentication", parts: { host: "far" } });
  await expect(failed).rejects.toThrow(/the agent at .*mute\.sock .*did not answer within 1 s/);
  mute.close();
});
