import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { afterEach, describe, expect, test } from "@jest/globals";
import { configurationOf } from "../../../../../providers/remote/ssh/options";
import type { Way } from "../../../../../providers/remote/ssh/way";
import { operator, resolveWay, type Operator } from "../../../../support/ssh-operator";

const operators: Operator[] = [];
afterEach(async () => {
  await Promise.all(operators.splice(0).map((one) => one.dispose()));
});

const someone = (): Operator => {
  const one = operator();
  operators.push(one);
  return one;
};

const { homedir: home, username: user } = userInfo();

const resolve = (text: string, host: string, values: Readonly<Record<string, string>> = {}): Promise<Way> =>
  resolveWay(someone(), { text, host, values });

describe("keys", () => {
  test("come from all IdentityFile lines that hold, with tokens and the home directory expanded", async () => {
    const text =
      "IdentityFile ~/k/%r-%n\nHost a\n User bob\n IdentityFile %d/${AGENT}\nHost b\n IdentityFile /no\n";
    const { identities } = await resolve(text, "a");
    expect(identities).toMatchObject({ files: [`${home}/k/bob-a`, `${home}//run/agent`], explicit: true });
  });

  test("are the usual ones where nothing is said, and none for `none`", async () => {
    expect((await resolve("", "a")).identities).toMatchObject({
      files: ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => `${home}/.ssh/${name}`),
      explicit: false,
    });
    expect((await resolve("IdentityFile none\n", "a")).identities.files).toEqual([]);
  });

  test.each([
    ["IdentityAgent none", undefined],
    ["IdentityAgent $AGENT", "/run/agent"],
    ["IdentityAgent ${AGENT}", "/run/agent"],
    ["IdentityAgent ${NAMED}", "/run/agent"],
    ["IdentityAgent /x/%u", `/x/${user}`],
    ["IdentityAgent ~/x", `${home}/x`],
  ])("come from the agent of %s", async (line, agent) => {
    expect((await resolve(`${line}\n`, "a")).identities.agent).toBe(agent);
  });
});

describe("jump hosts", () => {
  const text =
    "Host a\n ProxyJump bob@j1:2222,j2\nHost j1\n HostName first\n User x\nHost j2\n HostName second\n ProxyJump other\n";

  test("are resolved as hosts of their own; what stands in the list counts more", async () => {
    const way = await resolve(text, "a", { sshUser: "all", sshPort: "99" });
    expect(way).toMatchObject({ user: "all", port: 99 });
    // `other` is j2's own way, and the list says another: ssh -J bob@j1:2222 j2
    expect(way.via).toMatchObject({ hostName: "second", user, port: 22 });
    expect(way.via?.via).toMatchObject({ hostName: "first", user: "bob", port: 2222, via: undefined });
  });

  test("of the settings are for all hosts but themselves", async () => {
    expect((await resolve("", "a", { proxyJump: "j" })).via?.host).toBe("j");
    expect((await resolve("", "j", { proxyJump: "j" })).via).toBeUndefined();
    expect((await resolve("Host a\n ProxyJump x\n", "a", { proxyJump: "none" })).via).toBeUndefined();
  });

  test("in a circle are refused", async () => {
    await expect(resolve("Host a\n ProxyJump b\nHost b\n ProxyJump a\n", "a")).rejects.toThrow("in a circle");
  });

  test("may have IPv6 addresses", async () => {
    expect((await resolve("Host a\n ProxyJump bob@[fd00::1]:23\n", "a")).via).toMatchObject({
      hostName: "fd00::1",
      port: 23,
    });
  });
});

describe("what is not honoured", () => {
  test.each([
    "CanonicalizeHostname yes",
    "CertificateFile ~/.ssh/id-cert.pub",
    "PKCS11Provider /usr/lib/x.so",
    "PreferredAuthentications password",
    "ProxyUseFdpass yes",
    "PubkeyAuthentication no",
    "RemoteCommand tmux",
    "RevokedHostKeys /etc/ssh/revoked",
    "BindInterface eth0",
    "CheckHostIP yes",
    "SessionType none",
    "Frobnicate 7",
    "IdentityAgent $",
    "IdentityAgent $HOME/agent",
  ])("is refused by name, file and line for a host in use: %s", async (line) => {
    const text = `Host a\n  ${line}\n`;
    const keyword = line.split(" ")[0]?.toLowerCase() ?? "";
    await expect(resolve(text, "a")).rejects.toMatchObject({ code: "configuration" });
    await expect(resolve(text, "a")).rejects.toThrow(new RegExp(`host a: .*${keyword} .*config line 2`));
    await expect(resolve(text, "b")).resolves.toMatchObject({ hostName: "b" });
  });

  test("is refused for a jump host too", async () => {
    const text = "Host a\n ProxyJump j\nHost j\n RemoteCommand tmux\n";
    await expect(resolve(text, "a")).rejects.toThrow("host j");
  });

  test.each(["localnetwork 10.0.0.0/8", "tagged *", "version 9", "command true"])(
    "is refused in Match: %s",
    async (criterion) => {
      await expect(resolve(`Match ${criterion}\n Port 3\n`, "a")).rejects.toThrow(
        `Match ${criterion.split(" ")[0] ?? ""}`,
      );
    },
  );

  test("is let pass where its value is the default", async () => {
    const text =
      "CanonicalizeHostname no\nPubkeyAuthentication yes\nPreferredAuthentications gssapi,publickey\nRemoteCommand none\n";
    await expect(resolve(text, "a")).resolves.toMatchObject({ hostName: "a" });
  });

  test("passes where it changes neither where we connect nor as whom", async () => {
    const text =
      "ForwardAgent yes\nControlMaster auto\nControlPath ~/x-%C\nSendEnv LANG\nLogLevel DEBUG\nUseKeychain yes\nCompression yes\n";
    await expect(resolve(text, "a")).resolves.toMatchObject({ hostName: "a" });
  });

  test("is a list of algorithms none of which can be spoken", async () => {
    await expect(resolve("Ciphers 3des-cbc\n", "a")).rejects.toThrow("ciphers");
    await expect(resolve("KexAlgorithms sntrup761x25519-sha512@openssh.com\n", "a")).rejects.toThrow(
      "kexalgorithms",
    );
  });
});

describe("lists of algorithms", () => {
  test.each([
    ["^aes256-ctr", ["aes256-ctr", "aes128-gcm@openssh.com"]],
    ["-aes128-*", ["aes256-gcm@openssh.com", "aes192-ctr"]],
    ["+aes128-cbc", ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"]],
  ])("Ciphers %s begins with %j", async (spec, first) => {
    expect((await resolve(`Ciphers ${spec}\n`, "a")).algorithms.cipher?.slice(0, 2)).toEqual(first);
  });

  // `ssh -G` of OpenSSH 9.2.
  test.each([
    ["*sha2-5*", ["rsa-sha2-512", "rsa-sha2-512-cert-v01@openssh.com"]],
    ["^ssh-*", ["ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com"]],
    ["*sha2-??6", ["rsa-sha2-256"]],
    ["rsa-*,*p256", ["rsa-sha2-256", "rsa-sha2-256-cert-v01@openssh.com"]],
  ])(
    "a pattern in HostKeyAlgorithms %s stands for names in the order of OpenSSH's own table",
    async (spec, first) => {
      const { hostKey } = (await resolve(`HostKeyAlgorithms ${spec}\n`, "a")).algorithms;
      expect(hostKey?.slice(0, 2)).toEqual(first);
    },
  );
});

test("the crypto policies of Red Hat's ssh_config, read by `Match final`, are kept as far as they can be spoken", async () => {
  const one = someone();
  const policies = one.write(
    "openssh.config",
    "Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr\nMACs umac-128-etm@openssh.com,hmac-sha2-256\n" +
      "GSSAPIKeyExchange no\nKexAlgorithms mlkem768x25519-sha256,ecdh-sha2-nistp256\nRequiredRSASize 2048\n" +
      "PubkeyAcceptedAlgorithms ssh-ed25519\nCASignatureAlgorithms ssh-ed25519\n",
  );
  const text = `Match final all\n Include ${policies}\n GSSAPIAuthentication yes\n ForwardX11Trusted yes\n SendEnv LANG LC_*\n`;
  const way = await resolve(text, "a");
  expect(way.algorithms).toMatchObject({
    cipher: ["aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr"],
    mac: ["hmac-sha2-256"],
    kex: ["ecdh-sha2-nistp256"],
  });
  expect(way.hostKeys.minimumRsaBits).toBe(2048);
});

test.each(["ProxyCommand nc %h %l", "ProxyCommand nc %k", "ProxyJump %u"])(
  "a proxy takes the tokens of ssh alone: %s",
  async (line) => {
    await expect(resolve(`${line}\n`, "a")).rejects.toThrow("is not honoured there");
  },
);

describe("files", () => {
  test("that include one another by patterns are refused, however many they are", async () => {
    const one = someone();
    const all = `Include ${one.home}/all/*\n`;
    for (const name of ["1", "2", "3", "4"]) one.write(`all/${name}`, all);
    await expect(resolve(all, "a")).rejects.toThrow("include one another without end");
  });

  test("of the user are not read where others may write them", async () => {
    const one = someone();
    const path = one.write(".ssh/config", "Host a\n Port 5\n");
    spawnSync("chmod", ["g+w", path]);
    const known = configurationOf(one.settings(), { env: {}, home: one.home, user });
    await expect(known).rejects.toThrow("others may write this file");
  });

  test("named by a setting must be there; `none` reads none", async () => {
    await expect(resolve("", "a", { sshConfig: "/no/such/file" })).rejects.toThrow("/no/such/file");
    expect(await resolve("", "a", { sshConfig: "none" })).toMatchObject({ hostName: "a", port: 22 });
  });
});
